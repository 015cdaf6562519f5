"""An encoder's W x. Its gradient, a product of two long and flat matrices, has its own loop."""

import jax

from toysup.kernels.call import Kernel, chosen, padded
from toysup.kernels.code import Array, Code, Sum

FEW_DIMENSIONS = 10
FEATURES_AT_ONCE = 2  # decides no rounding


@jax.custom_vjp
def product(W, x):
    """W @ x, (d_hidden, batch), for W (d_hidden, n_features) and x (n_features, batch)."""
    return W @ x


def forward(W, x):
    return W @ x, (W, x)


def backward(kept, slope):
    W, x = kept
    return chosen(in_registers, in_memory, len(W) <= FEW_DIMENSIONS, slope, x), W.T @ slope


product.defvjp(forward, backward)


def in_memory(slope, x):
    return slope @ x.T


def in_registers(slope, x):
    shape, batch = (len(slope), len(x)), x.shape[1]
    (found,) = KERNEL(padded(slope), padded(x), results=(shape,), batch=batch)
    return found


def write(code: Code, slope: Array, x: Array, found: Array, batch):
    """slope @ x.T; behind the batch both are 0."""
    coordinates = range(slope.shape[0])

    def rows(features):
        sums = [[Sum(code) for _ in coordinates] for _ in features]

        def add(span):
            slopes = [slope[c, span] for c in coordinates]
            for i, of_feature in zip(features, sums, strict=True):
                column = x[i, span]
                for part, total in zip(slopes, of_feature, strict=True):
                    total.add(part * column)

        code.each_span(batch, add)
        for i, of_feature in zip(features, sums, strict=True):
            for c in coordinates:
                found[c, i] = of_feature[c].total

    code.each(x.shape[0], FEATURES_AT_ONCE, rows)


KERNEL = Kernel("product", write)

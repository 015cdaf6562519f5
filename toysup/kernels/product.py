"""An encoder's W x. Its gradient, a product of two long and flat matrices, has its own loop; for
many features, of which most are 0, both have."""

import jax
import jax.numpy as jnp

from toysup.kernels.sparse_product import pays, sparse_outer_product, sparse_product
from toysup.vectors.call import Kernel, padded
from toysup.vectors.code import Array, Code
from toysup.vectors.running import Sum
from toysup.vectors.usable import chosen

FEW_DIMENSIONS = 10
FEATURES_AT_ONCE = 2  # decides no rounding


@jax.custom_vjp
def product(W, x):
    """W @ x, (d_hidden, batch), for W (d_hidden, n_features) and x (n_features, batch)."""
    sparse = len(W) > FEW_DIMENSIONS and pays(len(x))
    return chosen(sparse_product, jnp.matmul, W, x, where=sparse)


@jax.custom_vjp
def outer_product(slope, x):
    """slope @ x.T, (d_hidden, n_features), for slope (d_hidden, batch) and x as above."""
    few = len(slope) <= FEW_DIMENSIONS
    fast = in_registers if few else sparse_outer_product
    return chosen(fast, in_memory, slope, x, where=few or pays(len(x)))


product.defvjp(
    lambda W, x: (product(W, x), (W, x)),
    lambda kept, slope: (outer_product(slope, kept[1]), kept[0].T @ slope),
)
outer_product.defvjp(
    lambda slope, x: (outer_product(slope, x), (slope, x)),
    lambda kept, by: (by @ kept[1], by.T @ kept[0]),
)


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

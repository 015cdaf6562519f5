"""The squared error of a decoder, with its gradient: the work of an autoencoder.

On a processor what the decoder answers never leaves the registers.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, cast

import jax
import jax.numpy as jnp

from toysup.kernels.affine import affine
from toysup.kernels.sparse_product import pays
from toysup.kernels.sparse_reconstruction import behind_relu
from toysup.vectors.call import Kernel, padded
from toysup.vectors.code import Array, Code
from toysup.vectors.running import Sum
from toysup.vectors.usable import chosen
from toysup.vectors.vector import WIDTH, Span

# With more, a sample's code no longer fits into the registers, and XLA's products do better.
FEW_DIMENSIONS = 6
VECTORS_AT_ONCE = 2  # decides no rounding of the gradient


@partial(jax.custom_vjp, nondiff_argnums=(0,))
def squared_error(rectified, V, b, h, x, importance) -> Any:
    """Sum over features i and samples of importance_i (x_i - y_i)^2, for y_i = v_i . h + b_i, or
    the ReLU of that where it is `rectified`.

    V is (d_hidden, n_features), h (d_hidden, batch), x (n_features, batch), and b and importance
    are (n_features,).
    """
    return value_and_gradient(False, rectified, V, b, h, x, importance)[0]


def forward(rectified, *arguments):
    total, *gradient = value_and_gradient(True, rectified, *arguments)
    return total, (arguments, gradient)


def backward(rectified, kept, slope):
    arguments, gradient = kept
    # XLA leaves out what nobody asks for, as the gradient by the data.
    of_data = jax.grad(partial(textbook, rectified), (3, 4))(*arguments)
    return tuple(slope * part for part in (*gradient, *of_data))


squared_error.defvjp(forward, backward)


def value_and_gradient(gradient: bool, rectified, *arguments):
    """The error, with its gradient by V, b and h if it is asked for."""
    d, n = arguments[0].shape
    few, sparse = d <= FEW_DIMENSIONS, rectified and pays(n)
    fast = partial(in_registers, gradient, rectified) if few else partial(behind_relu, gradient)
    plain = partial(in_memory, gradient, rectified)
    return chosen(fast, plain, *arguments, where=few or sparse)


def textbook(rectified, V, b, h, x, importance):
    y = affine(V, b, h)
    return jnp.sum(importance[:, None] * (x - (jax.nn.relu(y) if rectified else y)) ** 2)


def in_memory(gradient, rectified, *arguments):
    error = partial(textbook, rectified)
    if not gradient:
        return (error(*arguments),)
    total, by = jax.value_and_grad(error, (0, 1, 2))(*arguments)
    return total, *by


def in_registers(gradient, rectified, V, b, h, x, importance):
    (d, batch), (n, _) = h.shape, x.shape
    h, x = padded(h), padded(x)
    total, *by = KERNEL(
        V,
        b,
        h,
        x,
        importance,
        results=((1,),) + (V.shape, b.shape, h.shape) * gradient,
        scratch=((d, n, WIDTH), (n, WIDTH)) * gradient,
        batch=batch,
        rectified=rectified,
    )
    return (total[0], *by[:2], by[2][:, :batch]) if gradient else (total[0],)


def write(code: Code, V, b, h, x, importance, total, *more: Array, batch, rectified):
    """The error and its gradient, with sums for V and for b, a vector each, to work on."""
    # Without the gradient nothing reads them.
    by_V, by_b, by_h, V_sums, b_sums = cast(Sequence[Array], more or [None] * 5)
    d, n = V.shape
    coordinates = range(d)
    lane = Span(code, 0)
    error = Sum(code)

    def differentiate(spans):
        codes = [[h[c, span] for c in coordinates] for span in spans]
        pulls = [[Sum(code) for _ in coordinates] for _ in spans]

        def feature(i):
            v, slopes = [V[c, i] for c in coordinates], []
            for span, parts in zip(spans, codes, strict=True):
                y = b[i]
                for weight, part in zip(v, parts, strict=True):
                    y = y + weight * part
                answer = y.where_positive(y) if rectified else y
                left = span.keep(answer - x[i, span])
                slope = importance[i] * left
                error.add(slope * left)
                slope = slope * 2.0
                slopes.append(y.where_positive(slope) if rectified else slope)
            if not more:
                return
            for slope in slopes:
                b_sums[i, lane] = b_sums[i, lane] + slope
            for c in coordinates:
                for slope, parts, pull in zip(slopes, codes, pulls, strict=True):
                    V_sums[c, i, lane] = V_sums[c, i, lane] + slope * parts[c]
                    pull[c].add(slope * v[c])

        code.loop(0, n, 1, feature)
        if more:
            for span, pull in zip(spans, pulls, strict=True):
                for c in coordinates:
                    by_h[c, span] = pull[c].vector

    def collect(i):
        by_b[i] = b_sums[i, lane].total
        for c in coordinates:
            by_V[c, i] = V_sums[c, i, lane].total

    if more:
        code.clear(V_sums)
        code.clear(b_sums)
    code.each_spans(batch, VECTORS_AT_ONCE, differentiate)
    total[0] = error.total
    if more:
        code.loop(0, n, 1, collect)


KERNEL = Kernel("reconstruction", write)

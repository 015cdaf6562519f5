"""What a step of the fit of a ReLU read-out needs of all samples: its error, with the gradient and
the second derivatives of that, in one go."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from toysup.vectors.call import Kernel, padded
from toysup.vectors.code import Array, Code
from toysup.vectors.running import Sum
from toysup.vectors.usable import chosen

# Of a code and a constant. With more, the sums of their products no longer fit into the registers
# of AVX-512, and XLA's product of matrices does better. With AVX2 they spill sooner, and still pay.
FEW_ROWS = 6


def pairs_of(rows: int) -> tuple[np.ndarray, np.ndarray]:
    """The first and the second of each pair of rows, a row with itself among them."""
    first, second = np.triu_indices(rows)
    return first, second


def fit_sums(V, H, x, gram_of):
    """Sums over samples for each feature i, with l = x_i - relu(v_i . H): of l^2, (n_features,);
    and where v_i . H is above 0, of l H, (n_features, rows), and of H_j H_k for all `pairs_of` the
    rows, (n_features, pairs).

    V is (n_features, rows), H (rows, samples) and x (n_features, samples). `gram_of` is the way
    from where v_i . H is above 0 to the last of them, for more rows than a kernel takes.
    """
    return chosen(in_registers, partial(in_memory, gram_of), V, H, x, where=len(H) <= FEW_ROWS)


def in_memory(gram_of, V, H, x):
    z = V @ H
    active = z > 0
    error = jnp.sum((x - jax.nn.relu(z)) ** 2, axis=1)
    return error, jnp.where(active, x - z, 0.0) @ H.T, gram_of(active)


def in_registers(V, H, x):
    (n, rows), pairs = V.shape, len(pairs_of(len(H))[0])
    return KERNEL(V, padded(H), padded(x), results=((n,), (n, rows), (n, pairs)))


def write(code: Code, V: Array, H: Array, x: Array, error: Array, slope: Array, gram: Array):
    """Behind the samples H and x are 0, and add nothing. Where v_i . H is NaN so is the error, and
    the other sums mean nothing."""
    (n, samples), rows = x.shape, range(H.shape[0])
    pairs = list(zip(*pairs_of(len(rows)), strict=True))

    def feature(i):
        squares, slopes, products = Sum(code), [Sum(code) for _ in rows], [Sum(code) for _ in pairs]

        def add(span):
            parts = [H[k, span] for k in rows]
            z = V[i, 0] * parts[0]
            for k in rows[1:]:
                z = z + V[i, k] * parts[k]
            left = x[i, span] - z.where_positive(z)
            squares.add(left * left)
            active = [z.where_positive(part) for part in parts]
            for part, total in zip(active, slopes, strict=True):
                total.add(left * part)
            for (j, k), total in zip(pairs, products, strict=True):
                total.add(active[j] * parts[k])

        code.each_span(samples, add)
        error[i] = squares.total
        for k, total in enumerate(slopes):
            slope[i, k] = total.total
        for k, total in enumerate(products):
            gram[i, k] = total.total

    code.loop(0, n, 1, feature)


KERNEL = Kernel("readout", write)

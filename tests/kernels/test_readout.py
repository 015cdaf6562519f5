import re

import jax
import numpy as np
import pytest

from toysup.kernels import readout
from toysup.kernels.readout import FEW_ROWS, pairs_of
from toysup.vectors import usable


def fit_sums(V, H, x):
    """The sums of a fit, where the products of all pairs of rows are at hand."""
    first, second = pairs_of(len(H))
    return readout.fit_sums(V, H, x, lambda active: active.astype(float) @ (H[first] * H[second]).T)


def problem(rows, samples, n_features=7):
    """Read-outs, standardised codes with a constant, and features that are mostly absent."""
    rng = np.random.default_rng(0)
    V = rng.normal(size=(n_features, rows))
    H = np.concatenate([rng.normal(size=(rows - 1, samples)), np.ones((1, samples))])
    x = np.where(rng.random((n_features, samples)) < 0.2, rng.random((n_features, samples)), 0)
    return [array.astype(np.float32) for array in (V, H, x)]


def one_by_one(V, H, x):
    """The same sums in float64, sample after sample."""
    pairs = list(zip(*pairs_of(len(H)), strict=True))
    error = np.zeros(len(V))
    slope, gram = np.zeros(V.shape), np.zeros((len(V), len(pairs)))
    for i, v in enumerate(V.astype(np.float64)):
        for h, value in zip(H.T.astype(np.float64), x[i], strict=True):
            z = v @ h
            error[i] += (value - max(z, 0)) ** 2
            if z > 0:
                slope[i] += (value - z) * h
                gram[i] += [h[j] * h[k] for j, k in pairs]
    return error, slope, gram


@pytest.mark.slow
@pytest.mark.parametrize("samples", [64, 100, 3])
@pytest.mark.parametrize("rows", [2, FEW_ROWS, FEW_ROWS + 1])
def test_the_sums_of_a_fit_are_those_of_its_samples(rows, samples):
    V, H, x = problem(rows, samples)
    for found, expected in zip(fit_sums(V, H, x), one_by_one(V, H, x), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.slow
def test_half_of_the_error_has_their_slope_as_its_gradient():
    V, H, x = problem(4, 128)
    _, slope, _ = fit_sums(V, H, x)
    of_error = jax.grad(lambda V: readout.in_memory(lambda _: 0.0, V, H, x)[0].sum())(V)
    np.testing.assert_allclose(slope, -of_error / 2, rtol=1e-4, atol=1e-4)


def test_the_kernel_is_for_few_rows_where_kernels_are_on(monkeypatch):
    def kernels_of(rows):
        text = jax.jit(lambda *problem: fit_sums(*problem)).lower(*problem(rows, 16)).as_text()
        return set(re.findall("toysup_([a-z_]+)_", text))

    assert kernels_of(FEW_ROWS) == {"readout"}
    assert not kernels_of(FEW_ROWS + 1)
    monkeypatch.setattr(usable, "usable", lambda: False)
    assert not kernels_of(FEW_ROWS)

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import minimize

from toysup.batch.programs import quick_jit
from toysup.kernels.readout import FEW_ROWS, pairs_of
from toysup.measure import readout
from toysup.measure.readout import readout_unexplained

there, amplitude = np.random.default_rng(0).random((2, 2, 4, 4096))
X, FRESH = np.where(there < 0.2, amplitude, 0).astype(np.float32)


def unexplained(W):
    return np.asarray(quick_jit(readout_unexplained)(W @ X, X, W @ FRESH, FRESH))


@pytest.mark.slow
def test_orthogonal_features_are_read_back_exactly():
    np.testing.assert_allclose(unexplained(jnp.eye(4)), 0, atol=1e-5)


@pytest.mark.slow
def test_a_feature_that_is_not_in_the_code_is_no_better_than_its_mean():
    W = jnp.eye(4).at[3, 3].set(0.0)
    np.testing.assert_allclose(unexplained(W)[3], 1, atol=0.02)


@pytest.mark.long
def test_it_does_not_change_under_an_invertible_map_of_the_code():
    W = jax.random.normal(jax.random.key(2), (3, 4))
    M = jnp.asarray([[2.0, 1, 0], [0, 0.5, 3], [1, 0, 1]])
    np.testing.assert_allclose(unexplained(W), unexplained(M @ W), atol=0.01)


@pytest.mark.long
@pytest.mark.parametrize("seed", [0, 1])
def test_no_other_fit_of_the_sample_does_better(seed):
    nudge = np.random.default_rng(seed).normal(scale=0.1, size=(2, 4))
    W = np.array([[1, -1, 0, 0], [0, 0, 1, -1]]) + nudge
    h = jnp.asarray(W @ X)
    found = quick_jit(readout_unexplained)(h, X, h, X)
    H = np.vstack([h, np.ones(X.shape[1])])
    for i in range(4):
        error = lambda v, i=i: np.mean((X[i] - np.maximum(v @ H, 0)) ** 2)  # noqa: E731
        starts = np.random.default_rng(3).normal(size=(12, 3))
        best = min(minimize(error, start, method="Nelder-Mead").fun for start in starts)
        assert found[i] <= best / X[i].var() * 1.001 + 1e-5


@pytest.mark.slow
def test_a_feature_that_never_varies_has_no_answer():
    x = X.copy()
    x[0] = 0
    found = np.asarray(quick_jit(readout_unexplained)(x, x, x, x))
    assert np.isnan(found[0])
    assert np.isfinite(found[1:]).all()


@pytest.mark.long
def test_a_readout_in_blocks_of_samples_and_features_is_the_same(monkeypatch):
    rng = np.random.default_rng(0)
    n, d, samples = 7, FEW_ROWS, 512
    x = np.where(rng.random((n, samples)) < 0.2, rng.random((n, samples)), 0).astype(np.float32)
    h = rng.standard_normal((d, n)).astype(np.float32) @ x
    whole = readout.readout_unexplained(h, x, h, x)
    # The products are cut into blocks of 2 samples, the normal equations into those of 2 features.
    monkeypatch.setattr(readout, "READOUT_FLOATS", 2 * (d + 1) ** 2)
    assert readout.readout_blocks(len(pairs_of(d + 1)[0]) * samples, samples) == 256
    np.testing.assert_allclose(readout.readout_unexplained(h, x, h, x), whole, atol=1e-4)

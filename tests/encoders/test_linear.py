import jax
import numpy as np
import pytest

from tests.training import setup, untrained


@pytest.mark.slow
def test_linear_encoder_is_W_times_x():
    made = setup(n_features=7, d_hidden=3)
    model = untrained(made, jax.random.key(0))
    x = jax.random.uniform(jax.random.key(1), (7, 4))
    np.testing.assert_allclose(model.encode(x), np.asarray(model.W) @ np.asarray(x), rtol=1e-5)


@pytest.mark.slow
def test_initial_weights_have_variance_two_over_n_plus_m():
    W = untrained(setup(n_features=300, d_hidden=100), jax.random.key(0)).W
    assert W.shape == (100, 300)
    np.testing.assert_allclose(np.var(W), 2 / 400, rtol=0.05)
    np.testing.assert_allclose(np.mean(W), 0, atol=0.002)

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests.training import encoded, setup, untrained
from toysup.batch.programs import quick_jit


def model(**settings):
    made = setup(encoder="mlp", **settings)
    return untrained(made, jax.random.key(0))


@pytest.mark.slow
def test_mlp_encoder_by_loops():
    made = model(n_features=4, d_hidden=2, width=3)
    rng = np.random.default_rng(0)
    params = {name: rng.normal(size=value.shape) for name, value in made.encoder.items()}
    made = made.replace(encoder={name: jnp.asarray(v) for name, v in params.items()})
    x = rng.uniform(size=(4, 5))
    for s in range(5):
        middle = [
            max(0, sum(params["W1"][k, i] * x[i, s] for i in range(4)) + params["b1"][k])
            for k in range(3)
        ]
        h = [
            sum(params["W2"][d, k] * middle[k] for k in range(3)) + params["b2"][d]
            for d in range(2)
        ]
        np.testing.assert_allclose(encoded(made, x)[:, s], h, rtol=1e-5)


@pytest.mark.slow
def test_no_parameter_is_a_matrix_that_a_tied_decoder_could_take():
    assert set(model().encoder) == {"W1", "b1", "W2", "b2"}


@pytest.mark.long
def test_initial_weights_have_variance_two_over_what_comes_in():
    made = model(n_features=300, d_hidden=100, width=200)
    np.testing.assert_allclose(np.var(made.encoder["W1"]), 2 / 300, rtol=0.05)
    np.testing.assert_allclose(np.var(made.encoder["W2"]), 2 / 200, rtol=0.05)
    x = jax.random.normal(jax.random.key(1), (300, 1000))
    np.testing.assert_allclose(np.mean(encoded(made, x) ** 2), 2, rtol=0.1)  # 1 per ReLU layer, x 2


@pytest.mark.slow
def test_it_can_compute_what_no_matrix_can():
    made = model(n_features=2, d_hidden=1, width=2)
    W1, W2 = jnp.array([[1.0, -1.0], [-1.0, 1.0]]), jnp.ones((1, 2))
    made = made.replace(encoder=made.encoder | {"W1": W1, "W2": W2})
    x = jnp.array([[0.0, 1, 0, 1], [0, 0, 1, 1]])
    np.testing.assert_allclose(encoded(made, x), [[0, 1, 1, 0]])


@pytest.mark.long
def test_dead_units_have_a_finite_gradient():
    made = model(n_features=3, d_hidden=2, width=4)
    dead = made.replace(encoder=made.encoder | {"W1": -jnp.abs(made.encoder["W1"])})
    x = jax.random.uniform(jax.random.key(2), (3, 8))
    slope = quick_jit(jax.grad(lambda one: jnp.sum(one.encode(x) ** 2) + jnp.sum(one.encode(x))))(
        dead
    )
    assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(slope))
    np.testing.assert_array_equal(slope.encoder["W1"], 0)
    np.testing.assert_allclose(slope.encoder["b2"], 8)

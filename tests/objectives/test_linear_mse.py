import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests.training import final_losses, loss_of, setup, trained, untrained
from toysup.metrics.rank import tightness
from toysup.objectives.linear_mse import LinearMSE


def naive_loss(W, V, b, x, decay):
    total = 0.0
    n, batch = x.shape
    for s in range(batch):
        y = V.T @ (W @ x[:, s]) + b
        total += sum(decay**i * (x[i, s] - y[i]) ** 2 for i in range(n))
    return total / (n * batch)


@pytest.mark.slow
@pytest.mark.parametrize("tied", [True, False])
def test_loss_is_the_weighted_squared_error_of_a_linear_read_out(tied):
    rng = np.random.default_rng(0)
    (W, V), b, x = rng.normal(size=(2, 2, 5)), rng.normal(size=5), rng.uniform(size=(5, 6))
    model = untrained(setup("linear_mse"), jax.random.key(0))
    extra = {"b": jnp.asarray(b)} | ({} if tied else {"V": jnp.asarray(V)})
    model = model.replace(encoder={"W": jnp.asarray(W)}, extra=extra)
    loss = loss_of(LinearMSE(importance_decay=0.7, tied=tied), model, None, x)
    np.testing.assert_allclose(loss, naive_loss(W, W if tied else V, b, x, 0.7), rtol=1e-5)


@pytest.mark.long
@pytest.mark.parametrize("tied", [True, pytest.param(False, marks=pytest.mark.long)])
def test_every_start_reaches_the_principal_components_of_correlated_pairs(tied):
    # A pair that comes together has the eigenvalues var + cov, along its sum, and var - cov.
    p, c, n, m = 0.3, 0.8, 6, 3
    made = setup(
        "linear_mse", features="correlated", n_features=n, d_hidden=m, tied=tied,
        feature_probability=p, cooccurrence=c, batch_size=256, steps=1500, learning_rate=0.03,
    )  # fmt: skip
    states = trained(made)
    variance, covariance = p / 3 - p**2 / 4, c * (p - p**2) / 4
    left_over = (n - m) * (variance - covariance) / n
    np.testing.assert_allclose(final_losses(made, states), left_over, rtol=0.02)
    sums = np.kron(np.eye(3), np.ones((2, 2))) / 2  # the projection onto the three sums
    for seed, W in enumerate(np.asarray(states.model.W)):
        V = W if tied else np.asarray(states.model.extra["V"][seed])
        np.testing.assert_allclose(V.T @ W, sums, atol=0.03)


@pytest.mark.long
def test_features_that_are_alike_end_as_a_tight_frame_that_depends_on_the_start():
    p, n, m = 0.1, 6, 2
    made = setup(
        "linear_mse", n_features=n, d_hidden=m, feature_probability=p, batch_size=256,
        steps=1500, learning_rate=0.01,
    )  # fmt: skip
    states = trained(made)
    left_over = (n - m) / n * (p / 3 - p**2 / 4)
    np.testing.assert_allclose(final_losses(made, states), left_over, rtol=0.02)
    Ws = np.asarray(states.model.W, np.float64)
    np.testing.assert_allclose(tightness(Ws), 1, atol=0.005)
    first, second = (W.T @ W for W in Ws[:2])
    assert np.abs(first - second).max() > 0.2


@pytest.mark.long
@pytest.mark.parametrize(
    "unequal",
    [
        pytest.param({"importance_decay": 0.7}, id="importance"),
        pytest.param({"features": "zipf", "exponent": 1.0}, id="variance", marks=pytest.mark.long),
    ],
)
def test_the_first_features_are_kept_orthogonal_where_features_differ_and_the_rest_dropped(unequal):
    made = setup(
        "linear_mse", n_features=6, d_hidden=2, feature_probability=0.3, batch_size=256,
        steps=1500, learning_rate=0.01, **unequal,
    )  # fmt: skip
    for W in np.asarray(trained(made).model.W):
        np.testing.assert_allclose(W.T @ W, np.diag([1, 1, 0, 0, 0, 0]), atol=0.05)

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests.training import loss_of, setup, trained, untrained
from toysup.metrics.interference import squared_interference
from toysup.metrics.represented import represented
from toysup.objectives._reconstruction import importances
from toysup.objectives.mse import MSE


def naive_loss(W, V, b, x, decay, relative=1.0):
    total = 0.0
    n, batch = x.shape
    for s in range(batch):
        y = np.maximum(V.T @ (W @ x[:, s]) + b, 0)
        importance = [decay**i for i in range(n - 1)] + [relative * decay ** (n - 1)]
        total += sum(importance[i] * (x[i, s] - y[i]) ** 2 for i in range(n))
    return total / (n * batch)


@pytest.mark.slow
@pytest.mark.parametrize("tied", [True, False])
def test_loss_is_the_papers_averaged_over_batch_and_features(tied):
    rng = np.random.default_rng(0)
    (W, V), b, x = rng.normal(size=(2, 2, 5)), rng.normal(size=5), rng.uniform(size=(5, 6))
    model = untrained(setup(), jax.random.key(0))
    extra = {"b": jnp.asarray(b)} | ({} if tied else {"V": jnp.asarray(V)})
    model = model.replace(encoder={"W": jnp.asarray(W)}, extra=extra)
    for decay, relative in ((1.0, 1.0), (0.7, 1.0), (0.7, 3.0)):
        objective = MSE(importance_decay=decay, relative_importance=relative, tied=tied)
        expected = naive_loss(W, W if tied else V, b, x, decay, relative)
        np.testing.assert_allclose(loss_of(objective, model, None, x), expected, rtol=1e-5)


@pytest.mark.slow
def test_a_relative_importance_of_1_leaves_every_importance_to_the_bit():
    np.testing.assert_array_equal(importances(20, 0.7, 1.0), 0.7 ** jnp.arange(20))
    np.testing.assert_array_equal(importances(1, 0.7, 5.0), [5.0])


@pytest.mark.slow
def test_a_decoder_of_its_own_starts_as_an_encoder_does_and_has_directions_too():
    made = setup(tied=False, n_features=40, d_hidden=10)
    model = untrained(made, jax.random.key(0))
    codes = made.objective.codes(model)
    assert list(codes) == ["encoder", "decoder"]
    W, V = np.asarray(model.W), np.asarray(codes["decoder"])
    np.testing.assert_allclose([W.std(), V.std()], np.sqrt(2 / 50), rtol=0.1)
    assert abs(np.corrcoef(W.ravel(), V.ravel())[0, 1]) < 0.2
    assert list(setup().objective.codes(model)) == ["encoder"]


@pytest.mark.slow
def test_the_bias_alone_loses_the_variance_of_a_feature():
    p = 0.4
    made = setup(feature_probability=p)
    model = untrained(made, jax.random.key(0))
    model = model.replace(encoder={"W": 0 * model.W}, extra={"b": jnp.full(5, p / 2)})
    x = made.features.sample(jax.random.key(1), 5, 100_000)
    loss = loss_of(MSE(), model, None, x)
    np.testing.assert_allclose(loss, p / 3 - p**2 / 4, rtol=0.01)


@pytest.mark.slow
def test_dense_features_with_decayed_importance_keep_the_first_m_orthogonal():
    made = setup(n_features=10, d_hidden=3, importance_decay=0.7, steps=1500, learning_rate=0.01)
    for W in np.asarray(trained(made).model.W):
        kept = np.flatnonzero(represented(W))
        np.testing.assert_array_equal(kept, [0, 1, 2])
        assert squared_interference(W) < 0.01

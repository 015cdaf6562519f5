import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests.training import final_losses, keys_of, loss_of, measures_of, setup, trained, untrained
from toysup import train
from toysup.measure.directions import least_squares
from toysup.objectives.absolute_value import AbsoluteValue, explained, represented


def model_of(W, V, b):
    made = setup("absolute_value", encoder="relu", n_features=W.shape[1], d_hidden=W.shape[0])
    module = made.encoder.module(W.shape[1], W.shape[0])
    return jax.tree.map(jnp.float32, train.Model(module, {"W": W}, {"V": V, "b": b}))


def signed(n, batch, p, seed=0):
    rng = np.random.default_rng(seed)
    return np.where(rng.random((n, batch)) < p, rng.uniform(-1, 1, (n, batch)), 0)


def pairs(n):
    """W and V of a unit for each side of n features."""
    W = np.concatenate([np.eye(n), -np.eye(n)])
    return W, np.abs(W)


@pytest.mark.slow
def test_the_loss_is_the_weighted_error_of_the_size_of_each_feature():
    rng = np.random.default_rng(1)
    W, V, b, x = (rng.normal(size=s) for s in [(4, 3), (4, 3), 3, (3, 20)])
    total = 0.0
    for sample in x.T:
        h = np.maximum(W @ sample, 0)
        for i in range(3):
            total += 0.8**i * (abs(sample[i]) - max(V[:, i] @ h + b[i], 0)) ** 2
    found = loss_of(AbsoluteValue(importance_decay=0.8), model_of(W, V, b), None, x)
    np.testing.assert_allclose(found, total / 20, rtol=1e-5)


@pytest.mark.slow
def test_a_unit_for_each_side_computes_a_feature_and_for_one_side_half_of_it_at_most():
    W, V = pairs(3)
    x = signed(3, 20_000, 0.6)
    assert loss_of(AbsoluteValue(), model_of(W, V, np.zeros(3)), None, x) < 1e-12
    assert (
        measures_of(AbsoluteValue(), model_of(W, V, np.zeros(3)), None, x)["features_computed"] == 3
    )
    one_sided = model_of(W[1:], V[1:], np.zeros(3))
    assert measures_of(AbsoluteValue(), one_sided, None, x)["features_computed"] == 2


@pytest.mark.slow
def test_a_feature_is_represented_by_a_unit_of_which_it_is_more_than_a_third_or_so():
    W = np.array([[2.0, -0.5, 0.0, 0.61], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, -1.0, 0.2]])
    expected = [
        any(abs(w) > 0.3 * max(abs(row)) for w, row in zip(column, W, strict=True))
        for column in W.T
    ]
    assert represented(W).tolist() == expected == [True, False, True, True]
    W, V = pairs(3)
    found = measures_of(AbsoluteValue(), model_of(W, V, np.zeros(3)), None, signed(3, 100, 0.6))
    assert found["features_represented"] == 3


@pytest.mark.slow
@pytest.mark.parametrize("p", [1.0, 0.5, 0.01])
def test_no_reading_of_one_side_explains_more_than_half(p):
    # What the positive side says exactly, with the best constant for all the rest.
    x = signed(1, 200_000, p, seed=2)
    x = np.concatenate([x, -x], axis=1)
    rest = x <= 0
    y = np.where(rest, np.abs(x)[rest].mean(), x)
    half_at_most = 1 - (p / 6 - p**2 / (16 - 8 * p)) / (p / 3 - p**2 / 4)
    assert half_at_most <= 0.5
    np.testing.assert_allclose(explained(np.abs(x), y)[0], half_at_most, atol=0.005)


@pytest.mark.slow
def test_a_feature_that_never_occurs_is_not_computed():
    x = signed(3, 100, 1.0) * np.array([[1.0], [0.0], [1.0]])
    W, V = pairs(3)
    found = measures_of(AbsoluteValue(), model_of(W, V, np.zeros(3)), None, x)
    assert found["features_computed"] == 2


@pytest.mark.slow
def test_least_squares_directions_of_signed_features_are_half_of_W():
    W, x = np.random.default_rng(3).normal(size=(4, 3)), signed(3, 400_000, 0.5)
    h = np.maximum(W @ x, 0)
    found, _ = least_squares(np.cov(np.concatenate([x, h]), bias=True), 3)
    np.testing.assert_allclose(found, W / 2, atol=0.02)


@pytest.mark.slow
def test_it_starts_reading_every_feature_on_both_of_its_sides():
    made = setup("absolute_value", encoder="relu", n_features=6, d_hidden=20)
    model = untrained(made, jax.random.key(0))
    np.testing.assert_array_equal(model.extra["V"], np.abs(model.W))
    for x in (np.eye(6), -np.eye(6)):
        assert (np.diag(made.objective.output(model, x)) > 0).all()


def test_it_needs_the_relu_of_the_code():
    assert AbsoluteValue.incompatibility({"encoder": "relu"}) is None
    assert "use [encoder.relu]" in AbsoluteValue.incompatibility({"encoder": "linear"})


@pytest.mark.long
def test_dense_features_get_a_pair_of_units_each_and_are_computed_exactly():
    made = setup(
        "absolute_value", encoder="relu", n_features=2, d_hidden=4, amplitude="signed",
        feature_probability=0.5, steps=800, batch_size=128, learning_rate=0.02,
    )  # fmt: skip
    states = trained(made, seeds=4)
    losses = final_losses(made, states, batches=20)
    best = int(losses.argmin())
    assert losses[best] < 1e-5
    W = np.asarray(states.model.encoder["W"][best])
    units = W / np.abs(W).max(axis=1, keepdims=True)
    order = np.lexsort(units.round(1).T)
    np.testing.assert_allclose(units[order], [[0, -1], [-1, 0], [1, 0], [0, 1]], atol=0.05)
    x = made.features.sample(keys_of(1)[0], 2, 4000)
    model = jax.tree.map(lambda leaf: leaf[best], states.model)
    assert measures_of(made.objective, model, None, x)["features_computed"] == 2

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests.training import loss_of, measures_of, setup, untrained
from toysup.batch.programs import quick_jit
from toysup.geometry import polygon
from toysup.objectives.attacked_mse import AttackedMSE, worst
from toysup.objectives.mse import MSE

KEY = jax.random.key(4)


def model_of(W, b=0.0):
    made = setup("attacked_mse", n_features=W.shape[1], d_hidden=W.shape[0])
    extra = {"b": jnp.broadcast_to(jnp.float32(b), W.shape[1:])}
    return untrained(made, KEY).replace(encoder={"W": jnp.asarray(W)}, extra=extra)


def measured(W, x, b=0.0, size=0.1):
    found = measures_of(AttackedMSE(attack_size=size), model_of(W, b), KEY, jnp.asarray(x))
    return {name: float(value) for name, value in found.items()}


def one_hot(n, batch=64, seed=0):
    """Samples with one feature each, of a size well above an attack of a tenth."""
    rng = np.random.default_rng(seed)
    return np.eye(n)[:, rng.integers(n, size=batch)] * rng.uniform(0.5, 1, batch)


def naive_worst(W, b, x, radius, restarts=20, steps=300):
    """Projected gradient ascent of one sample in numpy, from random starts, in small steps."""
    rng = np.random.default_rng(1)
    best = 0.0
    for _ in range(restarts):
        d = rng.normal(size=len(x))
        for _ in range(steps):
            d *= radius / np.linalg.norm(d)
            y = W.T @ (W @ (x + d)) + b
            best = max(best, np.sum((np.maximum(y, 0) - x) ** 2))
            d = d + 0.1 * W.T @ (W @ (2 * (np.maximum(y, 0) - x) * (y > 0)))
    return best


@pytest.mark.slow
def test_it_trains_as_mse_does():
    model, x = model_of(polygon(5), -0.1), jnp.asarray(one_hot(5))
    assert loss_of(AttackedMSE(), model, KEY, x) == loss_of(MSE(), model, KEY, x)


@pytest.mark.some(1)
@pytest.mark.slow
@pytest.mark.parametrize("kept", [5, 2])
@pytest.mark.parametrize("size", [0.02, 0.1])
def test_with_a_dimension_for_each_feature_or_for_some_the_answer_moves_with_the_sample(kept, size):
    found = measured(np.eye(5)[:kept], one_hot(5), size=size)
    np.testing.assert_allclose(found["vulnerability"], 1, rtol=1e-3)
    np.testing.assert_allclose(found["vulnerability_per_feature"], 1, rtol=1e-3)


@pytest.mark.long
def test_an_antipodal_pair_answers_with_its_other_end_too():
    # d = (r, -r) / sqrt 2 moves h by sqrt(2) r, and the ReLU lets one end through.
    found = measured(np.array([[1.0, -1.0]]), one_hot(2))
    np.testing.assert_allclose(found["vulnerability"], np.sqrt(2), rtol=1e-3)
    np.testing.assert_allclose(found["vulnerability_per_feature"], np.sqrt(2) / 2, rtol=1e-3)


@pytest.mark.long
def test_the_best_attack_on_one_output_is_the_interference_of_its_feature():
    W = np.asarray(polygon(5)) * np.array([1.0, 0.8, 1.1, 1.0, 0.9])
    M = W.T @ W
    output = lambda z: (jnp.asarray(M) @ z)[2] ** 2  # noqa: E731
    most = worst(output, jnp.zeros((5, 3)), jnp.asarray(np.eye(5)), 0.1)
    a = np.linalg.norm(W, axis=0)
    D = a**2 / np.sum((W.T @ (W / a)) ** 2, axis=0)
    np.testing.assert_allclose(most, 0.01 * a[2] ** 4 / D[2], rtol=1e-4)


@pytest.mark.long
def test_without_a_relu_a_tight_frame_is_as_vulnerable_as_it_has_features_per_dimension():
    M = jnp.asarray(polygon(5).T @ polygon(5))
    x = jnp.asarray(one_hot(5))
    moved = lambda z: jnp.sum((M @ (z - x)) ** 2, axis=0)  # noqa: E731
    most = worst(moved, x, M.T, 0.1)
    np.testing.assert_allclose(np.sqrt(most) / 0.1, 5 / 2, rtol=1e-4)


@pytest.mark.long
@pytest.mark.parametrize("b", [pytest.param(0.0, marks=pytest.mark.long), -0.2])
def test_the_worst_is_no_less_than_a_naive_ascent_finds_and_about_as_much(b):
    rng = np.random.default_rng(3)
    W, x, radius = rng.normal(size=(3, 8)) / 1.6, one_hot(8, 12), 0.1
    model, wanted = model_of(W, b), jnp.asarray(x)

    def error(z):
        y = jax.nn.relu(MSE().decode(model, model.encode(z)))
        return jnp.sum((wanted - y) ** 2, axis=0)

    most = np.asarray(quick_jit(lambda: worst(error, wanted, model.W.T @ model.W, radius))())
    naive = [naive_worst(W, b, column, radius) for column in x.T]
    added, naive_added = most - np.asarray(error(wanted)), naive - np.asarray(error(wanted))
    assert (most >= 0.99 * np.array(naive)).all()
    np.testing.assert_allclose(added.mean(), naive_added.mean(), rtol=0.02)


@pytest.mark.slow
def test_it_depends_on_no_unit():
    W, x = polygon(5), one_hot(5)
    once, thrice = measured(W, x, -0.1), measured(W, 3 * x, -0.3)
    np.testing.assert_allclose(once["vulnerability"], thrice["vulnerability"], rtol=1e-4)


@pytest.mark.slow
def test_a_model_of_zeros_cannot_be_attacked():
    assert measured(np.zeros((2, 5)), one_hot(5))["vulnerability"] == 0


def naive_shared_attack(W, b, x, radius):
    """The paper's attack in numpy, feature by feature and sample by sample."""

    def loss(z):
        errors = [
            sum((x[i, s] - max(0, W[:, i] @ (W @ z[:, s]) + b)) ** 2 for i in range(len(x)))
            for s in range(x.shape[1])
        ]
        return sum(errors) / len(errors)

    M, found = W.T @ W, []
    for row in M:
        attack = radius * row / np.sqrt(sum(row**2))
        found.append(loss(x + attack[:, None]) - loss(x))
    return max(found)


@pytest.mark.slow
@pytest.mark.parametrize("b", [0.0, -0.2])
def test_the_attack_ratio_is_that_of_a_naive_search_over_the_attacks_on_each_feature(b):
    W, x = np.random.default_rng(3).normal(size=(3, 8)) / 1.6, one_hot(8, 12)
    radius = 0.1 * np.linalg.norm(x, axis=0).mean()
    expected = naive_shared_attack(W, b, x, radius) / radius**2
    np.testing.assert_allclose(measured(W, x, b)["attack_ratio"], expected, rtol=2e-3)


@pytest.mark.slow
@pytest.mark.parametrize("kept", [5, 2])
def test_the_attack_ratio_is_one_where_each_feature_that_is_kept_has_a_dimension(kept):
    found = measured(np.eye(5)[:kept], one_hot(5))
    np.testing.assert_allclose(found["attack_ratio"], 1, rtol=2e-3)
    assert found["features_per_dimension"] == pytest.approx(1)

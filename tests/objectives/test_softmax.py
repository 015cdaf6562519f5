import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests.training import final_losses, loss_of, measures_of, setup, trained, untrained
from toysup.batch.programs import quick_jit
from toysup.metrics.represented import represented
from toysup.objectives.softmax import Softmax


def model_of(W, V, b):
    made = setup("softmax", n_features=W.shape[1], d_hidden=W.shape[0])
    model = untrained(made, jax.random.key(0))
    extra = {"V": jnp.asarray(V), "b": jnp.asarray(b)}
    return model.replace(encoder={"W": jnp.asarray(W)}, extra=extra)


def naive(W, V, b, x):
    """The loss and the accuracy over the samples that are not empty."""
    losses, right = [], []
    for sample in x.T:
        if sample.max() > 0:
            logits = V.T @ (W @ sample) + b
            i = list(sample).index(max(sample))
            losses.append(-np.log(np.exp(logits[i]) / np.exp(logits).sum()))
            right.append(logits.argmax() == i)
    return np.mean(losses), np.mean(right)


def random_case(seed=0):
    rng = np.random.default_rng(seed)
    (W, V), b, x = rng.normal(size=(2, 2, 5)), rng.normal(size=5), rng.uniform(size=(5, 40))
    x = np.where(rng.random(x.shape) < 0.3, x, 0)
    assert (x == 0).all(axis=0).any()
    return W, V, b, x


@pytest.mark.long
def test_loss_and_accuracy_are_those_of_the_dominant_feature_where_there_is_one():
    W, V, b, x = random_case()
    loss, accuracy = naive(W, V, b, x)
    model, x = model_of(W, V, b), jnp.asarray(x)
    np.testing.assert_allclose(loss_of(Softmax(), model, None, x), loss, rtol=1e-5)
    measured = measures_of(Softmax(), model, None, x)
    np.testing.assert_allclose(measured["accuracy"], accuracy, rtol=1e-6)
    assert set(measured) == {m.name for m in Softmax.measures}


@pytest.mark.slow
def test_empty_samples_weigh_nothing():
    W, V, b, x = random_case(1)
    model = model_of(W, V, b)
    more = np.concatenate([x, np.zeros((5, 10))], axis=1)
    losses = [loss_of(Softmax(), model, None, jnp.asarray(some)) for some in (x, more)]
    np.testing.assert_allclose(*losses, rtol=1e-6)
    assert loss_of(Softmax(), model, None, jnp.zeros((5, 10))) == 0


@pytest.mark.slow
def test_a_code_that_says_nothing_costs_ln_n_and_guesses_one_in_n():
    W, V, _, _ = random_case()
    x = jnp.asarray(np.random.default_rng(2).uniform(size=(5, 4000)))
    for model in (model_of(0 * W, V, np.zeros(5)), model_of(W, 0 * V, np.zeros(5))):
        np.testing.assert_allclose(loss_of(Softmax(), model, None, x), np.log(5), rtol=1e-6)
        accuracy = measures_of(Softmax(), model, None, x)["accuracy"]
        np.testing.assert_allclose(accuracy, 1 / 5, atol=4 * np.sqrt(0.16 / 4000))


@pytest.mark.slow
def test_a_large_enough_code_names_every_class():
    x = jnp.asarray(np.random.default_rng(3).uniform(size=(4, 500)))
    model = model_of(1e4 * np.eye(4), np.eye(4), np.zeros(4))
    assert measures_of(Softmax(), model, None, x)["accuracy"] == 1
    assert loss_of(Softmax(), model, None, x) < 0.05


def cosines(A, B):
    unit = lambda M: M / np.linalg.norm(M, axis=0)  # noqa: E731
    return unit(A).T @ unit(B)


@pytest.mark.long
def test_with_a_penalty_on_both_sides_three_classes_in_the_plane_collapse_to_a_simplex():
    model = untrained(setup("softmax", n_features=3), jax.random.key(0))
    x = jnp.eye(3)

    def penalised(parts):
        trained = model.replace(encoder={"W": parts["W"]}, extra=model.extra | {"V": parts["V"]})
        return Softmax().loss(trained, None, x) + 1e-3 * jnp.sum(parts["W"] ** 2 + parts["V"] ** 2)

    @quick_jit
    def descended(parts):
        slide = lambda _, p: jax.tree.map(lambda a, g: a - g, p, jax.grad(penalised)(p))  # noqa: E731
        return jax.lax.fori_loop(0, 5000, slide, parts)

    ends = descended({"W": model.W, "V": model.extra["V"]})
    W, V = np.asarray(ends["W"]), np.asarray(ends["V"])
    simplex = np.array([[1, -0.5, -0.5], [-0.5, 1, -0.5], [-0.5, -0.5, 1]])
    for pair in ((W, W), (V, V), (W, V)):
        np.testing.assert_allclose(cosines(*pair), simplex, atol=1e-3)


@pytest.mark.long
def test_six_classes_one_at_a_time_are_all_told_apart_in_the_plane():
    made = setup(
        "softmax", n_features=6, feature_probability=1e-6, empty_samples="fill", amplitude="one",
        batch_size=64, steps=1500, learning_rate=0.03,
    )  # fmt: skip
    states = trained(made)
    assert final_losses(made, states, batches=50).max() < 0.01
    for V in np.asarray(states.model.extra["V"]):
        assert represented(V).all()
        angles = np.sort(np.degrees(np.arctan2(V[1], V[0])))
        gaps = np.diff(np.append(angles, angles[0] + 360))
        assert gaps.min() > 40  # 60 where they are even

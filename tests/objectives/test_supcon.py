import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests.training import final_losses, loss_of, setup, trained, untrained
from toysup.batch.programs import quick_jit
from toysup.geometry import polygon, simplex
from toysup.objectives.supcon import SupCon, supervised_contrast

KEY = jax.random.key(0)


def model_of(W):
    made = setup("supcon", n_features=W.shape[1], d_hidden=W.shape[0])
    return untrained(made, KEY).replace(encoder={"W": jnp.asarray(W)})


def naive_loss(W, x, temperature):
    kept = [sample for sample in x.T if sample.max() > 0]
    z = [W @ sample / np.linalg.norm(W @ sample) for sample in kept]
    label = [list(sample).index(max(sample)) for sample in kept]
    anchors = []
    for i in range(len(z)):
        others = [j for j in range(len(z)) if j != i]
        total = sum(np.exp(z[i] @ z[j] / temperature) for j in others)
        shares = [np.exp(z[i] @ z[p] / temperature) / total for p in others if label[p] == label[i]]
        if shares:
            anchors.append(-np.mean(np.log(shares)))
    return np.mean(anchors)


def sparse_samples(rng, n, batch, p=0.3):
    return np.where(rng.random((n, batch)) < p, rng.random((n, batch)), 0)


@pytest.mark.long
@pytest.mark.parametrize("temperature", [0.01, 0.1, 0.5])
def test_loss_is_the_share_of_a_positive_meaned_over_positives_then_anchors(temperature):
    rng = np.random.default_rng(0)
    W, x = rng.normal(size=(2, 5)), sparse_samples(rng, 5, 14)
    labels = x.argmax(axis=0)[x.any(axis=0)]
    assert len(labels) < 14, "no sample is empty"
    assert 1 in np.bincount(labels), "no anchor is without a positive"
    loss = loss_of(SupCon(temperature=temperature), model_of(W), KEY, jnp.asarray(x))
    np.testing.assert_allclose(loss, naive_loss(W, x, temperature), rtol=1e-5)


@pytest.mark.long
def test_without_a_pair_of_one_class_there_is_nothing_to_learn():
    W, every_class_once = np.random.default_rng(1).normal(size=(2, 5)), jnp.eye(5)
    value = quick_jit(jax.value_and_grad(lambda m: SupCon().loss(m, KEY, every_class_once)))
    loss, gradient = value(model_of(W))
    assert loss == 0
    np.testing.assert_array_equal(gradient.W, 0)


@pytest.mark.long
def test_the_scale_of_W_is_free_and_of_each_feature_where_they_come_one_at_a_time():
    rng = np.random.default_rng(2)
    W = rng.normal(size=(2, 5))
    many = jnp.asarray(sparse_samples(rng, 5, 40))
    alone = jnp.eye(5)[:, rng.integers(0, 5, 40)] * rng.uniform(0.1, 1, 40)
    any_model = model_of(W)
    loss = quick_jit(lambda W, x: SupCon().loss(any_model.replace(encoder={"W": W}), KEY, x))
    stretched = W * rng.uniform(0.5, 2, 5)
    np.testing.assert_allclose(loss(3 * W, many), loss(W, many), rtol=1e-5)
    np.testing.assert_allclose(loss(stretched, alone), loss(W, alone), rtol=1e-5)
    assert abs(loss(stretched, many) - loss(W, many)) > 0.01


@pytest.mark.long
@pytest.mark.parametrize("temperature", [0.05, 0.5])
def test_classes_at_points_alike_apart_cost_what_k_samples_a_class_say(temperature):
    n, k, cosine = 4, 40, -1 / 3
    label = jnp.repeat(jnp.arange(n), k)
    z = jnp.asarray(simplex(3), jnp.float32)[:, label]
    loss = supervised_contrast(z, 1 / temperature, label, jnp.ones(n * k, bool), n)
    others = (n - 1) * k * np.exp((cosine - 1) / temperature)
    np.testing.assert_allclose(loss, np.log(k - 1 + others), rtol=1e-5)
    # Only at a low temperature do the other classes cost nothing beside its own.
    assert (abs(loss - np.log(k)) < 0.03) == (temperature == 0.05)


@pytest.mark.long
def test_three_classes_in_the_plane_end_at_the_simplex():
    made = setup(
        "supcon", n_features=3, d_hidden=2, feature_probability=1e-6, empty_samples="fill",
        batch_size=64, steps=500, learning_rate=0.01,
    )  # fmt: skip
    states = trained(made)
    simplex = polygon(3)
    for W in np.asarray(states.model.W):
        U = W / np.linalg.norm(W, axis=0)
        np.testing.assert_allclose(U.T @ U, simplex.T @ simplex, atol=0.03)
    there = states.replace(
        model=states.model.replace(encoder={"W": jnp.tile(jnp.float32(simplex), (4, 1, 1))})
    )
    losses = [final_losses(made, some, batches=50) for some in (states, there)]
    np.testing.assert_allclose(*losses, rtol=1e-3)

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests.training import loss_of, setup, trained, untrained
from toysup.metrics.coherence import mean_cosine
from toysup.metrics.interference import minimisation_index
from toysup.objectives.align_uniform import (
    LARGEST_SHARPNESS,
    AlignUniform,
    alignment,
    uniformity,
)

KEY = jax.random.key(0)


def model_with(W):
    model = untrained(setup("align_uniform", "identity"), KEY)
    return model.replace(encoder={"W": jnp.asarray(W)})


def naive_uniformity(z, t):
    total, pairs = 0.0, 0
    for i in range(z.shape[1]):
        for j in range(i):
            total += np.exp(-t * np.sum((z[:, i] - z[:, j]) ** 2))
            pairs += 1
    return np.log(total / pairs)


@pytest.mark.slow
@pytest.mark.parametrize(("alpha", "t", "weight"), [(2.0, 2.0, 1.0), (1.0, 3.0, 0.5)])
def test_loss_is_alignment_and_the_mean_uniformity_of_the_views(alpha, t, weight):
    rng = np.random.default_rng(0)
    W, x, y = rng.normal(size=(2, 5)), rng.uniform(size=(5, 7)), rng.uniform(size=(5, 7))
    a, b = (W @ view / np.linalg.norm(W @ view, axis=0) for view in (x, y))
    expected = np.mean([np.linalg.norm(a[:, i] - b[:, i]) ** alpha for i in range(7)])
    expected += weight * (naive_uniformity(a, t) + naive_uniformity(b, t)) / 2
    objective = AlignUniform(alpha, t, weight)
    np.testing.assert_allclose(loss_of(objective, model_with(W), KEY, (x, y)), expected, rtol=1e-5)


@pytest.mark.long
def test_views_that_meet_have_no_alignment_loss_and_a_finite_slope_at_any_exponent():
    z = jnp.eye(2, 3)
    for exponent in (0.5, 1.0, 2.0):
        np.testing.assert_allclose(alignment(z, z, exponent), 0, atol=2e-3)
        assert np.isfinite(jax.grad(alignment)(z, z, exponent)).all()


@pytest.mark.long
def test_uniformity_is_0_at_one_place_and_least_at_opposite_poles():
    z = jnp.array([[1.0, 1.0], [0.0, 0.0]])
    np.testing.assert_allclose(uniformity(z, 2.0), 0, atol=1e-6)
    poles = z.at[0, 1].set(-1.0)
    for t in (2.0, LARGEST_SHARPNESS):
        np.testing.assert_allclose(uniformity(poles, t), -4 * t, rtol=1e-5)
        assert np.isfinite(jax.grad(uniformity)(poles, t)).all()


@pytest.mark.slow
def test_points_uniform_on_the_circle_have_the_uniformity_of_its_integral():
    angle = 2 * np.pi * (np.arange(2000) + 0.5) / 2000
    z = jnp.asarray(np.stack([np.cos(angle), np.sin(angle)]), jnp.float32)
    expected = np.log(np.mean(np.exp(-2 * (2 - 2 * np.cos(angle)))))
    np.testing.assert_allclose(uniformity(z, 2.0), expected, atol=2e-3)


@pytest.mark.slow
def test_the_scale_of_W_does_not_matter():
    rng = np.random.default_rng(1)
    W, x = rng.normal(size=(2, 5)), rng.uniform(size=(5, 7))
    losses = [loss_of(AlignUniform(), model_with(k * W), KEY, (x, x[:, ::-1])) for k in (1, 7)]
    np.testing.assert_allclose(*losses, rtol=1e-5)


def masked(p, weight):
    made = setup(
        "align_uniform", "mask", feature_probability=p, empty_samples="fill", batch_size=128,
        steps=600, learning_rate=0.01, uniformity_weight=weight,
    )  # fmt: skip
    return jax.tree.map(jnp.float32, made)  # so that both runs are one program


@pytest.mark.long
def test_one_hot_features_spread_to_the_pentagon_from_some_starts():
    # The other starts end at an arrangement with an index of 0.81.
    index = minimisation_index(np.asarray(trained(masked(0.01, 1.0)).model.W, np.float64))
    assert (index > 0.99).sum() >= 2
    assert index.min() > 0.7


@pytest.mark.long
def test_without_uniformity_features_that_occur_together_collapse():
    W = np.asarray(trained(masked(0.5, 0.0)).model.W, np.float64)
    assert (mean_cosine(W) > 0.95).all()

"""Exact losses are those of samples, their least is met by training, and the gap says so."""

import jax
import numpy as np
import pytest
from scipy.optimize import check_grad
from scipy.special import logsumexp

from tests.training import setup, trained
from toysup.features.independent import Independent
from toysup.objectives.infonce import InfoNCE
from toysup.objectives.mse import MSE
from toysup.objectives.spectral_contrastive import SpectralContrastive
from toysup.theory.contrastive import infonce_loss_and_gradient
from toysup.theory.pairs import view_pairs
from toysup.theory.population import OneFeaturePopulation
from toysup.views.identity import Identity
from toysup.views.mask import Mask
from toysup.views.noise import Noise

pytestmark = pytest.mark.slow

P, KEEP = np.array([0.4, 0.4, 0.4]), np.array([0.7, 0.7, 0.35])
FEATURES = Independent(feature_probability=0.4)
MASK = Mask(keep_probability=0.7, relative_keep_probability=0.5)


def sampled(features, views, count):
    keys = jax.random.split(jax.random.key(3))
    return [np.asarray(view, np.float64) for view in views.pair(*keys, features, 3, count)]


def sampled_infonce(W, a, b, temperature, cosine):
    """The loss over ln(batch) of a very large batch, by its definition."""
    a, b = W @ a, W @ b
    if cosine:
        a, b = (h / np.maximum(np.linalg.norm(h, axis=0), 1e-6) for h in (a, b))
    s = a.T @ b / temperature
    return np.mean(np.log(np.mean(np.exp(s), axis=1))) - np.mean(np.diagonal(s))


@pytest.mark.long
@pytest.mark.parametrize("fill", [pytest.param(False, marks=pytest.mark.long), True])
def test_pairs_of_views_have_the_moments_of_samples(fill):
    pairs = view_pairs(P, KEEP, fill)
    features = Independent(feature_probability=0.4, empty_samples="fill" if fill else "keep")
    a, b = sampled(features, MASK, 400_000)
    assert pairs.joint.sum() == pytest.approx(1)
    np.testing.assert_allclose(pairs.joint, pairs.joint.T)
    np.testing.assert_allclose(pairs.x @ pairs.weight, a.mean(axis=1), atol=2e-3)
    cross = pairs.x @ pairs.joint @ pairs.x.T
    np.testing.assert_allclose(cross, a @ b.T / a.shape[1], atol=2e-3)


@pytest.mark.parametrize("cosine", [True, False])
def test_a_cold_loss_neither_overflows_in_single_precision_nor_differs(cosine):
    pairs = view_pairs(P, KEEP, points=2)
    W = np.random.default_rng(1).normal(size=(4, 2, 3))
    for temperature in (1 / 80, 1 / 59, 1.0):
        single = infonce_loss_and_gradient(
            W.astype(np.float32), pairs.rounded(), temperature, cosine
        )
        a, b = np.nonzero(pairs.joint)
        for place, code in enumerate(W):
            z = code @ pairs.x
            if cosine:
                z = z / np.maximum(np.linalg.norm(z, axis=0), 1e-6)
            s = z.T @ z / temperature
            naive = logsumexp(s, axis=1, b=pairs.weight) @ pairs.weight
            naive -= pairs.joint[a, b] @ s[a, b]
            assert single[0][place] == pytest.approx(naive, rel=2e-5, abs=2e-5)
        assert np.isfinite(single[1]).all()


@pytest.mark.long
@pytest.mark.parametrize("cosine", [True, False])
def test_the_exact_loss_of_infonce_is_that_of_a_large_batch(cosine):
    W = np.random.default_rng(0).normal(size=(2, 3))
    a, b = sampled(FEATURES, MASK, 2500)
    exact, _ = infonce_loss_and_gradient(W, view_pairs(P, KEEP), 0.5, cosine)
    assert exact == pytest.approx(sampled_infonce(W, a, b, 0.5, cosine), abs=0.02)


@pytest.mark.parametrize("cosine", [True, False])
def test_its_gradient_is_that_of_differences(cosine):
    pairs, W = view_pairs(P, KEEP, points=2), np.random.default_rng(1).normal(size=6)
    loss, by_W = (
        lambda w, part=part: np.ravel(
            infonce_loss_and_gradient(w.reshape(2, 3), pairs, 0.5, cosine)[part]
        )
        for part in (0, 1)
    )
    assert check_grad(lambda w: loss(w)[0], by_W, W) < 1e-6


@pytest.mark.parametrize("cosine", [True, False])
def test_matrices_side_by_side_have_the_losses_and_gradients_of_each_alone(cosine):
    pairs, W = view_pairs(P, KEEP, points=2), np.random.default_rng(3).normal(size=(4, 2, 3))
    together = infonce_loss_and_gradient(W, pairs, 0.5, cosine)
    alone = [infonce_loss_and_gradient(one, pairs, 0.5, cosine) for one in W]
    for found, of_each in zip(together, zip(*alone, strict=True), strict=True):
        np.testing.assert_allclose(found, of_each, rtol=1e-12)
    rounded = infonce_loss_and_gradient(W.astype(np.float32), pairs.rounded(), 0.5, cosine)
    for found, exact in zip(rounded, together, strict=True):
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, exact, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("n", [3, 4, 5])
def test_more_amplitudes_change_a_loss_by_little(n):
    W = np.random.default_rng(2).normal(size=(2, n))
    p, keep = np.full(n, 0.3), np.full(n, 0.5)
    pairs = view_pairs(p, keep)
    finer = view_pairs(p, keep, points=round(len(pairs.weight) ** (1 / n)))
    losses = [infonce_loss_and_gradient(W, of, 0.5, True)[0] for of in (pairs, finer)]
    assert losses[0] == pytest.approx(losses[1], rel=0.05)


def test_equal_views_of_filled_samples_go_over_into_the_limit_of_one_feature():
    features = Independent(feature_probability=1e-6, empty_samples="fill")
    exact = InfoNCE(temperature=0.5).population(features, Identity(), 5, 2)
    limit = OneFeaturePopulation(5, 2, 0.5)
    assert exact.least().loss == pytest.approx(limit.least().loss, abs=1e-4)


@pytest.mark.some(1)
@pytest.mark.slow
@pytest.mark.parametrize(
    ("objective", "view", "fall"),
    [
        pytest.param("infonce", "mask", 0.01, marks=pytest.mark.long),
        pytest.param("spectral_contrastive", "mask", 0.01, marks=pytest.mark.long),
        ("mse", None, 0.01),
    ],
)
def test_training_comes_within_a_hundredth_of_the_least_loss(objective, view, fall):
    settings = {"keep_probability": 0.7} if view else {}
    made = setup(
        objective, view, n_features=4, d_hidden=2, feature_probability=0.3, batch_size=512,
        steps=2000, learning_rate=0.01, schedule="cooldown", **settings,
    )  # fmt: skip
    population = made.objective.population(made.features, made.views, 4, 2)
    states = trained(made, seeds=4)
    b = states.model.extra.get("b", [None] * 4)
    losses = [population.loss(np.float64(W), b_) for W, b_ in zip(states.model.W, b, strict=True)]
    nothing = population.loss(np.zeros((2, 4)), np.full(4, 0.15))
    least = population.least().loss
    assert min(losses) - least < fall * (nothing - least)
    assert min(losses) >= least - 1e-6


@pytest.mark.parametrize("objective", [InfoNCE(), SpectralContrastive(overlap_weight=2.0)])
def test_the_least_loss_is_that_of_its_matrix(objective):
    population = objective.population(FEATURES, MASK, 3, 2)
    least = population.least()
    assert population.loss(least.W) == pytest.approx(least.loss, abs=1e-9)


@pytest.mark.parametrize(
    ("objective", "features", "views", "n"),
    [
        (InfoNCE(learn_temperature=True), FEATURES, MASK, 3),
        (InfoNCE(), FEATURES, Noise(), 3),
        (InfoNCE(), FEATURES, MASK, 7),
        (InfoNCE(), Independent(feature_probability=0.1, empty_samples="fill"), Identity(), 20),
        (SpectralContrastive(), Independent(amplitude="signed"), MASK, 3),
        (MSE(), Independent(feature_probability=0.1, empty_samples="fill"), None, 3),
        (MSE(tied=False), FEATURES, None, 3),
    ],
)
def test_what_theory_does_not_know_has_no_population(objective, features, views, n):
    assert objective.population(features, views, n, 2) is None

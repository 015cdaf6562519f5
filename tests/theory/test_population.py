"""Exact losses are those of samples, their least is met by training, and the gap says so."""

import jax
import numpy as np
import pytest
from scipy.special import logsumexp

from tests.training import setup, trained
from toysup.features.independent import Independent
from toysup.objectives.infonce import InfoNCE
from toysup.objectives.mse import MSE
from toysup.objectives.spectral_contrastive import SpectralContrastive
from toysup.theory.contrastive import infonce_loss
from toysup.theory.infonce_population import InfoNCEPopulation, OneFeaturePopulation
from toysup.theory.minima import feature_distribution, settle
from toysup.theory.mse_population import MSEPopulation
from toysup.theory.pairs import POINTS, view_pairs
from toysup.theory.population import least_losses
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


def infonce(cosine, temperature=0.5):
    return InfoNCEPopulation(tuple(P), tuple(KEEP), False, 2, temperature, cosine)


@pytest.mark.parametrize("cosine", [True, False])
def test_a_cold_loss_neither_overflows_in_single_precision_nor_differs(cosine):
    pairs, W = view_pairs(P, KEEP, points=2), np.random.default_rng(1).normal(size=(4, 2, 3))
    x, joint = (np.asarray(of, float) for of in pairs)
    weight, (a, b) = joint.sum(axis=1), np.nonzero(joint)
    for temperature in (1 / 100, 1 / 80, 1 / 59, 1.0):
        for code in W:
            z = code @ x
            if cosine:
                z = z / np.maximum(np.linalg.norm(z, axis=0), 1e-6)
            s = z.T @ z / temperature
            naive = logsumexp(s, axis=1, b=weight) @ weight - joint[a, b] @ s[a, b]
            single = infonce_loss(np.float32(code), pairs, temperature, cosine)
            assert single.dtype == np.float32
            assert float(single) == pytest.approx(naive, rel=2e-5, abs=2e-5)
            slope = jax.grad(infonce_loss)(np.float32(code), pairs, temperature, cosine)
            assert np.isfinite(slope).all()


@pytest.mark.long
@pytest.mark.parametrize("cosine", [True, False])
def test_the_exact_loss_of_infonce_is_that_of_a_large_batch(cosine):
    W = np.random.default_rng(0).normal(size=(2, 3))
    a, b = sampled(FEATURES, MASK, 2500)
    assert infonce(cosine).loss(W) == pytest.approx(sampled_infonce(W, a, b, 0.5, cosine), abs=0.02)


@pytest.mark.parametrize("n", [3, 4, 5])
def test_more_amplitudes_change_a_loss_by_little(n):
    W = np.random.default_rng(2).normal(size=(2, n))
    p, keep = np.full(n, 0.3), np.full(n, 0.5)
    usual, finer = (
        float(infonce_loss(W, view_pairs(p, keep, points=points), 0.5, True))
        for points in (POINTS[n], POINTS[n] + 1)
    )
    assert usual == pytest.approx(finer, rel=0.05)


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
    losses = population.loss(
        np.float64(states.model.W), np.asarray(states.model.extra.get("b", np.zeros((4, 4))))
    )
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


def test_populations_side_by_side_have_the_least_losses_of_each_alone():
    several = tuple(infonce(True, temperature) for temperature in (0.2, 0.5, 2.0))
    together, alone = least_losses(several), [population.least() for population in several]
    assert [least.loss for least in together] == [least.loss for least in alone]


@pytest.mark.parametrize("cosine", [True, False])
def test_no_bit_of_a_loss_depends_on_how_many_models_it_is_taken_with(cosine):
    W = np.random.default_rng(5).normal(size=(20, 2, 3))
    of_all = infonce(cosine).loss(W)
    np.testing.assert_array_equal(infonce(cosine).loss(W[:2]), of_all[:2])


def test_a_cold_search_finds_a_finite_loss_below_that_of_a_code_without_interference():
    population = InfoNCEPopulation((0.3, 0.3), (0.8, 0.8), False, 2, 1 / 100, True)
    assert population.least().loss < population.loss(np.eye(2))


def test_the_least_loss_of_mse_is_no_higher_than_that_of_descents_of_scipy():
    population = MSEPopulation((0.3, 0.1, 0.02), (1.0, 0.7, 0.4), 2)
    features, importance = feature_distribution(np.array(population.p)), np.array([1.0, 0.7, 0.4])
    rng = np.random.default_rng(0)
    ends = [
        settle(rng.standard_normal((2, 3)), np.zeros(3), features, importance) for _ in range(20)
    ]
    assert population.least().loss == pytest.approx(min(end.loss for end in ends), rel=1e-5)


def test_rare_features_have_a_least_loss_of_mse_as_frequent_ones_do():
    rare, frequent = (MSEPopulation((p,) * 3, (1.0,) * 3, 1) for p in (1e-3, 1e-2))
    falls = [1 - of.least().loss / (of.p[0] / 3) for of in (rare, frequent)]
    assert falls[0] == pytest.approx(falls[1], abs=0.02)

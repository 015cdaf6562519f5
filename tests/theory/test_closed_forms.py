"""Trained models against closed forms: the oracles of the MSE autoencoder, InfoNCE and spectral."""

import numpy as np
import pytest
from scipy.linalg import sqrtm
from scipy.optimize import minimize
from scipy.stats import kurtosis

from tests.training import final_losses, lowest, setup, trained
from toysup import theory
from toysup.features.independent import Independent
from toysup.metrics.dimensionality import dimensionality
from toysup.metrics.gaussianity import hidden_excess_kurtosis
from toysup.metrics.interference import minimisation_index
from toysup.metrics.represented import represented


@pytest.mark.parametrize("p", [1.0, 0.5, 0.02])
def test_excess_kurtosis_from_moments_is_that_of_a_large_sample(p):
    rng = np.random.default_rng(0)
    x = np.where(rng.random(10**6) < p, rng.random(10**6), 0)
    moments = [p / k for k in (2, 3, 4, 5)]
    np.testing.assert_allclose(theory.excess_kurtosis(*moments), kurtosis(x), rtol=0.02)


STATES = {
    "ignore the first": ([[0, 1, 0], [0, 0, 1]], 0),
    "ignore the last": ([[1, 0, 0], [0, 1, 0]], 2),
    "superpose the last two": ([[1, 0, 0], [0, 1, -1]], None),
    "superpose the first two": ([[1, -1, 0], [0, 0, 1]], None),
}


@pytest.mark.slow
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("density", [0.1, 0.5])
def test_the_closed_form_of_a_phase_is_the_loss_of_its_weights(state, density):
    W, ignored = np.array(STATES[state][0]), STATES[state][1]
    r = 0.6
    x = np.random.default_rng(1).random((3, 10**6))
    x = np.where(x < density, x / density, 0)
    b = np.where(np.arange(3) == ignored, density / 2, 0)
    error = (x - np.maximum(W.T @ (W @ x) + b[:, None], 0)) ** 2
    total = np.array([1, 1, r]) @ error.mean(axis=1)
    np.testing.assert_allclose(total, theory.mse_phase_losses(density, r, 3)[state], rtol=0.01)


def trained_pair(density, importance):
    """Lowest loss on a large sample, summed over features, of two features in one dimension."""
    made = setup(
        n_features=2, d_hidden=1, feature_probability=density, importance_decay=importance,
        steps=2000, learning_rate=0.01,
    )  # fmt: skip
    states = trained(made, seeds=8)
    x = np.random.default_rng(2).random((2, 4 * 10**6), np.float32)
    x = np.where(x < density, x / density, 0)
    losses = []
    for W, b in zip(np.asarray(states.model.W), np.asarray(states.model.extra["b"]), strict=True):
        error = (x - np.maximum(W.T @ (W @ x) + b[:, None], 0)) ** 2
        losses.append(np.array([1, importance]) @ error.mean(axis=1))
    best = np.argmin(losses)
    return losses[best], np.asarray(states.model.W)[best]


@pytest.mark.long
@pytest.mark.parametrize(
    ("density", "importance"),
    [
        (0.9, 0.3),
        *(pytest.param(*case, marks=pytest.mark.long) for case in ((0.6, 0.5), (0.4, 0.3))),
    ],
)
def test_dense_or_unimportant_features_are_ignored_at_the_closed_forms_loss(density, importance):
    losses = theory.mse_phase_losses(density, importance)
    assert min(losses, key=losses.get) == "ignore the last"
    loss, W = trained_pair(density, importance)
    np.testing.assert_allclose(loss, losses["ignore the last"], rtol=0.02)
    assert represented(W).tolist() == [True, False]


@pytest.mark.long
@pytest.mark.parametrize(("density", "importance"), [(0.1, 0.9), (0.03, 0.9), (0.03, 0.4)])
def test_sparse_features_are_superposed_at_the_closed_forms_loss(density, importance):
    losses = theory.mse_phase_losses(density, importance)
    assert min(losses, key=losses.get) == "superpose the last two"
    loss, W = trained_pair(density, importance)
    np.testing.assert_allclose(loss, losses["superpose the last two"], rtol=0.04)
    assert represented(W).all()
    assert W[0, 0] * W[0, 1] < 0


@pytest.mark.slow
def test_one_hot_features_in_the_plane_form_the_pentagon():
    made = setup(feature_probability=0.01, empty_samples="fill", steps=2000, learning_rate=0.01)
    W = lowest(made, trained(made, seeds=6))
    np.testing.assert_allclose(dimensionality(W), 2 / 5, atol=0.01)
    assert minimisation_index(W) > 0.99


@pytest.mark.long
def test_infonce_with_one_hot_features_reaches_the_pentagon_from_some_starts():
    # The other starts end at arrangements of nearly the same loss, with an index of 0.74 to 0.82.
    made = setup(
        "infonce", "identity", feature_probability=0.01, empty_samples="fill", batch_size=128,
        steps=1500, learning_rate=0.01,
    )  # fmt: skip
    index = minimisation_index(np.asarray(trained(made, seeds=6).model.W, np.float64))
    assert (index > 0.99).sum() >= 2
    assert index.min() > 0.7


@pytest.mark.long
def test_infonce_cannot_beat_ln_batch_when_dense_positives_share_only_presence():
    made = setup("infonce", "resample", batch_size=64, steps=800, learning_rate=0.01)
    np.testing.assert_allclose(final_losses(made, trained(made)), np.log(64), atol=0.01)


@pytest.mark.long
def test_infonce_tells_every_pair_apart_at_a_low_temperature_when_views_are_equal():
    made = setup(
        "infonce", "identity", n_features=6, d_hidden=6, temperature=0.02, batch_size=32,
        steps=500, learning_rate=0.01,
    )  # fmt: skip
    assert final_losses(made, trained(made)).max() < 0.35


@pytest.mark.long
def test_hidden_kurtosis_is_that_of_the_trained_code():
    features = Independent(feature_probability=0.2)
    made = setup(n_features=8, d_hidden=3, feature_probability=0.2, steps=500, learning_rate=0.01)
    state = trained(made, seeds=1)
    W = np.asarray(state.model.W[0], np.float64)
    x = np.random.default_rng(5).random((8, 10**6))
    h = W @ np.where(x < 0.2, x / 0.2, 0)
    exact = hidden_excess_kurtosis(W, features.excess_kurtosis())
    np.testing.assert_allclose(exact, kurtosis(h, axis=1), rtol=0.05, atol=0.05)


@pytest.mark.long
def test_dimensions_of_trained_features_add_up_to_no_more_than_the_rank():
    made = setup(n_features=12, d_hidden=4, feature_probability=0.1, steps=500, learning_rate=0.01)
    for W in np.asarray(trained(made).model.W, np.float64):
        assert dimensionality(W).sum() <= 4 + 1e-6


def spectral_loss(W, S, C):
    """-2 E[f(x) . f(x+)] + E[(f(x) . f(x'))^2] of f(x) = W x, from the moments."""
    overlap = W @ S @ W.T
    return np.sum(overlap * overlap) - 2 * np.trace(W @ C @ W.T)


def random_moments(rng, n):
    """An S that is positive, and a symmetric C that has negative directions."""
    root, other = rng.normal(size=(2, n, n))
    return root @ root.T + 0.3 * np.eye(n), other + other.T


@pytest.mark.slow
def test_the_least_spectral_loss_is_what_descent_finds():
    S, C = random_moments(np.random.default_rng(6), 5)
    found = min(
        minimize(lambda w: spectral_loss(w.reshape(3, 5), S, C), start, tol=1e-9).fun
        for start in np.random.default_rng(7).normal(size=(4, 15))
    )
    np.testing.assert_allclose(theory.spectral_contrastive_least_loss(S, C, 3), found, rtol=1e-5)


@pytest.mark.parametrize("m", [1, 2, 4])
def test_a_code_of_the_optimal_gram_has_the_least_spectral_loss(m):
    S, C = random_moments(np.random.default_rng(8), 5)
    values, vectors = np.linalg.eigh(theory.spectral_contrastive_gram(S, C, m))
    W = np.sqrt(np.maximum(values[-m:], 0))[:, None] * vectors[:, -m:].T
    least = theory.spectral_contrastive_least_loss(S, C, m)
    np.testing.assert_allclose(spectral_loss(W, S, C), least, rtol=1e-9)


def test_features_that_never_vary_are_left_out_of_the_spectral_optimum():
    S, C = np.diag([1.0, 2.0, 0.0]), np.diag([1.0, 1.0, 0.0])
    gram = theory.spectral_contrastive_gram(S, C, 3)
    np.testing.assert_allclose(gram, np.diag([1, 1 / 4, 0]), atol=1e-12)


def view_moments(view, p, amount):
    """S and C of views of independent features, of amplitude U[0, 1), present with chances p."""
    mean, square = p / 2, p / 3
    both = np.outer(mean, mean) + np.diag(square - mean**2)
    if view == "noise":
        return both + amount**2 * np.eye(len(p)), both
    masked = amount**2 * both
    return masked + np.diag((amount - amount**2) * square), masked


SPECTRAL = {  # the views' setting, and whether all eigenvalues but the first are equal
    "mask": ({"keep_probability": 0.6}, "independent", True),
    "noise": ({"noise_scale": 0.2}, "zipf", False),
}


@pytest.mark.long
@pytest.mark.parametrize("view", ["mask", "noise"])
def test_a_trained_spectral_contrastive_code_meets_its_closed_form(view):
    settings, features, degenerate = SPECTRAL[view]
    made = setup(
        "spectral_contrastive", view, features, n_features=8, d_hidden=3, batch_size=1024,
        feature_probability=0.5, steps=1500, learning_rate=0.01, **settings,
    )  # fmt: skip
    p = 0.5 / np.arange(1, 9) if features == "zipf" else np.full(8, 0.5)
    S, C = view_moments(view, p, *settings.values())
    least = theory.spectral_contrastive_least_loss(S, C, 3)
    A = theory.spectral_contrastive_optimum(S, C, 3)
    root = sqrtm(S).real
    states = trained(made, seeds=3)
    for W in np.asarray(states.model.W, np.float64):
        assert least <= spectral_loss(W, S, C) < 0.999 * least
        found = root @ W.T @ W @ root
        # Of equal eigenvalues any may be taken, so only the first direction and the sizes are set.
        top = np.linalg.eigh(A)[1][:, -1]
        np.testing.assert_allclose(found @ top, A @ top, atol=0.01)
        np.testing.assert_allclose(np.linalg.eigvalsh(found), np.linalg.eigvalsh(A), atol=0.01)
        if not degenerate:
            np.testing.assert_allclose(found, A, atol=0.02)
    np.testing.assert_allclose(final_losses(made, states), least, rtol=0.02)


def polygon_loss_by_sampling(q, b, k, n, left_out):
    """n times the loss of a k-gon of squared norm q and bias b, from a grid of amplitudes."""
    a = (np.arange(20000) + 0.5) / 20000
    angles = 2 * np.pi * np.arange(k) / k
    W = np.zeros((2, n))
    W[:, :k] = np.sqrt(q) * np.array([np.cos(angles), np.sin(angles)])
    bias = np.r_[np.full(k, b), left_out]
    total = 0
    for i in range(n):
        x = np.zeros((n, len(a)))
        x[i] = a
        y = np.maximum(0, W.T @ (W @ x) + bias[:, None])
        total += ((x - y) ** 2).mean(axis=1).sum()
    return total / n


def test_polygon_losses_are_the_published_ones():
    found = {k: 6 * v for k, v in theory.polygon_losses(6).items()}
    assert found["6"] == pytest.approx(0.04819, abs=1e-5)
    assert found["5+1"] == pytest.approx(0.06180, abs=1e-5)
    assert found["5-1"] == pytest.approx(0.06874, abs=1e-5)
    assert min(found, key=found.get) == "6"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "k", "left_out"), [("6", 6, []), ("5+1", 5, [1 / 12]), ("5-1", 5, [0.0])]
)
def test_polygon_losses_are_the_least_over_norm_and_bias(name, k, left_out):
    loss = lambda z: polygon_loss_by_sampling(*z, k, 6, left_out)  # noqa: E731
    best = minimize(loss, [1.3, -0.3], method="Nelder-Mead", options={"xatol": 1e-4})
    assert 6 * theory.polygon_losses(6)[name] == pytest.approx(best.fun, rel=1e-4)


def test_squares_and_fewer_cost_only_the_features_that_they_leave_out():
    found = theory.polygon_losses(6)
    assert 36 * found["4-2"] == pytest.approx(2 / 3)
    assert 36 * found["4+2"] == pytest.approx(2 * (1 / 3 - 1 / 24))
    assert loss_of_square() == pytest.approx(6 * found["4+1-1"], rel=1e-6)


def loss_of_square():
    return polygon_loss_by_sampling(1.0, 0.0, 4, 6, [1 / 12, 0.0])

"""The best code of cosine InfoNCE with one active feature: its limits, and trained models."""

import numpy as np
import pytest
from scipy.optimize import check_grad

from tests.training import lowest, setup, trained
from toysup.errors import ToysupError
from toysup.geometry import polygon, random_directions
from toysup.geometry.search import Descent
from toysup.metrics.interference import positive_interference, squared_interference
from toysup.theory import infonce_best_code, one_feature_loss
from toysup.theory.one_feature import OneFeatureEnergy

pytestmark = pytest.mark.slow


def largest_cosine(U):
    return (U.T @ U)[~np.eye(U.shape[1], dtype=bool)].max()


def test_the_loss_is_that_of_a_large_batch_by_loops():
    U, t = random_directions(np.random.default_rng(0), 1, 3, 4)[0], 0.3
    rows = [np.mean([np.exp(U[:, i] @ U[:, j] / t) for j in range(4)]) for i in range(4)]
    assert one_feature_loss(U, t) == pytest.approx(np.mean(np.log(rows)) - 1 / t)


@pytest.mark.parametrize("temperature", [1e-3, 0.1, 10.0])
def test_the_slopes_of_the_energy_are_those_of_differences(temperature):
    descent = Descent(OneFeatureEnergy(temperature), 7, 3)
    X = np.random.default_rng(0).standard_normal(21)
    error = check_grad(lambda x: descent.objective(x)[0], lambda x: descent.objective(x)[1], X)
    assert error < 1e-5


@pytest.mark.parametrize("temperature", [0.02, 0.5, 10.0])
def test_codes_are_in_the_same_order_by_energy_as_by_loss(temperature):
    codes = random_directions(np.random.default_rng(1), 10, 3, 6)
    energies = [OneFeatureEnergy(temperature).energy(U) for U in codes]
    losses = one_feature_loss(codes, temperature)
    assert np.argsort(energies).tolist() == np.argsort(losses).tolist()


@pytest.mark.parametrize("temperature", [1e-3, 0.1, 0.5, 10.0])
def test_five_in_the_plane_are_the_pentagon_at_every_temperature(temperature):
    code = infonce_best_code(5, 2, temperature)
    pentagon = np.sort((polygon(5).T @ polygon(5)).ravel())
    np.testing.assert_allclose(np.sort((code.U.T @ code.U).ravel()), pentagon, atol=1e-4)


# The largest cosine of the best spherical codes: Musin and Tarasov 2015 for 14 points on the sphere
# (55.67 degrees apart), Schuette and van der Waerden 1951 for 7 (77.87 degrees), and the 24-cell.
@pytest.mark.long
@pytest.mark.parametrize(
    ("n", "m", "cosine"),
    [
        (14, 3, 0.56395),
        (7, 3, 0.21014),
        pytest.param(24, 4, 0.5, marks=pytest.mark.long),
        (8, 4, 0.0),
    ],
)
def test_at_a_low_temperature_the_best_code_is_that_of_tammes(n, m, cosine):
    assert largest_cosine(infonce_best_code(n, m, 1e-3).U) == pytest.approx(cosine, abs=3e-3)


@pytest.mark.parametrize(("n", "m"), [(6, 3), (7, 3), pytest.param(20, 5, marks=pytest.mark.long)])
def test_at_a_high_temperature_the_best_code_is_a_tight_frame_without_a_mean(n, m):
    U = infonce_best_code(n, m, 20.0).U
    np.testing.assert_allclose(U @ U.T, n / m * np.eye(m), atol=1e-2)
    np.testing.assert_allclose(U.mean(axis=1), 0, atol=1e-3)


def test_no_random_code_is_better():
    codes = random_directions(np.random.default_rng(2), 1000, 3, 7)
    assert one_feature_loss(codes, 0.2).min() > infonce_best_code(7, 3, 0.2).loss


@pytest.mark.parametrize("size", [(1, 2, 0.5), (5, 0, 0.5), (5000, 2, 0.5), (5, 2, 0.0)])
def test_sizes_and_temperatures_without_a_best_code_are_refused(size):
    with pytest.raises(ToysupError, match="What works: "):
        infonce_best_code(*size)


# (0.1 at 20 in 5: codes with T from 0.004 to 0.017 are within 2e-5 of the least loss.)
@pytest.mark.long
@pytest.mark.parametrize(
    ("n", "m", "temperature", "apart"),
    [
        (5, 2, 0.5, 1e-3),
        pytest.param(6, 3, 0.5, 1e-3, marks=pytest.mark.long),
        pytest.param(20, 5, 0.5, 3e-3, marks=pytest.mark.long),
    ],
)
def test_trained_infonce_meets_it_where_samples_have_one_feature(n, m, temperature, apart):
    made = setup(
        "infonce", "identity", n_features=n, d_hidden=m, temperature=temperature,
        feature_probability=1e-4, empty_samples="fill", batch_size=256, steps=1500,
        learning_rate=0.01, schedule="cooldown",
    )  # fmt: skip
    W = lowest(made, trained(made, seeds=6))
    code = infonce_best_code(n, m, temperature)
    U = W / np.linalg.norm(W, axis=0)
    assert one_feature_loss(U, temperature) == pytest.approx(code.loss, rel=1e-3)
    for metric in (squared_interference, positive_interference):
        assert metric(U) == pytest.approx(metric(code.U), abs=apart)

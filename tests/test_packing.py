import json

import numpy as np
import pytest
from scipy.optimize import check_grad

from toysup.geometry import PACKING, packing_optimum, polygon, random_directions
from toysup.metrics.interference import positive_interference
from toysup.packing import Search, descend, energy, normalised, table

SIZES = [(r, m) for m in range(1, 11) for r in range(2, 65)]


def test_the_gradient_is_that_of_the_energy():
    rng = np.random.default_rng(0)
    error = check_grad(
        lambda x: energy(x, 3, 7)[0], lambda x: energy(x, 3, 7)[1], rng.standard_normal(21)
    )
    assert error < 1e-5


def test_the_energy_is_positive_interference():
    U = random_directions(np.random.default_rng(1), 1, 3, 9)[0]
    value = normalised(energy(U.ravel(), 3, 9)[0], 9, 3)
    assert value == pytest.approx(positive_interference(U))


def test_five_in_the_plane_are_the_regular_pentagon():
    assert packing_optimum(5, 2) == pytest.approx(2 * np.cos(2 * np.pi / 5) ** 2, abs=1e-9)
    U = descend(np.random.default_rng(0).standard_normal((2, 5)))[1]
    gram, pentagon = np.sort((U.T @ U).ravel()), polygon(5).T @ polygon(5)
    np.testing.assert_allclose(gram, np.sort(pentagon.ravel()), atol=1e-5)


def test_six_in_the_plane_are_no_better_than_a_hexagon():
    assert packing_optimum(6, 2) == pytest.approx(positive_interference(polygon(6)), abs=1e-9)


def test_ten_in_the_plane_are_the_pentagon_twice():
    twice = np.concatenate([polygon(5), polygon(5)], axis=1)
    assert packing_optimum(10, 2) == pytest.approx(positive_interference(twice), abs=1e-8)


def test_a_regular_polygon_is_not_always_the_best():
    assert packing_optimum(7, 2) < positive_interference(polygon(7)) - 1e-4


@pytest.mark.parametrize(("r", "m"), [(7, 2), (12, 3), (9, 4), (20, 5), (13, 6), (17, 8)])
def test_random_starts_never_beat_the_table(r, m):
    starts = random_directions(np.random.default_rng([7, r, m]), 30, m, r)
    found = normalised(min(descend(start)[0] for start in starts), r, m)
    assert found > packing_optimum(r, m) - 1e-6
    assert found == pytest.approx(packing_optimum(r, m), abs=1e-6)


def test_one_direction_more_never_helps():
    # Leaving out one of r + 1 vectors, on average, keeps the mean over pairs.
    for r, m in SIZES:
        if r < 64:
            assert packing_optimum(r, m) <= packing_optimum(r + 1, m) + 1e-8


def test_one_dimension_more_never_hurts():
    for r, m in SIZES:
        if m < 10:
            assert packing_optimum(r, m + 1) / (m + 1) <= packing_optimum(r, m) / m + 1e-9


def test_antipodal_tight_frames_are_never_better():
    for r, m in SIZES:
        if r % 2 == 0 and r >= 2 * m:
            assert packing_optimum(r, m) <= (r - 2 * m) / (r - 1) + 1e-9


def test_two_optima_in_orthogonal_subspaces_are_never_better():
    def least(r, m):
        return packing_optimum(r, m) * r * (r - 1) / (2 * m) if r > 1 else 0

    for r, m in SIZES:
        for k in range(1, m):
            for s in range(1, r):
                assert least(r, m) <= least(s, k) + least(r - s, m - k) + 1e-6


def test_a_small_table_is_made_again_as_it_is_stored():
    made = table(largest_m=3, largest_r=9)["optima"]
    for m, row in made.items():
        for r, value in row.items():
            assert value == pytest.approx(packing_optimum(r, m), abs=1e-6)


def test_the_search_is_deterministic():
    first, second = Search(8), Search(8)
    first.solve(2)
    second.solve(2)
    assert first.best[8, 2][0] == second.best[8, 2][0]


def test_what_is_unsure_is_in_the_table():
    stored = json.loads(PACKING.read_text())
    for m, rows in stored["unsure"].items():
        assert set(rows.split()) <= set(stored["optima"][m])

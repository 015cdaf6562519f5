import time

import numpy as np
import pytest
from scipy.optimize import check_grad

from tests.geometry.codes import e8, icosahedron
from toysup.geometry import polygon, random_directions, told_apart_cosine
from toysup.geometry.potentials import EXPONENTIAL, POSITIVE, off_diagonal
from toysup.geometry.search import BUDGET, FEASIBLE, Descent, antipodal, arcs, best_code, starts

BOTH = pytest.mark.parametrize("potential", [POSITIVE, EXPONENTIAL], ids=lambda p: p.name)


def by_loops(potential, X, top, stiffness):
    """The sum of the potential over pairs, with the penalty, as the formulas read."""
    total, r = 0.0, X.shape[1]
    for i in range(r):
        for j in range(r):
            if i != j:
                c = X[:, i] @ X[:, j] / np.linalg.norm(X[:, i]) / np.linalg.norm(X[:, j])
                total += float(potential.value(c))
                total += stiffness * max(0.0, c - top) ** 2 if potential.told_apart else 0
    return total


@BOTH
def test_the_objective_by_loops(potential):
    # Twelve in the plane are closer than they may be somewhere.
    X = np.random.default_rng(0).standard_normal((2, 12))
    descent = Descent(potential, 12, 2)
    assert not potential.told_apart or not descent.is_told_apart(X / np.linalg.norm(X, axis=0))
    expected = by_loops(potential, X, told_apart_cosine(12, 2), descent.stiffness)
    assert descent.objective(X.ravel())[0] == pytest.approx(expected, rel=1e-10)


@BOTH
def test_the_gradient_is_that_of_the_objective(potential):
    descent = Descent(potential, 12, 2)
    X = np.random.default_rng(0).standard_normal(24)
    error = check_grad(lambda x: descent.objective(x)[0], lambda x: descent.objective(x)[1], X)
    assert error < 1e-5 * np.linalg.norm(descent.objective(X)[1])


@BOTH
def test_five_in_the_plane_are_the_regular_pentagon(potential):
    U = best_code(potential, 5, 2)
    gram, pentagon = np.sort((U.T @ U).ravel()), polygon(5).T @ polygon(5)
    np.testing.assert_allclose(gram, np.sort(pentagon.ravel()), atol=1e-5)


def test_the_icosahedron_is_found():
    energy = EXPONENTIAL.energy(best_code(EXPONENTIAL, 12, 3))
    assert energy == pytest.approx(EXPONENTIAL.energy(icosahedron()), rel=1e-9)


def test_a_code_near_the_roots_of_e8_descends_to_them():
    U = e8() + 0.01 * np.random.default_rng(0).standard_normal((8, 240))
    found = EXPONENTIAL.energy(Descent(EXPONENTIAL, 240, 8).descend(U, 200))
    assert found == pytest.approx(EXPONENTIAL.energy(e8()), rel=1e-9)


@pytest.mark.long
@pytest.mark.some(2)
@pytest.mark.parametrize(("r", "m"), [(10, 2), (20, 3), (30, 4), (64, 5)])
def test_what_is_found_is_told_apart(r, m):
    U = best_code(POSITIVE, r, m)
    np.testing.assert_allclose(np.linalg.norm(U, axis=0), 1)
    assert off_diagonal(U).max() <= told_apart_cosine(r, m) + FEASIBLE


def test_directions_that_are_one_are_told_apart():
    twice = np.concatenate([polygon(5), polygon(5)], axis=1)
    U = Descent(POSITIVE, 10, 2).tell_apart(twice, 1000)
    assert off_diagonal(U).max() <= told_apart_cosine(10, 2) + FEASIBLE
    # A pair at the sharing cosine is worse than the same direction twice, and not by much.
    assert POSITIVE.energy(twice) < POSITIVE.energy(U) < POSITIVE.energy(polygon(10))


def test_arcs_are_told_apart_as_closely_as_they_may_be():
    U = arcs(64, 5)
    assert U.shape == (2, 64)
    assert off_diagonal(U).max() == pytest.approx(told_apart_cosine(64, 2), abs=1e-12)


def test_antipodal_starts_are_pairs_with_one_left_out_where_r_is_odd():
    half = random_directions(np.random.default_rng(0), 1, 3, 4)[0]
    for r in (7, 8):
        U = antipodal(half, r)
        assert U.shape == (3, r)
        assert (U.T @ U < -1 + 1e-9).sum() == 2 * (r - 4)


@pytest.mark.slow
def test_the_same_search_finds_the_same_code():
    np.testing.assert_array_equal(best_code(POSITIVE, 11, 3), best_code(POSITIVE, 11, 3))


def test_starts_have_the_shape_of_the_code():
    for r, m in ((5, 2), (9, 4), (6, 5), (7, 5)):
        assert all(U.shape == (m, r) for U in starts(np.random.default_rng(0), r, m))


@pytest.mark.slow
@BOTH
def test_a_search_ends_soon_after_its_budget(potential):
    began = time.monotonic()
    best_code(potential, 300, 20, budget=0.2)
    assert time.monotonic() - began < 3
    assert BUDGET == 60


def test_too_many_directions_are_not_searched_for():
    assert best_code(POSITIVE, 10_000, 100) is None

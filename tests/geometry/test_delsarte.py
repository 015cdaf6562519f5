import numpy as np
import pytest
from scipy.special import eval_gegenbauer

from tests.geometry.codes import e8, icosahedron
from toysup.geometry import antipodal_pairs, polygon, random_directions, simplex, told_apart_cosine
from toysup.geometry.delsarte import DEGREE, excess, gegenbauer, lower_bound
from toysup.geometry.potentials import EXPONENTIAL, POSITIVE, off_diagonal
from toysup.geometry.search import best_code

ROUNDING = 1e-12  # of the two sides of a bound that is met
BOTH = pytest.mark.parametrize("potential", [POSITIVE, EXPONENTIAL], ids=lambda p: p.name)


@pytest.mark.parametrize("m", [3, 4, 9])
def test_the_polynomials_are_gegenbauers(m):
    t = np.linspace(-1, 1, 21)
    for k in range(6):
        expected = eval_gegenbauer(k, m / 2 - 1, t) / eval_gegenbauer(k, m / 2 - 1, 1.0)
        np.testing.assert_allclose(gegenbauer(t, m, 8)[:, k], expected, atol=1e-12)


def test_in_the_plane_they_are_cosines_of_multiples():
    a = np.linspace(0, np.pi, 30)
    np.testing.assert_allclose(
        gegenbauer(np.cos(a), 2, 7), np.cos(np.outer(a, range(8))), atol=1e-9
    )


@pytest.mark.parametrize("m", [2, 3, 8, 30])
def test_their_sums_over_a_code_are_never_negative(m):
    U = random_directions(np.random.default_rng(m), 1, m, 40)[0]
    assert (gegenbauer(U.T @ U, m, DEGREE).sum(axis=(0, 1)) > -1e-8).all()


@pytest.mark.slow
def test_the_excess_of_a_polynomial_is_never_less_than_on_a_finer_grid():
    rng = np.random.default_rng(0)
    for potential, top in ((POSITIVE, 0.95), (EXPONENTIAL, 1.0)):
        for m in (2, 5, 20):
            h = rng.uniform(0, 1, DEGREE + 1) * (np.arange(DEGREE + 1) < 12)
            t = np.cos(np.linspace(np.arccos(top), np.pi, 177_777))
            above = (gegenbauer(t, m, 12) @ h[:13] - potential.value(t)).max()
            found = excess(h, potential, m, top)[0]
            assert above <= found < above + 1e-4 * max(1, abs(above))


@pytest.mark.slow
@pytest.mark.parametrize("U", [icosahedron(), e8()], ids=["icosahedron", "E8"])
def test_the_exponential_bound_is_met_by_universally_optimal_codes(U):
    m, r = U.shape
    low, energy = lower_bound(EXPONENTIAL, r, m), EXPONENTIAL.energy(U)
    assert energy * (1 - 1e-5) < low <= energy * (1 + ROUNDING)


@pytest.mark.slow
@pytest.mark.parametrize("U", [simplex(4), antipodal_pairs(4), polygon(7)], ids=[5, 8, 7])
def test_the_exponential_bound_is_met_by_the_closed_forms(U):
    m, r = U.shape
    low, energy = lower_bound(EXPONENTIAL, r, m), EXPONENTIAL.energy(U)
    assert energy * (1 - 1e-4) - 1e-6 < low <= energy * (1 + ROUNDING)


@pytest.mark.slow
def test_the_pentagon_is_proven():
    low, P = lower_bound(POSITIVE, 5, 2), POSITIVE.energy(polygon(5))
    assert P - 1e-6 < low <= P


@pytest.mark.long
@pytest.mark.parametrize(("r", "m", "low"), [(100, 20, 0.323), (400, 30, 0.524), (1000, 64, 0.456)])
def test_the_bound_is_at_least_that_of_low_degrees_without_telling_apart(r, m, low):
    assert low - 0.005 < lower_bound(POSITIVE, r, m) < low + 0.05
    assert lower_bound(POSITIVE, r, m) > low


@pytest.mark.some(2)
@pytest.mark.slow
@BOTH
@pytest.mark.parametrize(("r", "m"), [(7, 2), (9, 3), (20, 5), (30, 4), (40, 12)])
def test_no_code_is_under_the_bound(potential, r, m):
    low = lower_bound(potential, r, m)
    assert low <= potential.energy(best_code(potential, r, m))
    for U in random_directions(np.random.default_rng([r, m]), 300, m, r):
        if not potential.told_apart or off_diagonal(U).max() <= told_apart_cosine(r, m):
            assert low <= potential.energy(U)

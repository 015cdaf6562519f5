import numpy as np
import pytest

from tests.geometry.codes import d_roots, e8
from toysup.geometry import (
    Optimum,
    antipodal_pairs,
    equal_norm_tight_frames,
    exponential_optimum,
    known_exponential,
    known_packing,
    of_each,
    packing_optimum,
    polygon,
    random_directions,
    random_exponential,
    sharing_cosine,
    simplex,
    told_apart_cosine,
)
from toysup.geometry.closed_forms import even_packing, random_pairs_exponential
from toysup.geometry.optimum import table
from toysup.geometry.potentials import EXPONENTIAL, POSITIVE, off_diagonal

SIZES = [(5, 2), (9, 2), (20, 2), (14, 3), (24, 4), (20, 5), (64, 5), (64, 10), (100, 20)]
OTHERS = [(70, 3), (90, 7), (27, 11), (40, 12), (41, 12), (3000, 50)]
BOTH = pytest.mark.parametrize("optimum", [packing_optimum, exponential_optimum])


@pytest.mark.slow
@pytest.mark.parametrize("m", [1, 2, 5, 30])
def test_up_to_twice_the_dimensions_nothing_needs_to_interfere(m):
    for r in (2, 2 * m):
        assert packing_optimum(r, m) == Optimum(0.0, 0.0, "closed form")
    assert packing_optimum(2 * m + 1, m).found > 0


def test_in_one_dimension_half_of_the_directions_are_opposite():
    for r in (3, 4, 9):
        signs = np.where(np.arange(r) % 2, 1.0, -1.0)[None]
        assert packing_optimum(r, 1).found == pytest.approx(POSITIVE.energy(signs))
        assert exponential_optimum(r, 1).found == pytest.approx(EXPONENTIAL.energy(signs))


def test_fewer_than_two_directions_have_no_optimum():
    for r in (0, 1):
        for optimum in (packing_optimum, exponential_optimum):
            found = optimum(r, 3)
            assert np.isnan([found.low, found.found]).all()
        assert np.isnan([known_packing(r, 3), known_exponential(r, 3)]).all()


def test_the_pentagon_is_the_optimum():
    assert packing_optimum(5, 2).found == pytest.approx(2 * np.cos(2 * np.pi / 5) ** 2, abs=1e-12)
    assert packing_optimum(5, 2).how == "closed form"


@pytest.mark.parametrize("U", [simplex(4), np.eye(5, 2), antipodal_pairs(4), polygon(9)])
def test_universally_optimal_codes_are_the_exponential_optimum(U):
    m, r = U.shape
    if r == 2:
        U = np.array([[1.0, -1.0]] + [[0.0, 0.0]] * 4)
    found = exponential_optimum(r, m)
    assert found.how == "closed form"
    assert found.low == found.found == pytest.approx(EXPONENTIAL.energy(U), rel=1e-12)


def test_polygons_are_the_best_that_was_found_for_p_up_to_eight_sides_alone():
    for r in range(5, 65):
        polygonal = packing_optimum(r, 2).found > POSITIVE.energy(polygon(r)) - 1e-7
        assert polygonal == (r <= 8)


@pytest.mark.slow
@BOTH
@pytest.mark.parametrize(("r", "m"), SIZES + OTHERS)
def test_the_bound_is_never_above_what_is_found(optimum, r, m):
    found = optimum(r, m)
    null = 1 if optimum is packing_optimum else random_exponential(m)
    assert 0 <= found.low <= found.found < null
    assert found.how in ("closed form", "table", "bound only")


@pytest.mark.some(2)
@pytest.mark.slow
@BOTH
@pytest.mark.parametrize(("r", "m"), [(27, 11), (41, 12), (14, 13)])
def test_a_search_finds_what_no_bound_does(optimum, r, m):
    without, found = optimum(r, m), optimum(r, m, search=True)
    if without.how == "closed form":
        assert found == without
    else:
        assert (without.how, found.how) == ("bound only", "search")
        assert without.low == found.low <= found.found < without.found


@pytest.mark.parametrize(("r", "m"), [(20, 5), (21, 5), (31, 6)])
def test_antipodal_tight_frames_have_what_needs_no_search(r, m):
    half = equal_norm_tight_frames(np.random.default_rng(0), 1, m, (r + 1) // 2)[0]
    U = np.concatenate([half, -half], axis=1)[:, :r]
    assert POSITIVE.energy(U) == pytest.approx(even_packing(r, m), rel=1e-6)
    assert packing_optimum(r, m).found <= even_packing(r, m)


@pytest.mark.slow
@pytest.mark.parametrize("r", [8, 9])
def test_random_antipodal_pairs_have_what_needs_no_search(r):
    halves = random_directions(np.random.default_rng(0), 20_000, 4, (r + 1) // 2)
    codes = np.concatenate([halves, -halves], axis=-1)[..., :r]
    energies = [EXPONENTIAL.energy(U) for U in codes]
    error = np.std(energies) / np.sqrt(len(energies))
    assert random_pairs_exponential(r, 4) == pytest.approx(np.mean(energies), abs=4 * error)


def test_the_24_cell_and_e8_are_in_their_intervals():
    for U in (d_roots(4), e8()):
        m, r = U.shape
        assert off_diagonal(U).max() == pytest.approx(1 / 2)
        assert POSITIVE.energy(U) >= packing_optimum(r, m).found - 1e-12
        found = exponential_optimum(r, m)
        assert found.low <= EXPONENTIAL.energy(U)
        assert EXPONENTIAL.energy(U) == pytest.approx(found.found, rel=1e-8)


def test_a_doubled_code_is_not_told_apart_and_far_above_the_exponential_optimum():
    for U in (polygon(5), antipodal_pairs(5), d_roots(4)):
        twice = np.concatenate([U, U], axis=1)
        m, r = twice.shape
        assert off_diagonal(twice).max() > sharing_cosine(r, m)
        assert EXPONENTIAL.energy(twice) > 1.5 * exponential_optimum(r, m).found


@BOTH
def test_one_direction_more_never_helps(optimum):
    # Leaving out one of r + 1 vectors, on average, keeps the mean over pairs; for P as long as
    # the sharing cosine stays what it is.
    for m in range(2, 11):
        for r in range(3, 64):
            if optimum is exponential_optimum or told_apart_cosine(r, m) == told_apart_cosine(
                r + 1, m
            ):
                assert optimum(r, m).found <= optimum(r + 1, m).found * (1 + 1e-6) + 1e-9


def test_what_is_known_needs_no_search_and_no_program(monkeypatch):
    monkeypatch.setattr("toysup.geometry.delsarte.lower_bound", None)
    assert known_packing(20, 5) == packing_optimum(20, 5).found
    assert known_exponential(20, 5) == exponential_optimum(20, 5).found
    assert np.isnan([known_packing(80, 11), known_exponential(80, 11)]).all()


def test_each_size_of_an_array_has_its_own():
    r, m = np.array([[5, 4], [0, 80]]), np.array([[2.0, 2.0], [np.nan, 11.0]])
    expected = [[packing_optimum(5, 2).found, 0.0], [np.nan, np.nan]]
    np.testing.assert_array_equal(of_each(known_packing, r, m), expected)


def test_random_codes_are_never_under_the_bounds_of_the_table():
    rng = np.random.default_rng(0)
    for r, m in [(7, 2), (9, 3), (20, 5), (40, 6), (64, 10)]:
        for U in random_directions(rng, 200, m, r):
            assert exponential_optimum(r, m).low <= EXPONENTIAL.energy(U)
            if off_diagonal(U).max() <= told_apart_cosine(r, m):
                assert packing_optimum(r, m).low <= POSITIVE.energy(U)


def test_every_interval_of_the_table_is_one():
    for rows in table().values():
        assert len(rows) > 400
        for low, found in rows.values():
            assert 0 <= low <= found

import json

import numpy as np
import pytest

from toysup.geometry import exponential_optimum, packing_optimum
from toysup.geometry.delsarte import lower_bound
from toysup.geometry.optimum import EXPONENTIAL_PROBLEM, PACKING_PROBLEM, TABLE
from toysup.geometry.potentials import EXPONENTIAL, POSITIVE
from toysup.geometry.search import best_code
from toysup.geometry.table import LARGE, Search, table

STORED = json.loads(TABLE.read_text(encoding="utf-8"))


def test_the_table_says_how_it_was_made():
    assert STORED["command"] == "python -m toysup.geometry.table"
    fresh = table(largest_m=1, large=())
    for key, text in fresh.items():
        if key not in ("optima", "unsure"):
            assert STORED[key] == text


def test_every_size_without_a_closed_form_is_there():
    for problem in (PACKING_PROBLEM, EXPONENTIAL_PROBLEM):
        rows = STORED["optima"][problem.potential.name]
        expected = {(r, m) for m in range(2, 11) for r in range(3, 65)} | set(LARGE)
        expected = {(r, m) for r, m in expected if problem.closed(r, m) is None}
        assert {(int(r), int(m)) for m, row in rows.items() for r in row} == expected


def test_what_is_unsure_is_in_the_table():
    for name, unsure in STORED["unsure"].items():
        for m, rows in unsure.items():
            assert set(rows.split()) <= set(STORED["optima"][name][m])


@pytest.mark.some(2)
@pytest.mark.slow
@pytest.mark.parametrize(("r", "m"), [(7, 2), (12, 3), (9, 4), (20, 5), (13, 6), (17, 8), (40, 9)])
def test_a_short_search_does_not_beat_the_table(r, m):
    for potential, optimum in ((POSITIVE, packing_optimum), (EXPONENTIAL, exponential_optimum)):
        found = potential.energy(best_code(potential, r, m))
        assert found >= optimum(r, m).found * (1 - 1e-6)


@pytest.mark.slow
@pytest.mark.parametrize(("r", "m"), [(6, 2), (20, 5), (64, 10), (100, 20)])
def test_the_bounds_of_the_table_are_those_of_the_program(r, m):
    for potential, optimum in ((POSITIVE, packing_optimum), (EXPONENTIAL, exponential_optimum)):
        if optimum(r, m).how == "table":
            assert optimum(r, m).low == pytest.approx(lower_bound(potential, r, m), rel=1e-6)


@pytest.mark.long
def test_a_small_table_is_made_again_as_it_is_stored():
    made = table(largest_m=3, largest_r=9, large=())["optima"]
    for name, rows in made.items():
        for m, row in rows.items():
            for r, (_, found) in row.items():
                assert found == pytest.approx(STORED["optima"][name][str(m)][str(r)][1], rel=1e-5)


@pytest.mark.slow
def test_the_search_is_deterministic():
    first, second = Search(PACKING_PROBLEM, 8), Search(PACKING_PROBLEM, 8)
    first.solve(2)
    second.solve(2)
    assert first.best[8, 2][0] == second.best[8, 2][0]


@pytest.mark.slow
def test_a_code_in_the_search_has_the_energy_it_is_stored_with():
    search = Search(EXPONENTIAL_PROBLEM, 8)
    search.solve(3)
    for energy, U in search.best.values():
        np.testing.assert_allclose(np.linalg.norm(U, axis=0), 1)
        assert EXPONENTIAL.energy(U) == energy

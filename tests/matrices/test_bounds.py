import numpy as np
import pytest

from tests.verdict.hand import cell_24
from toysup.geometry import polygon, simplex
from toysup.matrices.bounds import levenshtein, orthoplex, welch


def coherence(U):
    c = np.abs(U.T @ U)
    return float((c - np.diag(np.diag(c))).max())


def test_a_simplex_meets_the_bound_of_welch():
    assert coherence(simplex(5)) == pytest.approx(welch(6, 5))


def test_no_code_is_below_a_bound():
    for U in (polygon(5), polygon(7), cell_24(), simplex(4)):
        m, r = U.shape
        bounds = (welch(r, m), orthoplex(r, m), levenshtein(r, m))
        assert coherence(U) >= max(bounds) - 1e-12 or coherence(U) == pytest.approx(1)


def test_the_twelve_lines_of_the_24_cell_meet_the_bound_of_levenshtein():
    U = cell_24()
    lines = [i for i in range(24) if not any(np.allclose(U[:, i], -U[:, j]) for j in range(i))]
    assert coherence(U[:, lines]) == pytest.approx(levenshtein(12, 4))


def test_where_there_is_room_nothing_has_to_be_close():
    assert welch(5, 5) == orthoplex(5, 5) == levenshtein(5, 5) == 0

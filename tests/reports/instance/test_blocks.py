"""A matrix and a curve are readable as letters, without colour."""

import numpy as np
import pytest

from toysup.reports.instance.blocks import cell, colour, curve_rows, heat_strip

W = np.array([[1.0, -0.5, 0.01], [0.0, 0.5, -0.1]])


def test_each_entry_is_a_sign_and_a_digit_of_the_largest():
    head, *rows, norms = (line.plain for line in heat_strip(W, np.array([True, True, False]), 80))
    assert rows == ["   0  +9-4 ·", "   1   ·+4-1"]
    assert head == "       0"
    assert norms == "norm   9 6 1"


def test_a_wide_matrix_is_cut_at_the_width_and_its_columns_are_numbered():
    wide = np.tile(W, (1, 40))
    lines = [line.plain for line in heat_strip(wide, np.ones(120, dtype=bool), 80)]
    assert {len(line) for line in lines[1:]} == {80}
    assert lines[0].split() == ["0", "5", "10", "15", "20", "25", "30", "35"]
    place = lines[0].index("15") + 1  # of its last digit: below it is the digit of column 15
    assert lines[1][place] == cell(wide[0, 15])[1]


def test_zero_is_a_dot_on_white_and_the_ends_are_red_and_blue():
    assert [cell(x) for x in (0.0, 0.05, -0.06, -1.0)] == [" ·", " ·", "-1", "-9"]
    assert colour(0.0).endswith("black on #ffffff")
    assert colour(1.0).endswith("white on #b2182b")
    assert colour(-1.0).endswith("white on #2166ac")


def test_a_matrix_of_zeros_has_dots():
    assert [line.plain for line in heat_strip(np.zeros((1, 2)), np.zeros(2, dtype=bool), 80)] == [
        "       0",
        "   0   · ·",
        "norm   · ·",
    ]


def test_a_falling_curve_falls_from_the_top_row_to_one_level():
    rows = curve_rows(np.geomspace(1, 0.01, 50), width=20, height=2)
    assert [len(row) for row in rows] == [len(rows[0]), 20]
    assert rows[0][0] == "█"
    assert rows[1].endswith("▁")


@pytest.mark.parametrize("curve", [[1.0, 1.0], [-1.0, 2.0], [np.nan, 1.0], [np.nan], [np.inf, 1]])
def test_a_curve_of_any_numbers_has_all_its_rows(curve):
    rows = curve_rows(np.array(curve), width=10, height=3)
    assert len(rows) == 3
    finite = np.isfinite(curve).any()
    assert any("█" in row or "▁" in row for row in rows) == finite


def test_what_is_not_finite_is_blank():
    assert curve_rows(np.array([np.nan, 1.0]), width=2, height=1) == [" ▁"]

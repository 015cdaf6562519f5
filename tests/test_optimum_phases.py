"""The phase diagram of InfoNCE from the rows of a run, and a claim by its optimum."""

import numpy as np
import pandas as pd
import pytest

from tests.reports.conftest import SETTINGS, rows_of
from toysup.claims import decide
from toysup.claims.optimum import UNKNOWN, optimum_diagram
from toysup.geometry import simplex
from toysup.metrics.last import last_overlap, last_relative_norm
from toysup.spec.claim import Answer, Claim
from toysup.theory import PHASES, Phase

SIDE = 8
TRIANGLE = simplex(2)
SHORT = TRIANGLE * np.array([1.0, 1.0, 0.2])
ALONE = np.array([[1.0, -1.0, 0.0], [0.0, 0.0, 1.0]])
CODES = {Phase.SUPERPOSED: TRIANGLE, Phase.IGNORED: SHORT, Phase.DEDICATED: ALONE}
CLAIM = Claim(
    name="a", says="So it is.", rows={}, theory="infonce optimum", above=0.9, predicted="supported"
)


def best(keep):
    return Phase.SUPERPOSED if keep > 0.5 else Phase.IGNORED


def last(W):
    return {"last_relative_norm": last_relative_norm(W), "last_overlap": last_overlap(W)}


def run(codes_of, half=lambda W: W, side="relative_keep_probability"):
    """Rows of a grid whose cells have the restarts `codes_of(keep)`: each a code and its gap."""
    rows = []
    for p in np.geomspace(1, 0.01, SIDE):
        for keep in np.geomspace(0.1, 1.0, SIDE):
            codes = codes_of(keep)
            setup = {"objective": "infonce", "feature_probability": p, side: keep}
            made = rows_of(len(rows) // len(codes), [W for W, _ in codes], setup, None)
            for row, (W, gap) in zip(made, codes, strict=True):
                optimum = {"least_W": CODES[best(keep)].ravel(), "least_loss": -1.0}
                rows.append(
                    row | last(W) | optimum | {"optimality_gap": gap, "half": last(half(W))}
                )
    return pd.DataFrame(rows)


def decided(rows):
    [found] = decide((CLAIM,), rows, [*SETTINGS, "relative_keep_probability"])
    return found


def test_a_cell_has_the_restart_with_the_lowest_loss_over_all_samples():
    rows = run(lambda keep: [(ALONE, 0.1), (CODES[best(keep)], 0.001), (TRIANGLE, 0.2)])
    rows["loss"] = np.random.default_rng(0).random(len(rows))
    found = optimum_diagram(rows)
    assert (found.phase == found.theory).all()
    assert found.theory.shape == (SIDE, SIDE)
    assert set(found.theory[0]) == {PHASES.index(Phase.IGNORED)}
    assert set(found.theory[-1]) == {PHASES.index(Phase.SUPERPOSED)}


@pytest.mark.parametrize("scale", [0.1, 10.0])
def test_cells_in_the_phase_of_the_optimum_support_it_at_any_scale(scale):
    found = decided(run(lambda keep: [(scale * CODES[best(keep)], 0.001)]))
    assert found.answer == Answer.SUPPORTED
    assert found.effect.value == 1


def test_cells_that_never_ignore_refute_it():
    found = decided(run(lambda keep: [(TRIANGLE, 0.01)]))
    assert found.answer == Answer.REFUTED
    assert found.effect.value < 0.7


def test_restarts_that_move_towards_another_phase_leave_it_undecided():
    shrunk = TRIANGLE * np.array([1.0, 1.0, 0.7])
    rows = run(lambda keep: [(shrunk if keep > 0.5 else SHORT, 0.0)], half=lambda W: TRIANGLE)
    found = decided(rows)
    assert found.answer == Answer.UNDECIDED
    assert found.effect.low < 0.9 < found.effect.value == 1


def test_it_is_undecided_where_the_optimum_is_not_known():
    rows = run(lambda keep: [(TRIANGLE, 0.0)])
    assert decided(rows.drop(columns="least_W")).answer == Answer.UNDECIDED


def test_a_cell_whose_restarts_all_diverged_has_no_phase():
    rows = run(lambda keep: [(TRIANGLE, 0.0)])
    first = rows["condition"] == rows["condition"].iloc[0]
    rows.loc[first, "outcome"] = "diverged"
    assert (optimum_diagram(rows).phase == UNKNOWN).sum() == 1


def test_temperature_may_take_the_place_of_keeping():
    found = optimum_diagram(run(lambda keep: [(CODES[best(keep)], 0.0)], side="temperature"))
    assert (found.phase == found.theory).all()

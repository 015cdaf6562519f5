"""A phase diagram from the rows of a run, and what a claim by theory makes of it."""

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.reports.conftest import SETTINGS, rows_of
from toysup.claims import decide
from toysup.claims.phases import diagram
from toysup.spec.claim import Answer, Claim
from toysup.theory import PHASES, Phase

SIDE = 12
WAYS = {
    Phase.IGNORED: ([[1.0, 0.0]], 1),
    Phase.SUPERPOSED: ([[1.0, -1.0]], None),
    Phase.DEDICATED: ([[0.0, 1.0]], 0),
}
IGNORED, SUPERPOSED, DEDICATED = Phase
FIXED = {"tied": True, "amplitude": "uniform", "relative_density": 1.0, "importance_decay": 1.0}
CLAIM = Claim(
    name="a", says="So it is.", rows={}, theory="mse phases", above=0.97, predicted="supported"
)


def best(s, r):
    """The phase of the lowest closed form, written out."""
    drop = s / 3 - s**2 / 4
    losses = {DEDICATED: drop, IGNORED: r * drop, SUPERPOSED: (1 + r) * s**2 / 6}
    return min(losses, key=losses.get)


def last(W):
    """The last feature's norm and interference, in one dimension."""
    [(first, last)] = W
    return {"last_norm": abs(last), "last_interference": first**2 if last else np.nan}


def run(phases_of, before=lambda phase: phase):
    """Rows of a grid whose cells have a restart in each phase that `phases_of(s, r)` says, and had
    it in the phase `before` in half of the run."""
    rows, cells = [], itertools.product(np.geomspace(1, 0.01, SIDE), np.geomspace(0.1, 10, SIDE))
    for number, (s, r) in enumerate(cells):
        phases = phases_of(s, r)
        made = rows_of(
            number,
            [np.array(WAYS[phase][0]) for phase in phases],
            FIXED | {"feature_probability": s, "relative_importance": r},
            None,
        )
        for row, phase in zip(made, phases, strict=True):
            W, ignored = WAYS[phase]
            b = [s / 2 if place == ignored else 0.0 for place in range(2)]
            rows.append(row | last(W) | {"b": b, "half": last(WAYS[before(phase)][0])})
    return pd.DataFrame(rows)


def decided(rows):
    [found] = decide((CLAIM,), rows, [*SETTINGS, "relative_importance"])
    return found


def test_every_cell_has_the_restart_of_the_lowest_exact_loss_whatever_the_measured_one():
    rows = run(lambda s, r: list(Phase))
    rows["loss"] = np.random.default_rng(0).random(len(rows))
    found = diagram(rows)
    for (i, j), place in np.ndenumerate(found.phase):
        assert PHASES[place] == best(found.densities[j], found.importances[i])
    assert found.agreement == pytest.approx(np.full((SIDE, SIDE), 1 / 3))
    assert found.importances[0] < found.importances[-1]
    assert found.densities[0] > found.densities[-1]


def test_it_is_supported_where_the_cells_off_the_boundary_are_as_theory_says():
    found = decided(run(lambda s, r: [best(s, r), SUPERPOSED]))
    assert found.answer == Answer.SUPPORTED
    assert found.effect.value == 1
    assert f"of all {SIDE**2} cells 1.000" in found.unit


@pytest.mark.slow
def test_cells_that_never_superpose_refute_it_and_are_what_the_answer_rests_on():
    found = decided(run(lambda s, r: [IGNORED if r < 1 else DEDICATED]))
    assert found.answer == Answer.REFUTED
    cells = diagram(run(lambda s, r: [best(s, r)]))
    off = (cells.theory == PHASES.index(SUPERPOSED)) & ~cells.boundary
    assert set(found.conditions) == set(cells.conditions[off].tolist())


@pytest.mark.slow
def test_restarts_that_move_towards_another_phase_leave_it_undecided():
    rows = run(lambda s, r: [best(s, r)])
    superposed = rows["last_norm"].eq(1) & rows["last_interference"].eq(1)
    rows.loc[superposed, "last_interference"] = 0.7  # from 1: one more such move ends at 0.4
    found = decided(rows)
    assert found.answer == Answer.UNDECIDED
    assert found.effect.low < 0.5 < found.effect.value == found.effect.high == 1


@pytest.mark.slow
def test_restarts_that_came_to_their_phase_late_are_in_it():
    before = {SUPERPOSED: IGNORED, IGNORED: IGNORED, DEDICATED: DEDICATED}
    found = decided(run(lambda s, r: [best(s, r)], before.get))
    assert found.answer == Answer.SUPPORTED
    assert found.effect.low == 1


@pytest.mark.slow
def test_a_restart_that_diverged_is_none_of_a_cell():
    rows = run(lambda s, r: list(Phase))
    first = rows.index % 3 == 0
    rows.loc[first, "outcome"] = "diverged"
    rows.loc[first, "loss"] = np.nan
    assert (diagram(rows).lowest > 0).all()


@pytest.mark.slow
def test_the_mean_of_a_cell_leaves_out_its_worst_restart_as_the_paper_does():
    # Two in theory's phase, one in another: left out where it is the worst, it changes nothing.
    rows = run(lambda s, r: [best(s, r), SUPERPOSED, best(s, r)])
    found = diagram(rows)
    for (i, j), place in np.ndenumerate(found.phase_of_mean):
        assert PHASES[place] == best(found.densities[j], found.importances[i])
    norm, interference = found.mean(found.norm, found.interference)
    assert set(np.unique(norm)) <= {0.0, 1.0}
    assert set(np.unique(interference)) <= {0.0, 1.0}


@pytest.mark.slow
def test_a_claim_of_the_mean_is_refuted_where_most_restarts_are_in_another_phase():
    rows = run(lambda s, r: [best(s, r), *[SUPERPOSED] * 4])
    mean = replace(CLAIM, seeds="mean without the worst")
    answers = [d.answer for d in decide((CLAIM, mean), rows, [*SETTINGS, "relative_importance"])]
    assert answers == [Answer.SUPPORTED, Answer.REFUTED]

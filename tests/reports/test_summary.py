"""Summaries of objectives: only what counts is for or against minimising."""

from dataclasses import replace

import pytest

from toysup.geometry import polygon
from toysup.reports.findings import gather
from toysup.spec.label import Label
from toysup.verdict.summary import summarise

PENTAGON = ([polygon(5)] * 10,)
CONE = ([polygon(5)[:, [0, 0, 0, 1, 1]]] * 10,)


@pytest.fixture
def summary(make_run, tmp_path):
    """The one summary of a run of `(matrices, loss)`; chance is a loss of 1."""

    def of(*conditions):
        made = [(*matrices, {"loss": loss, "chance": 1.0}) for matrices, loss in conditions]
        [found] = gather(make_run(tmp_path / "run", *made)).summaries
        return found

    return of


@pytest.mark.slow
def test_a_pentagon_always_minimises(summary):
    found = summary((PENTAGON, 0.5), (PENTAGON, 0.5))
    assert (found.judged, found.counting, found.minimising) == (2, 2, 2)
    assert (found.superposition, found.minimises) == (2, "always")


@pytest.mark.slow
def test_a_pentagon_beside_what_does_not_is_sometimes(summary):
    found = summary((PENTAGON, 0.5), (CONE, 0.5))
    assert (found.counting, found.minimising, found.minimises) == (2, 1, "sometimes")


@pytest.mark.slow
def test_what_is_at_chance_is_judged_and_does_not_count(summary):
    found = summary((PENTAGON, 1.0), (CONE, 0.5))
    assert (found.judged, found.counting, found.minimising) == (2, 1, 0)
    assert (found.superposition, found.minimises) == (0, "never")


@pytest.mark.slow
def test_where_nothing_counts_nothing_is_known(summary):
    found = summary((PENTAGON, 1.0))
    assert (found.judged, found.counting, found.minimises) == (1, 0, "unknown")


def test_what_is_open_is_neither_for_nor_against(findings):
    dense, *rest = findings.verdicts.verdicts
    for label, found in ((Label.EVEN, (2, 0, "sometimes")), (Label.NEAR, (2, 1, "always"))):
        changed = replace(findings.verdicts, verdicts=(replace(dense, label=label), *rest))
        [mse, *_] = summarise(changed)
        assert (mse.counting, mse.open, mse.minimises) == found

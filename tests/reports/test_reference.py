"""Both readings of "that same behaviour", beside the autoencoder."""

import io
from types import SimpleNamespace

import numpy as np
import pytest
from rich.console import Console

from toysup.geometry import polygon
from toysup.reports import page, terminal
from toysup.reports.findings import gather
from toysup.reports.reference import compare_to_reference
from toysup.spec.label import Label
from toysup.verdict.statistics import Interval


def one(number):
    return Interval(number, number, number)


def verdict(objective, index, unread, counts=True, seeds=10, **settings):
    who = {"features": "independent", "views": None, "encoder": "linear", "directions": "encoder"}
    case = {"feature_probability": 0.1, "d_hidden": 2, "steps": 100} | settings
    return SimpleNamespace(
        objective=objective,
        condition=0,
        settings=case,
        seeds=seeds,
        counts=counts,
        label=Label.MINIMISING,
        stake=SimpleNamespace(idle=""),
        n_represented=5.0,
        superposed=True,
        minimisation_index=one(index),
        readout_unexplained=one(unread),
        **who,
    )


def test_a_difference_is_the_median_over_pairs_of_conditions_and_its_range():
    rows = []
    for p, index, unread in ((0.1, 0.9, 0.2), (0.2, 0.7, 0.2), (0.3, 0.2, 0.6)):
        rows.append(verdict("mse", 1.0, 0.1, feature_probability=p, importance_decay=1.0))
        rows.append(verdict("infonce", index, unread, feature_probability=p, temperature=0.5))
    [found] = compare_to_reference(rows, "mse")
    assert (found.name, found.pairs) == ("infonce", 3)
    assert tuple(vars(found.index).values()) == pytest.approx((-0.3, -0.8, -0.1))
    assert tuple(vars(found.readout_unexplained).values()) == pytest.approx((0.1, 0.1, 0.5))


@pytest.mark.parametrize(
    "other",
    [
        {"feature_probability": 0.2},
        {"d_hidden": 5},
        {"seeds": 5},
        {"counts": False},
        {"importance_decay": 0.7},  # infonce weighs all features alike
    ],
)
def test_what_is_not_otherwise_equal_is_no_pair(other):
    assert (
        compare_to_reference(
            [verdict("mse", 1.0, 0.1, **other), verdict("infonce", 0.5, 0.2)], "mse"
        )
        == ()
    )
    assert (
        len(compare_to_reference([verdict("mse", 1.0, 0.1), verdict("infonce", 0.5, 0.2)], "mse"))
        == 1
    )


def test_an_objective_that_does_not_count_is_no_pair():
    assert (
        compare_to_reference(
            [verdict("mse", 1.0, 0.1), verdict("infonce", 0.5, 0.2, counts=False)], "mse"
        )
        == ()
    )


@pytest.mark.parametrize("other", [{"steps": 900}, {"learning_rate": 0.1}, {"tied": False}])
def test_how_a_loss_is_trained_and_decoded_may_differ(other):
    tied = {"tied": True, "learning_rate": 0.01}
    pair = [verdict("mse", 1.0, 0.1, **tied), verdict("vae", 0.5, 0.2, **tied | other)]
    assert len(compare_to_reference(pair, "mse")) == 1


def test_two_autoencoders_that_fit_are_no_pair():
    """Nothing says which of them is meant."""
    two = [verdict("mse", 1.0, 0.1, tied=tied) for tied in (True, False)]
    assert compare_to_reference([*two, verdict("infonce", 0.5, 0.2)], "mse") == ()


def test_an_index_that_is_not_known_leaves_the_readout():
    [found] = compare_to_reference(
        [verdict("mse", 1.0, 0.1), verdict("infonce", float("nan"), 0.2)], "mse"
    )
    assert found.index.value != found.index.value
    assert found.readout_unexplained.value == pytest.approx(0.1)


@pytest.mark.slow
def test_it_is_in_the_terminal_the_page_and_the_json(make_run, tmp_path):
    unread = {"mean_readout_unexplained": 0.1, "importance_decay": 1.0, "feature_probability": 0.3}
    contrast = {"objective": "infonce", "temperature": 0.5, "mean_readout_unexplained": 0.35}
    turned = polygon(5) @ np.diag([1.0, 1.0, 1.0, 1.0, 2.0])
    run = make_run(
        tmp_path / "run",
        ([polygon(5)] * 10, unread),
        ([turned] * 10, {"feature_probability": 0.3} | contrast),
    )
    findings = gather(run)
    out = Console(width=80, file=io.StringIO(), record=True)
    terminal.show(findings, out)
    text = out.export_text()
    assert "Beside mse" in text
    table = text.split("Beside mse")[1]
    assert next(x for x in table.splitlines() if x.startswith("infonce")).split()[-1] == "+0.25"
    assert "<h2>Beside mse</h2>" in page.render(findings)
    [found] = findings.to_json()["beside"]
    assert found["readout_unexplained"]["value"] == pytest.approx(0.25)

"""Restarts are compared by the exact loss where there is one, and by the measured one elsewhere."""

import numpy as np
import pandas as pd
import pytest

from tests.reports.pictures.trained import rows_of
from toysup.measure.outcome import OUTCOMES
from toysup.verdict.restarts import compared_loss, exact_loss, lowest

PAIR, ALONE = np.array([[1.0, -1.0]]), np.array([[1.0, 0.0]])
WORLD = {"feature_probability": 0.1, "relative_density": 2.0}
WORLD |= {"importance_decay": 0.5, "relative_importance": 4.0}


def test_the_exact_loss_of_a_pair_is_its_interference_and_that_of_one_alone_what_it_drops():
    """Importances 1 and 0.5 x 4, densities 0.1 and 0.2; meaned over the two features."""
    pair, alone = exact_loss(rows_of(([PAIR, ALONE], WORLD)))
    assert pair == pytest.approx((1 + 2) * 0.1 * 0.2 / 6 / 2, rel=0.006)
    assert alone == pytest.approx(2 * 0.2 / 3 / 2)


@pytest.mark.parametrize(
    "other",
    [
        {"encoder": "relu"},
        {"objective": "vae"},
        {"tied": False},
        {"empty_samples": "fill"},
        {"features": "correlated"},
        {"outcome": "diverged"},
        {"directions": "decoder"},
    ],
)
def test_a_model_of_which_it_is_not_known_has_none(other):
    rows = rows_of(([PAIR], WORLD), ([PAIR], WORLD))
    for name, value in other.items():
        rows.loc[1, name] = value
    assert np.isfinite(exact_loss(rows)).tolist() == [True, False]


def test_rows_that_do_not_say_what_it_depends_on_have_none():
    assert np.isnan(exact_loss(rows_of(([PAIR], WORLD)).drop(columns="b"))).all()


def test_the_lowest_restart_is_that_of_the_exact_loss_whatever_a_sample_says():
    rows = rows_of(([PAIR, ALONE], WORLD | {"loss": [0.2, 0.1]}))
    assert lowest(rows)["seed"].tolist() == [0]
    measured = lowest(rows.assign(objective="vae"))
    assert measured["seed"].tolist() == [1]
    assert compared_loss(rows.assign(objective="vae")).tolist() == [0.2, 0.1]


def test_restarts_of_many_features_are_compared_exactly_where_these_are_rare():
    W = np.eye(5, 20)
    rare, dense = (WORLD | {"relative_density": 1.0, "feature_probability": p} for p in (1e-3, 0.1))
    found = exact_loss(rows_of(([W], rare), ([W], dense)))
    importance = 0.5 ** np.arange(20)
    importance[-1] *= 4
    assert found[0] == pytest.approx(importance[5:].sum() * 1e-3 / 3 / 20, rel=1e-5)
    assert np.isnan(found[1])


def test_the_lowest_loss_seed_is_one_that_did_not_diverge():
    rows = pd.DataFrame(
        {
            "condition": [0, 0, 0, 1, 1, 2],
            "directions": "encoder",
            "seed": [0, 1, 2, 0, 1, 0],
            "loss": [3.0, 1.0, 0.5, 2.0, 2.0, float("nan")],
            "outcome": [*OUTCOMES, "converged", "converged", "diverged"],
        }
    )
    assert lowest(rows)[["condition", "seed"]].to_numpy().tolist() == [[0, 1], [1, 0]]

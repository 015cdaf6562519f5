"""The diagram of a contrastive run: its cells, its optimum, and rows that are no such grid."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from toysup.errors import ToysupError
from toysup.reports.pictures.contrastive_phases import ContrastivePhases, grids

KEEPS, DENSITIES = (0.1, 0.4, 1.0), (1.0, 0.1, 0.01)
OPTIMUM = np.array([1.0, -1.0])


def rows(optimum=True, last=-1.0):
    found = []
    for condition, (r, p) in enumerate((r, p) for r in KEEPS for p in DENSITIES):
        for seed, short in enumerate((1.0, last)):
            found.append(
                {"objective": "infonce", "condition": condition, "directions": "encoder"}
                | {"relative_keep_probability": r, "feature_probability": p, "temperature": 1.0}
                | {"seed": seed, "outcome": "converged", "loss": 3.0 - seed}
                | {"W": [1.0, short], "d_hidden": 1, "n_features": 2, "least_loss": -0.2}
                | {
                    "least_W": OPTIMUM * (r > 0.1) + [1, 0] * np.array(r <= 0.1)
                    if optimum
                    else None
                }
                | {"optimality_gap": 0.001 if seed else 0.1}
            )
    return pd.DataFrame(found)


def draw(of):
    return ContrastivePhases().draw(SimpleNamespace(rows=of))


@pytest.mark.slow
def test_it_shows_the_lowest_loss_restart_the_optimum_and_the_autoencoder():
    side, best, trained, optimum = grids(rows())
    assert side == "relative_keep_probability"
    assert (best["seed"] == 1).all()
    assert (trained == [[1.0, -1.0]]).all()
    assert optimum.shape == (3, 3, 1, 2)
    figure = draw(rows())
    assert [axis.get_title(loc="left") for axis in figure.axes][1:] == [
        "Least loss",
        "Mean squared error",
    ]
    assert figure.axes[0].collections  # the optimum's lines over the trained cells


@pytest.mark.slow
def test_it_says_in_how_many_cells_training_is_where_the_optimum_is():
    words = draw(rows()).axes[0].texts[0].get_text()
    assert words == "in the optimum's phase: 67%; at its loss: 100%"


@pytest.mark.slow
def test_a_run_that_did_not_ask_for_the_optimum_says_so():
    assert draw(rows(optimum=False)).axes[0].texts[0].get_text() == "its optimum is not known"


def test_rows_that_are_no_grid_are_refused_in_a_line():
    with pytest.raises(ToysupError, match="needs several values of feature_probability"):
        draw(rows().query("feature_probability == 0.1"))
    with pytest.raises(ToysupError, match="once"):
        draw(rows().query("condition != 4"))

"""The picture of memorisation: what it draws of the rows, and that it draws."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from toysup.geometry import polygon
from toysup.reports import image
from toysup.reports.pictures import memorisation


def row(size, seed, loss):
    """A model that stores at most 5 samples on a pentagon, and 3 features."""
    codes = np.full((2, 256), np.nan)
    codes[:, : min(size, 5)] = polygon(5)[:, : min(size, 5)]
    return {
        "condition": size,
        "directions": "encoder",
        "seed": seed,
        "objective": "mse",
        "weight_decay": 0.01,
        "outcome": "converged",
        "loss": loss,
        "test_loss": 2 * loss,
        "d_hidden": 2,
        "n_features": 3,
        "dataset_size": float(size),
        "sample_codes": codes.ravel(),
        "sample_dimensionality": 2 / size,
        "mean_dimensionality": 2 / 3,
        "W": polygon(3).ravel(),
    }


ROWS = pd.DataFrame([row(size, seed, seed + size / 100) for size in (3, 5, 50) for seed in (1, 0)])


def test_it_has_the_samples_that_there_are_and_every_feature():
    found = memorisation.stored(ROWS.iloc[0])
    assert found.size == 3
    np.testing.assert_allclose(found.samples, polygon(5)[:, :3])
    np.testing.assert_allclose(found.features, polygon(3))


@pytest.mark.slow
def test_it_is_drawn_with_a_column_for_each_size():
    figure = memorisation.Memorisation().draw(SimpleNamespace(rows=ROWS))
    assert [a.get_title() for f in figure.subfigs[:1] for a in f.axes[:3]] == [
        "T = 3",
        "T = 5",
        "T = 50",
    ]
    [test] = [line for line in figure.subfigs[1].axes[0].lines if "fresh" in line.get_label()]
    np.testing.assert_allclose(test.get_ydata(), [0.06, 0.1, 1.0])
    assert image.png(figure).startswith(b"\x89PNG")


@pytest.mark.slow
def test_of_several_weight_decays_the_least_is_drawn():
    decayed = ROWS.assign(weight_decay=1.0, condition=ROWS["condition"] + 100, loss=0, test_loss=9)
    figure = memorisation.Memorisation().draw(SimpleNamespace(rows=pd.concat([decayed, ROWS])))
    [test] = [line for line in figure.subfigs[1].axes[0].lines if "fresh" in line.get_label()]
    np.testing.assert_allclose(test.get_ydata(), [0.06, 0.1, 1.0])


@pytest.mark.slow
def test_an_answer_of_zero_has_the_loss_of_the_objective():
    for objective, loss in (("mse", 1 / 3), ("summed_mse", 1)):
        rows = ROWS.assign(objective=objective)
        figure = memorisation.Memorisation().draw(SimpleNamespace(rows=rows))
        lines = figure.subfigs[1].axes[0].lines
        [zero] = [line for line in lines if line.get_label() == "answer of zero"]
        np.testing.assert_allclose(zero.get_ydata(), loss)

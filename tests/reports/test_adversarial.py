"""The picture of adversarial vulnerability: its curves, and that it is drawn."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from toysup.geometry import antipodal_pairs, polygon
from toysup.reports import image
from toysup.reports.pictures import adversarial

MATRICES = {1.0: np.eye(2, 4), 0.3: antipodal_pairs(2), 0.1: polygon(4)}


def row(p, seed):
    energy = (MATRICES[p] ** 2).sum()
    return {
        "condition": int(100 * p),
        "directions": "encoder",
        "seed": seed,
        "outcome": "converged",
        "loss": p + seed,
        "feature_probability": p,
        "d_hidden": 2,
        "W": MATRICES[p].ravel(),
        "attack_ratio": 0.8 * energy / 2 + seed,
        "vulnerability": 0.9 * energy / 2 + seed,
        "dimensions_per_feature": 2 / energy,
    }


ROWS = pd.DataFrame([row(p, seed) for p in MATRICES for seed in (1, 0)])


@pytest.mark.parametrize("n", [2, 4, 5])
def test_a_tight_frame_stretches_by_features_per_dimension(n):
    np.testing.assert_allclose(adversarial.stretch(polygon(n) if n > 2 else np.eye(2)), n / 2)


def test_curves_are_by_ascending_sparsity():
    found = adversarial.curves(ROWS[ROWS["seed"] == 0])
    np.testing.assert_allclose(found["sparsity"], [1, 1 / 0.3, 10])
    np.testing.assert_allclose(found["features"], [1, 2, 2])
    np.testing.assert_allclose(found["stretch"], [1, 2, 2])
    np.testing.assert_allclose(found["vulnerability"], [0.9, 1.8, 1.8])
    np.testing.assert_allclose(found["ratio"], [0.8, 1.6, 1.6])


@pytest.mark.slow
def test_it_is_drawn_of_the_lowest_loss_restart():
    figure = adversarial.Adversarial().draw(SimpleNamespace(rows=ROWS))
    for words, drawn in (("attack on each", [0.9, 1.8, 1.8]), ("one attack", [0.8, 1.6, 1.6])):
        [line] = [line for line in figure.axes[0].lines if words in line.get_label()]
        np.testing.assert_allclose(line.get_ydata(), drawn)
    assert image.png(figure).startswith(b"\x89PNG")

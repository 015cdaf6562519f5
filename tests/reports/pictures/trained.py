"""Rows of a run made by hand, as a picture takes them."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from toysup.reports.axis import Axis

WHO = {"objective": "mse", "views": None, "features": "independent", "encoder": "linear"}
WHO |= {"tied": True, "amplitude": "uniform", "empty_samples": "keep"}


def rows_of(*conditions):
    """A row for each matrix of `(matrices, settings)`; each has a lower loss than the one before,
    unless the settings have a list of losses."""
    rows = []
    for number, (group, settings) in enumerate(conditions):
        losses = settings.get("loss", [1.0 - 0.1 * seed for seed in range(len(group))])
        for seed, W in enumerate(group):
            m, n = W.shape
            row = {"condition": number, "directions": "encoder", "seed": seed, "d_hidden": m}
            row |= WHO | {"n_features": n, "outcome": "converged"} | settings
            rows.append(row | {"loss": losses[seed], "W": np.ravel(W), "b": np.zeros(n)})
    return pd.DataFrame(rows)


def findings_of(along, settings, *conditions):
    rows = rows_of(*conditions)
    axis = Axis(along, tuple(sorted(rows[along].unique())))
    return SimpleNamespace(rows=rows, axis=axis, settings=tuple(settings))

"""The phase diagram of a contrastive loss: the phase of the last feature in each cell, as trained
and at the least loss that theory finds.

The restart with the lowest loss over all samples represents its cell; see `verdict.restarts`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toysup import theory
from toysup.columns import HALF
from toysup.spec.diagram import DENSITY, INFONCE_OPTIMUM, SIDES
from toysup.theory.contrastive_phases import contrastive_phase, contrastive_phase_of_last
from toysup.verdict.restarts import compared_loss, lowest_place

UNKNOWN = -1
LAST_COLUMNS = ("last_relative_norm", "last_overlap")


@dataclass(frozen=True)
class OptimumDiagram:
    """Cells as (rows, columns): the side setting upwards, density from dense to sparse.

    A phase is an index into theory.PHASES, or UNKNOWN.
    """

    conditions: np.ndarray
    theory: np.ndarray  # the phase of the code of least loss
    boundary: np.ndarray  # bool: within one cell of another phase in theory
    phase: np.ndarray  # that of the restart of the lowest loss
    settled: np.ndarray  # bool: its phase is known, and extrapolation does not change it


def optimum_diagram(rows: pd.DataFrame) -> OptimumDiagram:
    """The diagram of `rows`, one grid of cells with the same seeds in each.

    A phase is UNKNOWN where every restart diverged, and where the optimum is not known.
    """
    side = next(
        name for name in SIDES[INFONCE_OPTIMUM] if rows.get(name, rows["seed"] * 0).nunique() > 1
    )
    rows = rows.sort_values([side, DENSITY, "seed"], ascending=[True, False, True])
    shape = rows[side].nunique(), rows[DENSITY].nunique()
    loss = compared_loss(rows).reshape(shape[0] * shape[1], -1)
    places = lowest_place(loss)
    best = rows.iloc[np.arange(len(loss)) * loss.shape[1] + places]
    usable = np.isfinite(np.take_along_axis(loss, places[:, None], axis=1)[:, 0])
    predicted = phases_of(best, "least_W")
    phase = np.where(usable, phases_of(best, "W"), UNKNOWN)
    settled = (predicted != UNKNOWN) & (phase != UNKNOWN) & (extrapolated(best) == phase)
    return OptimumDiagram(
        conditions=best["condition"].to_numpy().reshape(shape),
        theory=predicted.reshape(shape),
        boundary=theory.at_boundary(predicted.reshape(shape)),
        phase=phase.reshape(shape),
        settled=settled.reshape(shape),
    )


def phases_of(rows: pd.DataFrame, name: str) -> np.ndarray:
    """The phase of the last feature in each row's matrix of this name, (rows,)."""
    if name not in rows:
        return np.full(len(rows), UNKNOWN)
    m, n = (int(rows[size].iloc[0]) for size in ("d_hidden", "n_features"))
    matrices = [np.asarray(W, float).reshape(m, n) for W in rows[name]]
    return contrastive_phase_of_last(np.stack(matrices))


def extrapolated(rows: pd.DataFrame) -> np.ndarray:
    """The phases if the change since the half-length run happened once more, (rows,)."""
    whole = [rows[name].to_numpy(float) for name in LAST_COLUMNS]
    half = [np.array([short[name] for short in rows[HALF]], float) for name in LAST_COLUMNS]
    # A feature of length 0 has no direction, so its overlap cannot have changed.
    half[1] = np.where(half[0] == 0, whole[1], half[1])
    ahead = [2 * value - short for value, short in zip(whole, half, strict=True)]
    return contrastive_phase(ahead[0], ahead[1], int(rows["d_hidden"].iloc[0]))

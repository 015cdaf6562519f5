"""A phase diagram: what became of the last feature in each cell, beside what theory says of it.

Of the restarts of a cell the one with the lowest exact loss counts; see `restarts`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toysup import theory
from toysup.claims.found import Found
from toysup.claims.truth import Truth
from toysup.claims.units import Units
from toysup.columns import HALF
from toysup.spec.claim import Claim, required
from toysup.spec.diagram import ALONG, UP
from toysup.verdict.restarts import exact_loss, lowest_place
from toysup.verdict.statistics import Interval

UNKNOWN = -1
LAST = ("last_norm", "last_interference")


@dataclass(frozen=True)
class Diagram:
    """Cells as (rows, columns): relative importance upwards, density from dense to sparse.

    Phases are places in theory.PHASES, UNKNOWN where there is none. What is of restarts is of all
    of them, (rows, columns, seeds).
    """

    densities: np.ndarray
    importances: np.ndarray
    n_features: int
    d_hidden: int
    conditions: np.ndarray
    theory: np.ndarray
    boundary: np.ndarray  # within one cell of another phase of theory's
    norm: np.ndarray
    interference: np.ndarray
    loss: np.ndarray  # expected, exact; NaN where it diverged
    phases: np.ndarray
    later: np.ndarray  # what they would be after one more move like that from half of the run
    lowest: np.ndarray  # (rows, columns): the restart with the lowest loss

    def of_lowest(self, values: np.ndarray) -> np.ndarray:
        """What each cell's lowest-loss restart has of `values`."""
        return np.take_along_axis(values, self.lowest[..., None], axis=-1)[..., 0]

    @property
    def phase(self) -> np.ndarray:
        return self.of_lowest(self.phases)

    @property
    def settled(self) -> np.ndarray:
        """Whether its norm and interference do not move towards another phase that far."""
        return (self.phase != UNKNOWN) & (self.of_lowest(self.later) == self.phase)

    @property
    def agreement(self) -> np.ndarray:
        """The share of a cell's restarts that are in the phase of theory's."""
        return (self.phases == self.theory[..., None]).mean(axis=-1)


def diagram(rows: pd.DataFrame) -> Diagram:
    """The diagram of rows that are a grid of cells, each with the same seeds, and nothing else."""
    rows = rows.sort_values([UP, ALONG, "seed"], ascending=[True, False, True])
    importances, densities = (rows[name].unique() for name in (UP, ALONG))
    shape = len(importances), len(densities), -1
    n, m = int(rows["n_features"].iloc[0]), int(rows["d_hidden"].iloc[0])
    loss = exact_loss(rows)
    lost = np.isnan(loss)
    loss = loss.reshape(shape)
    norm, interference = now = [rows[name].to_numpy(float) for name in LAST]
    half = [np.array([short[name] for short in rows[HALF]], float) for name in LAST]
    # A feature of length 0 has no direction, and so no interference that could have moved.
    half[1] = np.where(half[0] == 0, interference, half[1])
    further = [2 * value - short for value, short in zip(now, half, strict=True)]
    phases, later = (
        np.where(lost, UNKNOWN, theory.phase_of_last(*of_time)).reshape(shape)
        for of_time in (now, further)
    )
    predicted = theory.mse_phases(densities[None], importances[:, None], n, m)
    return Diagram(
        densities=densities,
        importances=importances,
        n_features=n,
        d_hidden=m,
        conditions=rows["condition"].to_numpy().reshape(shape)[..., 0],
        theory=predicted,
        boundary=theory.at_boundary(predicted),
        norm=norm.reshape(shape),
        interference=interference.reshape(shape),
        loss=loss,
        phases=phases,
        later=later,
        lowest=lowest_place(loss),
    )


class ByTheory:
    """Cells are in the phase that the closed form says, further than a cell from its boundary."""

    comparisons = 0

    def __init__(self, claim: Claim, units: Units):
        self.claim = claim
        chosen = units.conditions[units.chosen(claim.rows)]
        self.diagram = diagram(units.rows[units.rows["condition"].isin(chosen)])

    def decide(self, confidence: float) -> Found:
        found = self.diagram
        right = found.phase == found.theory
        known, inside = found.settled, ~found.boundary
        low, high = (right & known)[inside], (right | ~known)[inside]
        share = Interval(right[inside].mean(), low.mean(), high.mean())
        truth, good = self.truth(share), right & known
        behind = inside & (good if truth else ~good)
        return Found(
            truths=[truth],
            unjudged=0,
            conditions=[tuple(found.conditions[behind].tolist())],
            effect=share,
            unit=f"share of {inside.sum()} cells in their phase, {found.boundary.sum()} at the "
            f"boundary left out (of all {right.size} cells {right.mean():.3f})",
        )

    def truth(self, share: Interval) -> Truth:
        """Whether it is above the level, whatever is made of the cells that are not settled."""
        level = required(self.claim.above)
        return True if share.low > level else False if share.high <= level else None

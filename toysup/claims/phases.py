"""A phase diagram: the phase of the last feature in each cell, as trained and in theory.

The restart with the lowest exact loss represents its cell; see `verdict.restarts`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toysup import theory
from toysup.claims.optimum import UNKNOWN, optimum_diagram
from toysup.claims.rule_result import RuleResult
from toysup.claims.truth import Truth
from toysup.claims.units import Units
from toysup.columns import HALF
from toysup.spec.claim import Claim, Seeds, required
from toysup.spec.diagram import DENSITY, IMPORTANCE, INFONCE_OPTIMUM
from toysup.verdict.restarts import exact_loss, lowest_place, mean_without_worst
from toysup.verdict.statistics import Interval

LAST_COLUMNS = ("last_norm", "last_interference")


@dataclass(frozen=True)
class Diagram:
    """Cells as (rows, columns): relative importance upwards, density from dense to sparse.

    A phase is an index into theory.PHASES, or UNKNOWN. `norm`, `interference`, `ahead`, `loss`,
    `phases` and `extrapolated` have one value per restart, (rows, columns, seeds).
    """

    densities: np.ndarray
    importances: np.ndarray
    n_features: int
    d_hidden: int
    conditions: np.ndarray
    theory: np.ndarray
    boundary: np.ndarray  # bool: within one cell of another phase in theory
    norm: np.ndarray
    interference: np.ndarray
    loss: np.ndarray  # the exact expected loss; NaN where the restart diverged
    ahead: tuple[np.ndarray, np.ndarray]  # norm and interference if that happened once more
    phases: np.ndarray
    extrapolated: np.ndarray  # phases if the change since the half-length run happened once more
    lowest: np.ndarray  # (rows, columns): index of the restart with the lowest loss

    def of_lowest(self, values: np.ndarray) -> np.ndarray:
        """The value of each cell's lowest-loss restart, (rows, columns)."""
        return np.take_along_axis(values, self.lowest[..., None], axis=-1)[..., 0]

    @property
    def phase(self) -> np.ndarray:
        return self.of_lowest(self.phases)

    @property
    def settled(self) -> np.ndarray:
        """Whether the phase is known and extrapolation does not change it, (rows, columns)."""
        return (self.phase != UNKNOWN) & (self.of_lowest(self.extrapolated) == self.phase)

    def mean(self, norm: np.ndarray, interference: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The means of both over a cell's restarts without its worst, (rows, columns).

        A feature of length 0 has no direction, and no interference.
        """
        both = norm, np.where(norm == 0, 0, interference)
        loss = np.where(np.isnan(self.loss), np.inf, self.loss)
        norm, interference = (mean_without_worst(values, loss)[..., 0] for values in both)
        return norm, interference

    @property
    def phase_of_mean(self) -> np.ndarray:
        """The phase of the mean restart, as the paper averages, (rows, columns)."""
        return known_phase(*self.mean(self.norm, self.interference))

    @property
    def mean_settled(self) -> np.ndarray:
        """Whether the phase of the mean is known and extrapolation does not change it."""
        found = self.phase_of_mean
        return (found != UNKNOWN) & (known_phase(*self.mean(*self.ahead)) == found)

    @property
    def agreement(self) -> np.ndarray:
        """The share of a cell's restarts that are in the phase of theory, (rows, columns)."""
        return (self.phases == self.theory[..., None]).mean(axis=-1)


def known_phase(norm: np.ndarray, interference: np.ndarray) -> np.ndarray:
    """The phase of a feature of this norm and interference; UNKNOWN where the norm is."""
    return np.where(np.isnan(norm), UNKNOWN, theory.phase_of_last(norm, interference))


def diagram(rows: pd.DataFrame) -> Diagram:
    """The diagram of `rows`, which must be one grid of cells with the same seeds in each."""
    rows = rows.sort_values([IMPORTANCE, DENSITY, "seed"], ascending=[True, False, True])
    importances, densities = (rows[name].unique() for name in (IMPORTANCE, DENSITY))
    shape = len(importances), len(densities), -1
    n, m = int(rows["n_features"].iloc[0]), int(rows["d_hidden"].iloc[0])
    loss = exact_loss(rows)
    unknown = np.isnan(loss)
    loss = loss.reshape(shape)
    norm, interference = whole = [rows[name].to_numpy(float) for name in LAST_COLUMNS]
    half = [np.array([short[name] for short in rows[HALF]], float) for name in LAST_COLUMNS]
    # A feature of length 0 has no direction, so its interference cannot have changed.
    half[1] = np.where(half[0] == 0, interference, half[1])
    ahead = [2 * value - short for value, short in zip(whole, half, strict=True)]
    phases, extrapolated = (
        np.where(unknown, UNKNOWN, theory.phase_of_last(*values)).reshape(shape)
        for values in (whole, ahead)
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
        ahead=(ahead[0].reshape(shape), ahead[1].reshape(shape)),
        phases=phases,
        extrapolated=extrapolated,
        lowest=lowest_place(loss),
    )


class ByTheory:
    """True if enough cells off the boundary are in the phase that theory says."""

    comparisons = 0

    def __init__(self, claim: Claim, units: Units):
        self.claim = claim
        chosen = units.conditions[units.select(claim.rows)]
        rows = units.rows[units.rows["condition"].isin(chosen)]
        of_optimum = claim.theory == INFONCE_OPTIMUM
        self.diagram = optimum_diagram(rows) if of_optimum else diagram(rows)

    def decide(self, confidence: float) -> RuleResult:
        found = self.diagram
        phase, settled = found.phase, found.settled
        if isinstance(found, Diagram) and self.claim.seeds == Seeds.BUT_WORST:
            phase, settled = found.phase_of_mean, found.mean_settled
        agrees = phase == found.theory
        inside = ~found.boundary
        low, high = (agrees & settled)[inside], (agrees | ~settled)[inside]
        share = Interval(agrees[inside].mean(), low.mean(), high.mean())
        truth, confirmed = self.truth(share), agrees & settled
        deciding = inside & (confirmed if truth else ~confirmed)
        return RuleResult(
            truths=[truth],
            unjudged=0,
            conditions=[tuple(found.conditions[deciding].tolist())],
            effect=share,
            unit=f"share of {inside.sum()} cells in their phase, {found.boundary.sum()} at the "
            f"boundary left out (of all {agrees.size} cells {agrees.mean():.3f})",
        )

    def truth(self, share: Interval) -> Truth:
        """Whether the share is above the level, whatever the cells that have not settled do."""
        level = required(self.claim.above)
        return True if share.low > level else False if share.high <= level else None

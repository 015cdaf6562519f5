"""The best code of a size, by direct minimisation from a few starts.

L-BFGS on unit vectors, from random directions, antipodal pairs and antipodal tight frames. It can
only be too high. It is deterministic unless it runs into its budget.

Source: Jiang et al. 2024 ("softmax codes") for the view; Nocedal & Wright 2006, section 17.3, for
the augmented Lagrangian that tells directions apart.
"""

import time
from typing import Protocol

import numpy as np
from scipy.optimize import minimize

from toysup.geometry.arrangements import (
    equal_norm_tight_frames,
    random_directions,
    unit_columns,
)
from toysup.geometry.potentials import off_diagonal
from toysup.geometry.sharing import FEASIBLE, told_apart_cosine

BUDGET = 60.0  # seconds, after which the best so far is the answer
SEED = 0
STARTS = 2  # of each kind
WORK, WORK_A_COSINE = 1e11, 60  # of a search, in r^2 (m + 60) a step: half a minute on one core
FOLLOWED = 3  # of the rough minima, the best, that are followed to their end
GROUPS = (3, 5, 7, 9, 11, 13, 15)  # of directions in the plane: an odd number leaves out opposites
PUSH = 0.05  # what a start that is flat, but no minimum, is moved by
APART = 0.02  # what directions that have become one are moved by
ROUGH_STEPS, STEPS = 300, 3000  # of a first descent from every start, and of those followed
ROUGH, EXACT = 1e-10, 1e-15  # relative falls of the energy in a step that end a descent
STIFFNESS = 20.0  # of the penalty: at first its slope at a cosine of 1 is 20 times that of P
MULTIPLIER_ROUNDS = 40
ENOUGH, STIFFER = 0.25, 4.0  # a round that leaves more of the excess than this makes it stiffer
MOST_DIRECTIONS = 4000  # the cosines of more fill the memory, and one step the budget


class Energy(Protocol):
    """What a search makes least: a `Potential`, or another function of all cosines."""

    @property
    def told_apart(self) -> bool:
        """Whether a code may have no cosine above that of codes told apart."""
        ...

    def terms(self, cosines: np.ndarray, /) -> tuple[float, np.ndarray]:
        """The total of `off_diagonal` cosines `(r, r)`, and its slope along each: symmetric."""
        ...

    def energy(self, U: np.ndarray, /) -> float:
        """The energy of unit columns `(m, r)`, which rises with the total."""
        ...


class Descent:
    """Descents of one potential, for `r` directions in `m` dimensions, until a deadline."""

    def __init__(self, potential: Energy, r: int, m: int, deadline: float = np.inf):
        self.potential, self.r, self.m, self.deadline = potential, r, m, deadline
        self.top = told_apart_cosine(r, m) if potential.told_apart else np.inf
        self.softest = STIFFNESS / (1 - self.top) if self.top < 1 else 0.0
        self.stiffness = self.softest
        # Multipliers over twice the stiffness: how much sooner than at the top a pair is pushed.
        self.sooner: np.ndarray | float = 0.0

    def objective(self, flat: np.ndarray) -> tuple[float, np.ndarray]:
        """sum_{i != j} f(c_ij) plus the penalty, and its gradient in unnormalised vectors."""
        X = flat.reshape(self.m, self.r)
        lengths = np.linalg.norm(X, axis=0)
        U = X / lengths
        cosines = off_diagonal(U)
        total, slopes = self.potential.terms(cosines)
        if np.isfinite(self.top):
            over = np.maximum(cosines - (self.top - self.sooner), 0)
            total += self.stiffness * float(np.vdot(over, over))
            slopes = slopes + 2 * self.stiffness * over
        gradient = 2 * (U @ slopes)
        gradient -= U * (U * gradient).sum(axis=0)  # moving along u_i only changes a norm
        return total, (gradient / lengths).ravel()

    def descend(self, start: np.ndarray, steps: int, precision: float = EXACT) -> np.ndarray:
        """The unit vectors of the local minimum below `start` `(m, r)`."""

        def in_time(intermediate_result):
            if time.monotonic() > self.deadline:
                raise StopIteration

        found = minimize(
            self.objective,
            start.ravel(),
            jac=True,
            method="L-BFGS-B",
            callback=in_time if np.isfinite(self.deadline) else None,
            options={
                "maxiter": steps,
                "maxfun": 2 * steps,
                "gtol": 1e-9,
                "ftol": precision,
                "maxcor": 20,
            },
        )
        return unit_columns(found.x.reshape(start.shape))

    def tell_apart(self, U: np.ndarray, steps: int) -> np.ndarray:
        """The local minimum near `U` among codes with no cosine above that of codes told apart."""
        before = np.inf
        if off_diagonal(U).max() > self.top + FEASIBLE:
            # The gradient does not part directions that are exactly one.
            noise = np.random.default_rng(SEED).standard_normal(U.shape)
            U = self.descend(U + APART * noise / np.sqrt(self.m), steps, ROUGH)
        for _ in range(MULTIPLIER_ROUNDS):
            over = off_diagonal(U) - self.top
            if over.max() <= FEASIBLE or time.monotonic() > self.deadline:
                break
            self.sooner = np.maximum(over + self.sooner, 0)
            if over.max() > ENOUGH * before:
                self.stiffness *= STIFFER
                self.sooner /= STIFFER
            before = over.max()
            U = self.descend(U, steps, ROUGH)
        self.stiffness, self.sooner = self.softest, 0.0
        return U

    def is_told_apart(self, U: np.ndarray) -> bool:
        return bool(off_diagonal(U).max() <= self.top + FEASIBLE)


def antipodal(half: np.ndarray, r: int) -> np.ndarray:
    """`r` of the directions of `half` and their opposites."""
    return np.concatenate([half, -half], axis=1)[:, :r]


def arcs(r: int, count: int) -> np.ndarray:
    """`r` directions in the plane in evenly spaced groups, as close as they are told apart."""
    group = np.arange(r) % count
    turn = np.arccos(told_apart_cosine(r, 2))
    angle = 2 * np.pi * group / count + turn * (np.arange(r) // count)
    return np.stack([np.cos(angle), np.sin(angle)])


def starts(rng: np.random.Generator, r: int, m: int, each: int = STARTS) -> list[np.ndarray]:
    """Directions to descend from, `each` of every kind: the most promising first."""
    found, half = [], (r + 1) // 2
    for _ in range(each):
        frame = equal_norm_tight_frames(rng, 1, m, half)[0]
        lines = random_directions(rng, 1, m, half)[0]
        found += [antipodal(frame, r), antipodal(lines, r), random_directions(rng, 1, m, r)[0]]
    found = [start + PUSH * rng.standard_normal(start.shape) / np.sqrt(m) for start in found]
    if m == 2:
        found += [arcs(r, count) for count in GROUPS if count < r]
    return found


def best_code(
    potential: Energy, r: int, m: int, budget: float = BUDGET, each: int = STARTS
) -> np.ndarray | None:
    """The unit columns `(m, r)` of least energy that a search finds in `budget` seconds, with
    `each` starts of every kind.

    A third of the steps, at most, goes to all starts, and the rest to the best of them. None where
    there are too many directions to search, or no time to tell any code apart.
    """
    if r > MOST_DIRECTIONS:
        return None
    descent = Descent(potential, r, m, time.monotonic() + budget)
    left = int(WORK / (r**2 * (m + WORK_A_COSINE)))
    begun = starts(np.random.default_rng([SEED, r, m]), r, m, each)
    rough, ends = min(ROUGH_STEPS, left // (3 * len(begun))), []
    for start in begun:
        U = descent.descend(start, rough)
        ends.append((descent.objective(U.ravel())[0], len(ends), U))
        if time.monotonic() > descent.deadline:
            break
    left -= rough * len(begun)
    found, least = None, np.inf
    for _, _, U in sorted(ends)[:FOLLOWED]:
        steps = min(STEPS, left)
        U = descent.tell_apart(descent.descend(U, steps), steps // 4)
        if descent.is_told_apart(U) and potential.energy(U) < least:
            found, least = U, potential.energy(U)
        left -= steps
        if left <= 0 or time.monotonic() > descent.deadline:
            break
    return found

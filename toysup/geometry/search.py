"""The best code of a size, by direct minimisation from a few starts.

L-BFGS on unit vectors, from random directions, antipodal pairs and antipodal tight frames. It can
only be too high. It is deterministic unless it runs into its budget.

Source: Jiang et al. 2024 ("softmax codes") for the view; Nocedal & Wright 2006, section 17.3, for
the augmented Lagrangian that tells directions apart.
"""

import time

import numpy as np
from scipy.optimize import minimize

from toysup.geometry.arrangements import equal_norm_tight_frames, random_directions
from toysup.geometry.potentials import Potential, off_diagonal
from toysup.geometry.sharing import sharing_cosine

BUDGET = 60.0  # seconds, after which the best so far is the answer
SEED = 0
STARTS = 2  # of each kind
FOLLOWED = 3  # of the rough minima, the best, that are followed to their end
PUSH = 0.05  # what a start that is flat, but no minimum, is moved by
APART = 0.02  # what directions that have become one are moved by
ROUGH_STEPS, STEPS = 300, 3000  # of a first descent from every start, and of those followed
ROUGH, EXACT = 1e-10, 1e-15  # relative falls of the energy in a step that end a descent
STIFFNESS = 100.0  # of the penalty on cosines above the sharing cosine, at first
MULTIPLIER_ROUNDS = 40
ENOUGH, STIFFER = 0.25, 4.0  # a round that leaves more of the excess than this makes it stiffer
FEASIBLE = 1e-6  # a cosine so little above the sharing cosine is not above it
MOST_DIRECTIONS = 4000  # the cosines of more fill the memory, and one step the budget


class Descent:
    """Descents of one potential, for `r` directions in `m` dimensions, until a deadline."""

    def __init__(self, potential: Potential, r: int, m: int, deadline: float = np.inf):
        self.potential, self.r, self.m, self.deadline = potential, r, m, deadline
        self.top = sharing_cosine(r, m) if potential.told_apart else np.inf
        self.stiffness = STIFFNESS
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
        X = found.x.reshape(start.shape)
        return X / np.linalg.norm(X, axis=0)

    def tell_apart(self, U: np.ndarray) -> np.ndarray:
        """The local minimum near `U` among codes with no cosine above the sharing cosine."""
        before = np.inf
        if off_diagonal(U).max() > self.top + FEASIBLE:
            # The gradient does not part directions that are exactly one.
            noise = np.random.default_rng(SEED).standard_normal(U.shape)
            U = self.descend(U + APART * noise / np.sqrt(self.m), STEPS, ROUGH)
        for _ in range(MULTIPLIER_ROUNDS):
            over = off_diagonal(U) - self.top
            if over.max() <= FEASIBLE or time.monotonic() > self.deadline:
                break
            self.sooner = np.maximum(over + self.sooner, 0)
            if over.max() > ENOUGH * before:
                self.stiffness *= STIFFER
                self.sooner /= STIFFER
            before = over.max()
            U = self.descend(U, STEPS, ROUGH)
        self.stiffness, self.sooner = STIFFNESS, 0.0
        return U

    def is_told_apart(self, U: np.ndarray) -> bool:
        return bool(off_diagonal(U).max() <= self.top + FEASIBLE)


def antipodal(half: np.ndarray, r: int) -> np.ndarray:
    """`r` of the directions of `half` and their opposites."""
    return np.concatenate([half, -half], axis=1)[:, :r]


def starts(rng: np.random.Generator, r: int, m: int) -> list[np.ndarray]:
    """Directions to descend from: the most promising first."""
    found, half = [], (r + 1) // 2
    for _ in range(STARTS):
        frame = equal_norm_tight_frames(rng, 1, m, half)[0]
        lines = random_directions(rng, 1, m, half)[0]
        found += [antipodal(frame, r), antipodal(lines, r), random_directions(rng, 1, m, r)[0]]
    return [start + PUSH * rng.standard_normal(start.shape) / np.sqrt(m) for start in found]


def best_code(potential: Potential, r: int, m: int, budget: float = BUDGET) -> np.ndarray | None:
    """The unit columns `(m, r)` of least energy that a search finds in `budget` seconds.

    None where there are too many directions to search, or no time to tell any code apart.
    """
    if r > MOST_DIRECTIONS:
        return None
    descent = Descent(potential, r, m, time.monotonic() + budget)
    ends = []
    for start in starts(np.random.default_rng([SEED, r, m]), r, m):
        U = descent.descend(start, ROUGH_STEPS)
        ends.append((descent.objective(U.ravel())[0], len(ends), U))
        if time.monotonic() > descent.deadline:
            break
    found, least = None, np.inf
    for _, _, rough in sorted(ends)[:FOLLOWED]:
        U = descent.tell_apart(descent.descend(rough, STEPS))
        if descent.is_told_apart(U) and potential.energy(U) < least:
            found, least = U, potential.energy(U)
        if time.monotonic() > descent.deadline:
            break
    return found

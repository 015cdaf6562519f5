"""Computes `packing.json`, the best achievable positive interference: `python -m toysup.packing`.

For `r` unit vectors in `m` dimensions it minimises E = sum_{i != j} relu(c_ij)^2 by L-BFGS, from
random starts and from what is known by then: a direct sum of two smaller optima, the optimum of
r - 1 with a vector added, that of r + 1 with one removed, and the best of r with some vectors
moved elsewhere. Each value is the energy of vectors that were found, so it can only be too high,
and the table says where searches disagree. It is deterministic, and takes eight minutes.

Source: Rankin 1955 for r <= 2 m; Jiang et al. 2024 ("softmax codes") for the packing view.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from toysup.geometry import PACKING, antipodal_pairs, packing_optimum, random_directions

LARGEST_M = 10
LARGEST_R = 64
SEED = 0
FOUND_OFTEN = 10  # random starts that must reach the best value before a search may end early
MOST_STARTS = (60, 600)  # where it ends otherwise, for the largest and the smallest problems
START_ENTRIES = 40_000  # between these, starts times m r
SWEEPS = 8  # passes over all r, at most, in which neighbours improve each other
KICKS = 8  # per pass and r: the best with vectors moved, one half of the time, else more
PROMISING = 1e-2  # relative: a rough minimum this close to the best is followed to its end
TOLERANCE = 1e-6  # in P: values closer than this are the same


def energy(flat: np.ndarray, m: int, r: int) -> tuple[float, np.ndarray]:
    """E = sum_{i != j} relu(c_ij)^2 and its gradient in the (unnormalised) vectors `(m, r)`."""
    X = flat.reshape(m, r)
    a = np.linalg.norm(X, axis=0)
    U = X / a
    positive = U.T @ U
    np.fill_diagonal(positive, 0)
    np.maximum(positive, 0, out=positive)
    gradient = 4 * (U @ positive)
    gradient -= U * (U * gradient).sum(axis=0)  # moving along u_i only changes a norm
    return float(np.vdot(positive, positive)), (gradient / a).ravel()


def descend(start: np.ndarray, precision: float = 1e-15) -> tuple[float, np.ndarray]:
    """The local minimum of the energy below `start` `(m, r)`, and its unit vectors."""
    found = minimize(
        energy,
        start.ravel(),
        args=start.shape,
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 5000, "maxfun": 10_000, "gtol": 1e-9, "ftol": precision, "maxcor": 20},
    )
    X = found.x.reshape(start.shape)
    return float(found.fun), X / np.linalg.norm(X, axis=0)


def normalised(value: float, r: int, m: int) -> float:
    """P, the energy over its mean for random directions, r (r - 1) / (2 m)."""
    return value / (r * (r - 1) / (2 * m))


def most_starts(r: int, m: int) -> int:
    """How many random starts a problem is given at most."""
    return int(np.clip(START_ENTRIES // (m * r), *MOST_STARTS))


def random_start(rng: np.random.Generator, r: int, m: int) -> np.ndarray:
    """Independent directions; with an even `r`, half of the time, antipodal pairs."""
    start = random_directions(rng, 1, m, r)[0]
    if r % 2 == 0 and rng.random() < 0.5:
        return np.concatenate([start[:, ::2], -start[:, ::2]], axis=1)
    return start


class Search:
    """The best vectors found so far for every (r, m)."""

    def __init__(self, largest_r: int, seed: int = SEED):
        self.largest_r = largest_r
        self.seed = seed
        self.best: dict[tuple[int, int], tuple[float, np.ndarray]] = {}
        self.energies: dict[tuple[int, int], list[float]] = {}  # of the random starts

    def known(self, r: int, m: int) -> tuple[float, np.ndarray]:
        """The best of (r, m); in one dimension, and up to 2 m vectors, by construction."""
        if (r, m) in self.best:
            return self.best[r, m]
        vectors = np.resize(antipodal_pairs(m).T, (r, m)).T if m == 1 else antipodal_pairs(m)[:, :r]
        return packing_optimum(r, m) * r * (r - 1) / (2 * m) if r > 1 else 0.0, vectors

    def offer(self, r: int, m: int, start: np.ndarray) -> float:
        """Descend from a start, and keep it if it is the best."""
        found = descend(start, precision=1e-11)
        best = self.best.get((r, m), (np.inf, start))
        if found[0] < (1 + PROMISING) * best[0]:
            found = descend(found[1])
        # Rounding is no improvement: without this margin the passes would never settle.
        if found[0] < best[0] * (1 - 1e-9):
            self.best[r, m] = found
        return found[0]

    def times_found(self, r: int, m: int) -> int:
        """How many of the random starts ended in the best value."""
        excess = normalised(np.array(self.energies[r, m]) - self.best[r, m][0], r, m)
        return int((excess < TOLERANCE).sum())

    def sums(self, r: int, m: int, count: int = 4) -> list[np.ndarray]:
        """The best direct sums: two smaller optima in orthogonal subspaces do not interfere."""
        splits = []
        for k in range(1, m // 2 + 1):
            for s in range(1, r):
                value = self.known(s, k)[0] + self.known(r - s, m - k)[0]
                splits.append((value, k, s))
        starts = []
        for _, k, s in sorted(splits)[:count]:
            start = np.zeros((m, r))
            start[:k, :s] = self.known(s, k)[1]
            start[k:, s:] = self.known(r - s, m - k)[1]
            # Orthogonality is a saddle as often as a minimum: a small push lets it go.
            rng = np.random.default_rng([self.seed, r, m, k, s])
            starts += [start, start + 0.05 * rng.standard_normal(start.shape)]
        return starts

    def begin(self, r: int, m: int, rng: np.random.Generator) -> None:
        """Direct sums, and random starts until the best of them is found again and again."""
        for start in self.sums(r, m):
            self.offer(r, m, start)
        self.energies[r, m] = [self.offer(r, m, random_start(rng, r, m))]
        while self.times_found(r, m) < FOUND_OFTEN:
            if len(self.energies[r, m]) >= most_starts(r, m):
                break
            self.energies[r, m].append(self.offer(r, m, random_start(rng, r, m)))

    def improve(self, r: int, m: int, rng: np.random.Generator) -> None:
        """Starts from the neighbours' best and from the own."""
        fewer, own = self.known(r - 1, m)[1], self.best[r, m][1]
        starts = [np.concatenate([fewer, d], axis=1) for d in random_directions(rng, 2, m, 1)]
        if (r + 1, m) in self.best:
            more = self.best[r + 1, m][1]
            burden = (np.maximum(more.T @ more, 0) ** 2).sum(axis=0)
            chosen = [*np.argsort(-burden, kind="stable")[:2], rng.integers(r + 1)]
            starts += [np.delete(more, i, axis=1) for i in chosen]
        for kick in range(KICKS):
            moved = 1 if kick % 2 else rng.integers(2, max(3, r // 3 + 1))
            start = own.copy()
            start[:, rng.permutation(r)[:moved]] = random_directions(rng, 1, m, moved)[0]
            starts.append(start)
        for start in starts:
            self.offer(r, m, start)

    def solve(self, m: int) -> None:
        """Every r of one m: fresh starts, then passes down and up until one changes nothing."""
        rows = range(2 * m + 1, self.largest_r + 1)
        rng = np.random.default_rng([self.seed, m])
        for r in rows:
            self.begin(r, m, rng)
        for sweep in range(SWEEPS):
            before = [self.best[r, m][0] for r in rows]
            for r in rows if sweep % 2 else reversed(rows):
                self.improve(r, m, rng)
            if before == [self.best[r, m][0] for r in rows]:
                break


def table(largest_m: int = LARGEST_M, largest_r: int = LARGEST_R) -> dict:
    """The content of `packing.json`: how it was made, then P* by m and r."""
    search = Search(largest_r)
    optima, unsure = {}, {}
    for m in range(2, largest_m + 1):
        search.solve(m)
        rows = range(2 * m + 1, largest_r + 1)
        optima[m] = {r: round(normalised(search.best[r, m][0], r, m), 9) for r in rows}
        unsure[m] = [r for r in rows if search.times_found(r, m) < 2]
        print(f"packing: m = {m} of {largest_m}", file=sys.stderr)
    return {
        "what": "P*, the least sum_{i != j} relu(c_ij)^2 / (r (r - 1) / (2 m)) of r unit vectors "
        "in m dimensions, for r > 2 m; it is 0 for r <= 2 m",
        "command": "python -m toysup.packing",
        "method": "L-BFGS on unit vectors from random, antipodal and direct-sum starts, then "
        f"up to {SWEEPS} passes from neighbouring and partly moved optima (toysup/packing.py)",
        "random_starts": f"until {FOUND_OFTEN} reach the best value, or {MOST_STARTS[0]} to "
        f"{MOST_STARTS[1]} ({START_ENTRIES} / (m r))",
        "seed": SEED,
        "tolerance": TOLERANCE,
        "accuracy": "four searches with other budgets agreed within the tolerance for m = 2 and "
        "for every r <= 18 (m = 5: r <= 21); beyond, where many local minima are nearly as good, "
        "they differed by at most 0.0093 in P and 1.7% in 1 - P*",
        "unsure": {m: " ".join(map(str, rows)) for m, rows in unsure.items() if rows},
        "unsure_means": "fewer than two random starts reached the value within the tolerance, so "
        "that a longer search may find a slightly lower one",
        "optima": optima,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m toysup.packing", description=__doc__)
    parser.add_argument("--out", type=Path, default=PACKING, help="the file to write")
    out = parser.parse_args().out
    out.write_text(json.dumps(table(), indent=1) + "\n", encoding="utf-8")

"""Computes `optima.json`, the optima of common sizes: `python -m toysup.geometry.table`.

For both potentials it descends from random starts and from what is known by then: a direct sum of
two smaller codes, the code of r - 1 with a vector added, that of r + 1 with one removed, and the
best of r with some vectors moved elsewhere. A few large sizes are searched as they are on demand.
Each value is the energy of vectors that were found, so it can only be too high; beside it stands
the lower bound of linear programming. It is deterministic, and takes a quarter of an hour.

Source: Rankin 1955 for r <= 2 m; Jiang et al. 2024 ("softmax codes") for the packing view.
"""

import argparse
import json
import sys

import numpy as np

from toysup.geometry.arrangements import antipodal_pairs, random_directions
from toysup.geometry.optimum import EXPONENTIAL_PROBLEM, PACKING_PROBLEM, TABLE, Problem
from toysup.geometry.potentials import off_diagonal
from toysup.geometry.search import (
    GROUPS,
    PUSH,
    ROUGH,
    SEED,
    STEPS,
    Descent,
    antipodal,
    arcs,
    best_code,
)

LARGEST_M = 10
LARGEST_R = 64
LARGE = ((80, 20), (100, 20), (100, 40), (200, 10), (240, 8), (400, 30), (400, 64), (1000, 64))
FOUND_OFTEN = 4  # random starts that must reach the best value before a search may end early
MOST_STARTS = (5, 40)  # where it ends otherwise, for the largest and the smallest problems
START_ENTRIES = 3000  # between these, starts times m r
SWEEPS = 2  # passes over all r, at most, in which neighbours improve each other
KICKS = 3  # per pass and r: the best with vectors moved, one half of the time, else more
PROMISING = 2e-3  # relative: a rough minimum this close to the best is followed to its end
TOLERANCE = 1e-6  # relative: values closer than this are the same
BETTER = 1e-9  # relative: rounding is no improvement, or the passes would never settle


def most_starts(r: int, m: int) -> int:
    """How many random starts a size is given at most."""
    return int(np.clip(START_ENTRIES // (m * r), *MOST_STARTS))


def random_start(rng: np.random.Generator, r: int, m: int) -> np.ndarray:
    """Independent directions, or antipodal pairs half of the time."""
    if rng.random() < 0.5:
        return antipodal(random_directions(rng, 1, m, (r + 1) // 2)[0], r)
    return random_directions(rng, 1, m, r)[0]


class Search:
    """The best codes found so far of every (r, m), for one potential."""

    def __init__(self, problem: Problem, largest_r: int):
        self.problem, self.potential, self.largest_r = problem, problem.potential, largest_r
        self.best: dict[tuple[int, int], tuple[float, np.ndarray]] = {}
        self.least: dict[tuple[int, int], float] = {}  # with a penalty, before telling apart
        self.ends: dict[tuple[int, int], list[float]] = {}  # energies, of the random starts

    def known(self, r: int, m: int) -> tuple[float, np.ndarray]:
        """The best code of (r, m), or, where none was searched for, some of the antipodal pairs."""
        if (r, m) in self.best:
            return self.best[r, m]
        U = np.resize(antipodal_pairs(m).T, (r, m)).T
        return (self.potential.energy(U) if r > 1 else 0.0), U

    def offer(self, r: int, m: int, start: np.ndarray) -> float:
        """Descend from a start, and keep what is found if it is the best.

        Telling apart takes long, so it is left to what is promising before.
        """
        descent = Descent(self.potential, r, m)
        U = descent.descend(start, STEPS, ROUGH)
        energy = descent.objective(U.ravel())[0]
        least = self.least[r, m] = min(energy, self.least.get((r, m), np.inf))
        if energy < (1 + PROMISING) * least:
            U = descent.tell_apart(descent.descend(U, STEPS), STEPS)
            best = self.best.get((r, m), (np.inf, U))[0]
            found = self.potential.energy(U)
            if found < best * (1 - BETTER) and descent.is_told_apart(U):
                self.best[r, m] = found, U
            return found
        return np.inf

    def times_found(self, r: int, m: int) -> int:
        """How many of the random starts ended in the best value."""
        ends, best = np.array(self.ends[r, m]), self.best[r, m][0]
        return int((np.abs(ends - best) < TOLERANCE * best).sum())

    def sums(self, r: int, m: int, count: int = 2) -> list[np.ndarray]:
        """The best direct sums: two smaller codes in orthogonal subspaces do not interfere."""
        splits = []
        for k in range(1, m // 2 + 1):
            for s in range(1, r):
                # The potentials of two orthogonal directions are 0 or 1, the same for each split.
                parts = ((s, k), (r - s, m - k))
                total = sum(
                    self.potential.terms(off_diagonal(self.known(*part)[1]))[0] for part in parts
                )
                across = 2 * s * (r - s) * float(self.potential.value(np.zeros(1))[0])
                splits.append((total + across, k, s))
        starts = []
        for _, k, s in sorted(splits)[:count]:
            start = np.zeros((m, r))
            start[:k, :s] = self.known(s, k)[1]
            start[k:, s:] = self.known(r - s, m - k)[1]
            # Orthogonality is a saddle as often as a minimum: a small push lets it go.
            rng = np.random.default_rng([SEED, r, m, k, s])
            starts += [start, start + PUSH * rng.standard_normal(start.shape)]
        return starts

    def begin(self, r: int, m: int, rng: np.random.Generator) -> None:
        """Direct sums, and random starts until the best of them is found again and again."""
        for start in self.sums(r, m):
            self.offer(r, m, start)
        if m == 2:
            for count in GROUPS:
                self.offer(r, m, arcs(r, count))
        self.ends[r, m] = []
        while len(self.ends[r, m]) < most_starts(r, m):
            self.ends[r, m].append(self.offer(r, m, random_start(rng, r, m)))
            if (r, m) in self.best and self.times_found(r, m) >= FOUND_OFTEN:
                break

    def improve(self, r: int, m: int, rng: np.random.Generator) -> None:
        """Starts from the neighbours' best and from the own."""
        fewer, own = self.known(r - 1, m)[1], self.best[r, m][1]
        starts = [np.concatenate([fewer, random_directions(rng, 1, m, 1)[0]], axis=1)]
        if (r + 1, m) in self.best:
            more = self.best[r + 1, m][1]
            burden = self.potential.terms(off_diagonal(more))[1].sum(axis=0)
            chosen = [int(burden.argmax()), int(rng.integers(r + 1))]
            starts += [np.delete(more, i, axis=1) for i in chosen]
        for kick in range(KICKS):
            moved = 1 if kick % 2 else int(rng.integers(2, max(3, r // 3 + 1)))
            start = own.copy()
            start[:, rng.permutation(r)[:moved]] = random_directions(rng, 1, m, moved)[0]
            starts.append(start)
        for start in starts:
            self.offer(r, m, start)

    def sizes(self, m: int) -> list[int]:
        """Every r of one m that has no closed form."""
        return [r for r in range(3, self.largest_r + 1) if self.problem.closed(r, m) is None]

    def solve(self, m: int) -> None:
        """Every r of one m: fresh starts, then passes down and up until one changes nothing."""
        rows, rng = self.sizes(m), np.random.default_rng([SEED, m])
        for r in rows:
            self.begin(r, m, rng)
        for sweep in range(SWEEPS):
            before = [self.best[r, m][0] for r in rows]
            for r in rows if sweep % 2 else reversed(rows):
                self.improve(r, m, rng)
            if before == [self.best[r, m][0] for r in rows]:
                break


def interval(problem: Problem, r: int, m: int, found: float) -> list[float]:
    """[low, found] as it is stored: rounded away from each other, never across."""
    found = min(found, problem.without_search(r, m))
    return [np.floor(min(problem.low(r, m), found) * 1e9) / 1e9, np.ceil(found * 1e9) / 1e9]


def of_problem(
    problem: Problem, largest_m: int, largest_r: int, large: tuple[tuple[int, int], ...]
) -> tuple[dict, dict]:
    """[low, found] by m and r, and the sizes by m at which searches did not agree."""
    search, optima, unsure = Search(problem, largest_r), {}, {}
    for m in range(2, largest_m + 1):
        search.solve(m)
        optima[m] = {r: interval(problem, r, m, search.best[r, m][0]) for r in search.sizes(m)}
        few = [r for r in optima[m] if search.times_found(r, m) < 2]
        if optima[m]:
            unsure[m] = " ".join(map(str, few))
        print(f"{problem.potential.name}, m = {m}: {len(few)} unsure", file=sys.stderr, flush=True)
    for r, m in large:
        U = best_code(problem.potential, r, m, budget=np.inf)
        found = np.inf if U is None else problem.potential.energy(U)
        optima.setdefault(m, {})[r] = interval(problem, r, m, found)
        print(f"{problem.potential.name}: {r} in {m}", file=sys.stderr, flush=True)
    return {m: row for m, row in optima.items() if row}, unsure


def table(
    largest_m: int = LARGEST_M,
    largest_r: int = LARGEST_R,
    large: tuple[tuple[int, int], ...] = LARGE,
) -> dict:
    """The content of `optima.json`: how it was made, then [low, found] by potential, m and r."""
    problems = (PACKING_PROBLEM, EXPONENTIAL_PROBLEM)
    made = {p.potential.name: of_problem(p, largest_m, largest_r, large) for p in problems}
    return {
        "what": "[low, found] of the least energy of r unit vectors in m dimensions, where it has "
        "no closed form (toysup/geometry/optimum.py): a bound of linear programming, and the "
        "energy of the best code found",
        "packing": "sum_{i != j} relu(c_ij)^2 / (r (r - 1) / (2 m)), over codes without a cosine "
        "above told_apart_cosine(r, m) (toysup/geometry/sharing.py)",
        "exponential": "the mean of exp(c_ij / 0.1) over i != j",
        "command": "python -m toysup.geometry.table",
        "method": "L-BFGS on unit vectors from random, antipodal and direct-sum starts, then up to "
        f"{SWEEPS} passes from neighbouring and partly moved codes (toysup/geometry/table.py); "
        "beyond r = 64 or m = 10 the search of toysup/geometry/search.py alone",
        "random_starts": f"until {FOUND_OFTEN} reach the best value, or {MOST_STARTS[0]} to "
        f"{MOST_STARTS[1]} ({START_ENTRIES} / (m r))",
        "seed": SEED,
        "tolerance": TOLERANCE,
        "unsure": {name: unsure for name, (_, unsure) in made.items()},
        "unsure_means": "fewer than two random starts reached the value within the tolerance, so "
        "that a longer search may find a slightly lower one",
        "optima": {name: optima for name, (optima, _) in made.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", default=TABLE, help="where to write (default: the package's own)")
    path = parser.parse_args().out
    text = json.dumps(table(), indent=1)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text + "\n")


if __name__ == "__main__":
    main()

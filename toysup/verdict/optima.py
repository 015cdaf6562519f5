"""The best that the directions of a report could do, searched for where no table has it."""

import time

from toysup.geometry import (
    Optimum,
    exponential_optimum,
    known_exponential,
    known_packing,
    packing_optimum,
)

BUDGET = 120.0  # seconds that all searches of a report may take
TABLE_SIZE = 64  # directions up to which a table has most sizes
RUNG = 1.1  # from one size that is computed to the next
OPTIMA = {"packing": packing_optimum, "exponential": exponential_optimum}
KNOWN = {"packing": known_packing, "exponential": known_exponential}


def rungs(r: int) -> tuple[int, int]:
    """The even sizes at or just below and above `r` that are computed in its place.

    The best code of more directions, less its most burdened ones, has no more of either energy: so
    the optimum grows with r. The bound of the smaller size and the code of the larger one hold for
    all sizes between them.

    >>> rungs(20), rungs(65), rungs(400)
    ((20, 20), (64, 70), (392, 430))
    """
    if r <= TABLE_SIZE:
        return r, r
    below, size = TABLE_SIZE, float(TABLE_SIZE)
    while True:
        size *= RUNG
        above = 2 * round(size / 2)
        if above >= r:
            return below, above
        below = above


def in_a_table(potential: str, r: int, m: int) -> bool:
    """Whether the optimum of a size is known without a search: no bound is computed for it."""
    return KNOWN[potential](r, m) == KNOWN[potential](r, m)


class Optima:
    """The optimum of each size, found in the time that is left."""

    def __init__(self, budget: float = BUDGET):
        self.ends = time.monotonic() + budget

    def of(self, potential: str, r: int, m: int, search: bool = True) -> Optimum:
        """The interval of the optimum of `r` directions in `m` dimensions.

        Without a search, or with no time left for one, `found` is a value that some code is known
        to have, which may be far from the least.
        """
        optimum, (below, above) = OPTIMA[potential], rungs(r)
        if in_a_table(potential, r, m):
            return optimum(r, m)
        best, more = optimum(below, m), optimum(above, m)
        if more.how == "bound only" and search and time.monotonic() < self.ends:
            more = optimum(above, m, search=True)
        return Optimum(min(best.low, more.found), more.found, more.how)

"""The best that the directions of a report could do, searched for where no table has it."""

import math
import time

from toysup.geometry import Optimum, exponential_optimum, packing_optimum

BUDGET = 120.0  # seconds that all searches of a report may take
TABLE_SIZE = 64  # directions up to which a table has most sizes
RUNG = 1.1  # from one size that is searched to the next
SEARCHES = {"packing": packing_optimum, "exponential": exponential_optimum}


def rung(r: int) -> int:
    """The size, `r` or a little more, that is searched in place of `r`.

    The best code of more directions, less the most burdened ones, has no more of either energy:
    so the optimum grows with r, and one search serves all sizes just below. At most 10% more.

    >>> rung(20), rung(65), rung(400)
    (20, 70, 402)
    """
    size = float(TABLE_SIZE)
    while (even := 2 * math.ceil(size / 2)) < r:
        size *= RUNG
    return r if r <= TABLE_SIZE else even


class Optima:
    """The optimum of each size, found in the time that is left."""

    def __init__(self, budget: float = BUDGET):
        self.ends = time.monotonic() + budget
        self.known: dict[tuple, Optimum] = {}

    def of(self, potential: str, r: int, m: int, search: bool = True) -> Optimum:
        """The interval of the optimum of `r` directions in `m` dimensions.

        Without a search, or with no time left for one, `found` is a value that some code is known
        to have, which may be far from the least.
        """
        key = potential, r, m
        best = self.known.get(key)
        if best is None or (search and best.how == "bound only"):
            best = self.known[key] = self._find(SEARCHES[potential], r, m, search)
        return best

    def _find(self, optimum, r: int, m: int, search: bool) -> Optimum:
        best = optimum(r, m)
        if best.how != "bound only" or not search or time.monotonic() > self.ends:
            return best
        found = optimum(rung(r), m, search=True)
        return Optimum(best.low, max(best.low, min(best.found, found.found)), found.how)

"""The optima that a report's directions are compared with, from tables or searched for."""

import time

from toysup.geometry import (
    Optimum,
    exponential_optimum,
    known_exponential,
    known_packing,
    packing_optimum,
    tabulated_sizes,
)

BUDGET = 120.0  # seconds for all searches of a report
TABLE_SIZE = 64  # directions; the tables have most sizes up to this one
SIZE_RATIO = 1.1  # between one computed size and the next
OPTIMA = {"packing": packing_optimum, "exponential": exponential_optimum}
KNOWN = {"packing": known_packing, "exponential": known_exponential}


def computed_sizes(r: int) -> tuple[int, int]:
    """The two sizes that are computed in place of `r`: the nearest at or below, and at or above.

    The optimum grows with r: removing the worst directions of a code does not increase its mean
    energy. So the bound of the smaller size and the code of the larger one hold for all sizes
    between them.

    >>> computed_sizes(20), computed_sizes(65), computed_sizes(400)
    ((20, 20), (64, 70), (392, 430))
    """
    if r <= TABLE_SIZE:
        return r, r
    below, size = TABLE_SIZE, float(TABLE_SIZE)
    while True:
        size *= SIZE_RATIO
        above = 2 * round(size / 2)
        if above >= r:
            return below, above
        below = above


def neighbours(r: int, tabulated: tuple[int, ...]) -> tuple[int, int]:
    """The sizes whose optima stand for that of `r`: computed ones, or nearer ones of a table.

    >>> neighbours(399, (10, 400)), neighbours(399, (10, 500))
    ((392, 400), (392, 430))
    """
    below, above = computed_sizes(r)
    smaller, larger = ([s for s in tabulated if s < r], [s for s in tabulated if s > r])
    return max([below, *smaller]), min([above, *larger])


def is_tabulated(potential: str, r: int, m: int) -> bool:
    """Whether a table has the optimum of a size (it is not NaN), so no bound is computed."""
    return KNOWN[potential](r, m) == KNOWN[potential](r, m)


class Optima:
    """The optimum of each size. Searches stop when the time budget is used up."""

    def __init__(self, budget: float = BUDGET):
        self.deadline = time.monotonic() + budget

    def of(self, potential: str, r: int, m: int, search: bool = True) -> Optimum:
        """The interval of the optimum of `r` directions in `m` dimensions.

        Without a search, or with no time left for one, `found` is the value of some known code,
        which may be far from the optimum.
        """
        optimum = OPTIMA[potential]
        if is_tabulated(potential, r, m):
            return optimum(r, m)
        below, above = neighbours(r, tabulated_sizes(potential, m))
        best, more = optimum(below, m), optimum(above, m)
        if more.how == "bound only" and search and time.monotonic() < self.deadline:
            more = optimum(above, m, search=True)
        return Optimum(min(best.low, more.found), more.found, more.how)

"""The heat map of a run's verdicts as a picture of a few square centimetres: a cell a condition."""

from collections.abc import Sequence
from dataclasses import dataclass

ROW, COLUMN = 10, 16  # the height and width of a cell, in the picture's own units
GAP = 1  # between cells
MOST_WITH_GAPS = 400  # cells; more are drawn without gaps


@dataclass(frozen=True)
class Thumbnail:
    """An SVG picture: the path of all cells of a colour, by the class of the colour."""

    width: int
    height: int
    paths: dict[str, str]


def thumbnail(grid: Sequence[Sequence[str]]) -> Thumbnail:
    """The picture of a grid of colours, row by row; "" is no cell. Neighbours alike are one piece
    where there are no gaps.

    >>> thumbnail([["minimising", "", "random"]]).paths
    {'minimising': 'M0 0h15v9h-15z', 'random': 'M32 0h15v9h-15z'}
    """
    gap = GAP if sum(map(len, grid)) <= MOST_WITH_GAPS else 0
    paths: dict[str, str] = {}
    for place, row in enumerate(grid):
        start = 0
        while start < len(row):
            end = start + 1
            while not gap and end < len(row) and row[end] == row[start]:
                end += 1
            if row[start]:
                wide, high = COLUMN * (end - start) - gap, ROW - gap
                piece = f"M{COLUMN * start} {ROW * place}h{wide}v{high}h-{wide}z"
                paths[row[start]] = paths.get(row[start], "") + piece
            start = end
    columns = max((len(row) for row in grid), default=0)
    return Thumbnail(COLUMN * columns - gap, ROW * len(grid) - gap, dict(sorted(paths.items())))

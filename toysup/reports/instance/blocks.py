"""A matrix and a curve as letters of a terminal, readable without colour."""

import numpy as np

from toysup.reports.console import Text

BLOCKS = " ▁▂▃▄▅▆▇█"
LEVELS = len(BLOCKS) - 1
DIGITS = 9  # the largest entry
LABEL = 6  # letters before a row
CELL = 2  # a sign and a digit
NUMBERED = 5  # every fifth column has its number above it
MOST_ROWS = 40
RED, BLUE = (178, 24, 43), (33, 102, 172)  # of larger and smaller than 0, as in the report's page
DARK = 0.6  # of the largest entry: from here on the digit is white


def heat_strip(W: np.ndarray, kept: np.ndarray, width: int) -> list[Text]:
    """W `(d_hidden, n_features)` as rows of signed digits on colour, and the norms below it.

    The largest entry of W is 9 or -9, and what rounds to 0 is a dot. Features that are not `kept`
    are dim. What does not fit into `width` columns, or into MOST_ROWS, is left out.
    """
    shown = W[:MOST_ROWS, : (width - LABEL) // CELL]
    scaled = shown / max(float(np.abs(W).max()), 1e-30)
    numbers = range(0, shown.shape[1], NUMBERED)
    head = "".join(f"{j:>{CELL}}".ljust(CELL * NUMBERED) for j in numbers)
    lines = [Text((" " * LABEL + head).rstrip(), style="dim")]
    for d, row in enumerate(scaled):
        line = Text(f"{d:>{LABEL - 2}}  ", style="dim")
        for value in row:
            line.append(cell(value), style=colour(value))
        lines.append(line)
    lengths = np.linalg.norm(W, axis=0)
    norms = Text("norm".ljust(LABEL), style="dim")
    for length, is_kept in zip(lengths[: shown.shape[1]], kept, strict=False):
        level = round(DIGITS * length / max(float(lengths.max()), 1e-30))
        norms.append(f" {level or '·'}", style="not dim" if is_kept else "dim")
    return [*lines, norms]


def cell(value: float) -> str:
    """A share of the largest entry as a sign and a digit.

    >>> cell(1.0), cell(-0.34), cell(0.01)
    ('+9', '-3', ' ·')
    """
    digit = round(DIGITS * abs(value))
    return f"{'+' if value > 0 else '-'}{digit}" if digit else " ·"


def colour(value: float) -> str:
    """The style of a share of the largest entry: red above 0, blue below, white at 0."""
    end, share = RED if value > 0 else BLUE, min(1.0, abs(value))
    mixed = (round(255 + share * (part - 255)) for part in end)
    letter = "white" if share > DARK else "black"
    return f"not dim {letter} on #{''.join(f'{part:02x}' for part in mixed)}"


def curve_rows(curve: np.ndarray, width: int, height: int) -> list[str]:
    """A curve as rows of blocks, from the top; its lowest value is one level high.

    Both axes are logarithmic; the values are not, if there are any that are not positive. What is
    not finite is blank.
    """
    curve = np.log(curve) if (curve[np.isfinite(curve)] > 0).all() else curve
    values = curve[np.geomspace(1, len(curve), width).round().astype(int) - 1]
    known = np.isfinite(values)
    low, high = values[known].min(initial=np.inf), values[known].max(initial=-np.inf)
    share = np.where(known, values - low, 0) / ((high - low) or 1) if known.any() else values * 0
    level = np.where(known, 1 + np.round(share * (LEVELS * height - 1)), 0).astype(int)
    return [
        "".join(BLOCKS[min(LEVELS, max(0, x - LEVELS * row))] for x in level).rstrip()
        for row in reversed(range(height))
    ]

"""The axis of the paper's geometry: 1 / (1 - S), one over the density, on a logarithmic scale."""

import pandas as pd

from toysup.reports.style import literal

TICKS = (1, 1.5, 2, 3, 5, 10, 20, 30, 50, 100, 200, 500, 1000)
LABEL = "1 / (1 \N{MINUS SIGN} S), one over the feature probability"
MOST_TICKS = 8


def panels(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows by objective, and by views where there are some, named as on the page."""
    names = rows["objective"].where(
        rows["views"].isna(), rows["objective"] + ", " + rows["views"].astype(str) + " views"
    )
    return {literal(name): rows[names == name] for name in dict.fromkeys(names)}


def sparsity_axis(axis, xs) -> None:
    """Give an axis the paper's scale, for these values of 1 / (1 - S)."""
    low, high = min(xs), max(xs)
    axis.set_xscale("log")
    axis.set_xlim(low / 1.12, high * 1.12)
    ticks = [tick for tick in TICKS if low / 1.01 <= tick <= high * 1.01]
    ticks = ticks if len(ticks) <= MOST_TICKS else [t for t in ticks if t not in (1.5, 20, 50, 200)]
    axis.set_xticks(ticks, labels=[f"{tick:g}" for tick in ticks])
    axis.minorticks_off()
    axis.set_xlabel(LABEL)

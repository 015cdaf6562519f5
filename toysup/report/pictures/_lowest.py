"""The restart with the lowest loss: symmetry breaking leaves the others in local minima."""

import pandas as pd

from toysup.outcome import DIVERGED

KEY = ["condition", "directions"]


def lowest(rows: pd.DataFrame) -> pd.DataFrame:
    """The row of the lowest-loss seed of each condition and set of directions, in their order.

    Without those of which every seed diverged.
    """
    known = rows[(rows["outcome"] != DIVERGED) & rows["loss"].notna()]
    best = known.sort_values("loss", kind="stable").drop_duplicates(KEY)
    return best.sort_values(KEY).reset_index(drop=True)

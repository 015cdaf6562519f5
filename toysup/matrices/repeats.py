"""Columns that are another column again, bit for bit: a copy, and no finding about a training.

They are judged with the others, because sharing a direction is what a verdict is about, and once
more without them, because a file may hold a direction twice by mistake.
"""

import hashlib
from dataclasses import replace

import numpy as np

from toysup.matrices.blocks import BLOCK
from toysup.matrices.matrix import Matrix

DIGEST = 16  # bytes: no two columns of a matrix have the same by accident


def repeats(W: np.ndarray) -> np.ndarray:
    """Which columns are equal to an earlier one, as a mask `(n,)`. Columns of zeros are none.

    >>> repeats(np.array([[1.0, 0.0, 1.0, 0.0], [2.0, 0.0, 2.0, 0.0]])).tolist()
    [False, False, True, False]
    """
    found, known = np.zeros(W.shape[1], bool), set()
    for start in range(0, len(found), BLOCK):
        # Adding zero makes -0 and 0 the same bits.
        columns = np.ascontiguousarray(W[:, start : start + BLOCK].T) + 0.0
        for place, column in enumerate(columns, start):
            if column.any():
                digest = hashlib.blake2b(column, digest_size=DIGEST).digest()
                found[place] = digest in known
                known.add(digest)
    return found


def without_repeats(matrix: Matrix) -> Matrix:
    """A matrix whose repeats are columns of zeros, so that its places stay what they are."""
    return replace(matrix, W=np.where(repeats(matrix.W), 0, matrix.W), drawn_from=0)

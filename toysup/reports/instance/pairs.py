"""The nearest and the most opposed pairs of features, by their names where a data file has them."""

from dataclasses import dataclass

import numpy as np

from toysup.errors import ToysupError
from toysup.features import _tablefile
from toysup.metrics.represented import cosines

MOST = 5  # of each kind


@dataclass(frozen=True)
class Pair:
    """Two represented features, and the cosine between their directions."""

    features: tuple[int, int]
    names: tuple[str, str]
    cosine: float


def pairs(W: np.ndarray, names: tuple[str, ...]) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """The pairs with the largest positive cosines, and those with the most negative ones.

    A pair at a right angle or beyond is not near, and one below a right angle is not opposed. `W`
    is (d_hidden, n_features).
    """
    if not np.isfinite(W).all():
        return (), ()
    cosine, compared = cosines(W)
    first, second = np.nonzero(np.triu(compared))
    values = cosine[first, second]
    order = np.argsort(values, kind="stable")

    def chosen(places) -> tuple[Pair, ...]:
        both = [(int(first[i]), int(second[i]), float(values[i])) for i in places]
        return tuple(Pair((i, j), (names[i], names[j]), c) for i, j, c in both)

    near = [i for i in order[::-1] if values[i] > 0]
    opposed = [i for i in order if values[i] < 0]
    return chosen(near[:MOST]), chosen(opposed[:MOST])


def feature_names(data: dict[str, str], settings: dict, count: int) -> tuple[str, ...]:
    """The names of the columns of the data file that a condition's features are from.

    `data` is the manifest's: path -> sha256. Numbers stand in where no setting names such a file,
    and where the file is gone or has changed. No plug-in is asked, because features import jax.
    """
    for path in settings.values():
        if path in data:
            try:
                file = _tablefile.find(path)
                names = _tablefile.features(file)
                if len(names) == count and _tablefile.digest(file) == data[path]:
                    return names
            except (ToysupError, OSError):
                continue
    return tuple(map(str, range(count)))

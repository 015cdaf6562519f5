"""The rows of a file. Bricken et al. 2023 for activations of a sparse autoencoder as features."""

from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
from flax import struct

from toysup.errors import ToysupError
from toysup.features import _tablefile
from toysup.features._distribution import FeatureDistribution
from toysup.features._tablefile import DIGITS, FEWEST_ROWS, File
from toysup.files.shown import quoted
from toysup.registry import setting

MOST_VALUES = 2**23  # 32 MB, of which every compiled program of the sweep has a copy


@cache
def normalised(file: File, rows: int, normalise: str) -> np.ndarray:
    """The rows that are kept of a file, (rows, features), with the maximum that was asked for."""
    values = _tablefile.sample(file, rows)
    if normalise == "none":
        return values
    largest = values.max(axis=0) if normalise == "column" else values.max()
    return values / np.where(largest > 0, largest, 1)


@cache
def positives_first(file: File, rows: int, normalise: str) -> tuple[np.ndarray, np.ndarray]:
    """Each column sorted from its maximum down, (rows, features); how many are positive."""
    values = normalised(file, rows, normalise)
    return -np.sort(-values, axis=0), (values > 0).sum(axis=0)


@struct.dataclass
class Table(FeatureDistribution):
    """Samples are rows of a parquet or CSV file of non-negative numbers, drawn uniformly.

    Every column is a feature, so n_features is the number of columns. A feature is present where
    its value is above 0, and with normalise = "column" its largest value is 1. The file may be of
    any size: it is read in batches, and `rows` of its rows, a uniform sample, stand for it.
    The default file is 1,797 pictures of 64 pixels, handwritten digits. Features depend on each
    other as they do in the data, and some may never occur. A relative path starts at the folder of
    the sweep file, `~` is the home folder, and the sweeps that come with toysup bring their files.

    `resample_amplitudes` gives a feature that is present a value that it has in a random row of
    those where it is present.

    Source: Bricken et al. 2023, "Towards Monosemanticity", for the activations of a sparse
    autoencoder as features; Alpaydin and Kaynak 1998, "Optical Recognition of Handwritten
    Digits", UCI, for the digits.
    """

    path: str = setting(DIGITS, 'a .parquet or .csv file, or "digits"')
    normalise: str = setting(
        "column",
        "divide each feature by its own maximum, all by that of the table, or none",
        choices=("column", "table", "none"),
    )
    rows: int = setting(
        8192, "how many rows to keep, a random sample where the file has more", low=FEWEST_ROWS
    )

    def kept(self, prepare, n_features):
        """Arrays of the rows kept, as `prepare` makes them. In a sweep n_features is all."""
        arrays = prepare(_tablefile.find(self.path), self.rows, self.normalise)
        return jax.tree.map(lambda array: array[..., :n_features], arrays)

    def sample(self, key, n_features, batch):
        values = self.kept(normalised, n_features)
        row = jnp.floor(jax.random.uniform(key, (batch,)) * len(values)).astype(int)
        # A uniform is below 1, so no row is out of bounds; whole rows are the faster to gather.
        return jnp.asarray(values).at[row].get(mode="promise_in_bounds").T

    def resample_amplitudes(self, key, x):
        positives, count = self.kept(positives_first, len(x))
        row = jnp.floor(jax.random.uniform(key, x.shape) * count[:, None]).astype(int)
        fresh = jnp.asarray(positives)[row, jnp.arange(len(x))[:, None]]
        return jnp.where(x > 0, fresh, 0.0)

    def scales(self, n_features):
        return self.kept(normalised, n_features).max(axis=0)

    @classmethod
    def incompatibility(cls, settings):
        path, rows, n_features = (settings[s] for s in ("path", "rows", "n_features"))
        try:
            file = _tablefile.find(path)
            columns = len(_tablefile.features(file))
            if columns != n_features:
                return (
                    f"cannot use {quoted(path)}: it has {columns} columns, and n_features is "
                    f"{n_features}. Set n_features to {columns}"
                )
            most = MOST_VALUES // columns
            if rows > most and _tablefile.has_more(file, most):
                return (
                    f"cannot keep {rows} rows of {columns} columns in memory. "
                    f"Set rows to at most {most}"
                )
            _tablefile.check(file, min(rows, most))
        except ToysupError as error:
            return str(error)
        return None

    @classmethod
    def fingerprint(cls, settings):
        return {settings["path"]: _tablefile.digest(_tablefile.find(settings["path"]))}

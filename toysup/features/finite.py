"""A finite data set of sparse features. Henighan et al. 2023, memorisation and double descent."""

import math
from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
from flax import struct

from toysup.features._sparse import Sparse, one_of
from toysup.kernels.unit import exact_unit_columns
from toysup.registry import Measure, setting

SOURCE = "Henighan et al. 2023"
MOST_SAMPLES = 2**14
MOST_VALUES = 2**23  # 32 MB, of which every compiled program of the sweep has a copy
SHOWN = 256  # samples, of which the codes are kept


@cache
def stream(dataset_seed: int, n_features: int) -> np.ndarray:
    """The uniforms behind all samples there are, (samples, n_features + 2): one for each feature,
    one for the feature that fills an empty sample, and one for that one's size."""
    samples = min(MOST_SAMPLES, MOST_VALUES // n_features)
    random = np.random.default_rng(dataset_seed)
    return random.random((samples, n_features + 2), dtype=np.float32)


def in_strata(u, size):
    """For each u in [0, 1), (batch,), one of `size` samples: the i-th from the i-th part of them.

    Each sample is as likely. A batch as large as the data set has each of them once, and one twice
    as large has each twice: it is the full batch. In whole numbers (of 32 bits, enough for batches
    up to 2^18), as i + u rounds up now and then.
    """
    batch, size = len(u), jnp.uint32(size)
    draw = jnp.minimum(jnp.floor(u * size).astype(jnp.uint32), size - 1)
    return ((jnp.arange(batch, dtype=jnp.uint32) * size + draw) // batch).astype(int)


@struct.dataclass
class Finite(Sparse):
    """Independent sparse features, of which only T samples are ever seen, again and again.

    Data sets of one dataset_seed are nested: the first T of one stream, whatever the seed of the
    model. A batch is stratified: it is the whole data set where batch_size is a multiple of T,
    nearly so above T, and a random part of it below. The loss is that on the data set, and
    `test_loss` that on samples which are not in it.

    With T of the order of the hidden dimensions a model can store each sample in a direction of
    its own, as if it were a feature: T samples that share no feature lie like T features of which
    each sample has one, in two dimensions on a regular polygon. With many it stores features. In
    between it does neither, and is worse on fresh samples than an answer of zero.

    Source: Henighan et al. 2023, "Superposition, Memorization, and Double Descent".
    """

    dataset_size: float = setting(
        100.0, "how many samples T there are", traced=True, low=2.0, high=MOST_SAMPLES
    )
    dataset_seed: int = setting(0, "which data set it is", low=0)
    unit_samples: bool = setting(True, "scale each sample to length 1, as in the paper")

    measures = (
        Measure(
            "test_loss",
            "nats or squared units",
            "The loss on samples that are not in the data set; at unit_samples, 1 / n_features "
            "under mse where the answer is zero.",
            SOURCE,
        ),
        Measure(
            "sample_max_cosine",
            "1",
            "The largest cosine between the codes of two samples of the data set, of which the "
            "first 256 count; cos(2 pi / T) for a regular polygon, near 1 for random codes in two "
            "dimensions.",
            SOURCE,
        ),
        Measure(
            "sample_regularity",
            "1",
            "The smallest angle between the codes of two samples over that of a regular polygon, "
            "2 pi / T; 1 for a polygon, 1 / T or so for random codes, 0 where two codes coincide. "
            "For two dimensions and up to 256 samples.",
            SOURCE,
        ),
        Measure(
            "sample_dimensionality",
            "dimensions",
            "Mean dimensionality of the codes of the data set, as if each sample were a feature; "
            "d_hidden / T where they are spread evenly.",
            SOURCE,
        ),
        Measure(
            "sample_codes",
            "hidden units",
            "h of the first 256 samples, row-major, d_hidden x 256; NaN beyond the data set.",
            SOURCE,
            listed=True,
        ),
    )

    def made_of(self, u):
        """Samples, (n_features, batch), of their uniforms, (n_features + 2, batch)."""
        u, chosen, size = u[:-2], u[-2], u[-1]
        p = self.feature_probability
        x = jnp.where(u < p, self.sized(u / p), 0.0)
        if self.fills:
            empty = ~jnp.any(x > 0, axis=0)
            x = jnp.where(empty & one_of(len(x), chosen), self.sized(size), x)
        return exact_unit_columns(x) if self.unit_samples else x

    def rows(self, places, n_features):
        """Samples of the stream by their places, (n_features, places)."""
        u = jnp.asarray(stream(self.dataset_seed, n_features))
        return self.made_of(u.at[places].get(mode="promise_in_bounds").T)

    def sample(self, key, n_features, batch):
        places = in_strata(jax.random.uniform(key, (batch,)), self.dataset_size)
        return self.rows(places, n_features)

    def resample_amplitudes(self, key, x):
        fresh = super().resample_amplitudes(key, x)
        return exact_unit_columns(fresh) if self.unit_samples else fresh

    def excess_kurtosis(self):
        return math.nan  # features are not independent in a finite data set

    def measure(self, model, n_features, loss):
        every = jnp.arange(len(stream(self.dataset_seed, n_features)))
        there = every < self.dataset_size
        h = jnp.where(there, model.encode(self.rows(every, n_features)), 0.0)
        squares = jnp.sum(h**2, axis=0)
        shared = jnp.sum(h * ((h @ h.T) @ h), axis=0)  # squared lengths times sum_k (u_j . h_k)^2
        dimensionality = squares**2 / jnp.where(shared > 0, shared, 1.0)
        directions = exact_unit_columns(h[:, :SHOWN])
        cosines = directions.T @ directions - 2 * jnp.eye(directions.shape[1])
        pairs = there[:SHOWN] & there[:SHOWN, None]
        return {
            "test_loss": loss(Fresh(**vars(self))),
            "sample_max_cosine": jnp.max(jnp.where(pairs, cosines, -1.0)),
            "sample_regularity": self.regularity(h[:, :SHOWN], there[:SHOWN]),
            "sample_dimensionality": jnp.sum(dimensionality) / self.dataset_size,
            "sample_codes": jnp.where(there, h, jnp.nan)[:, :SHOWN].ravel(),
        }

    def regularity(self, h, there):
        """The smallest angle between two codes that are `there`, (samples,), over 2 pi / T."""
        if len(h) != 2:
            return jnp.nan
        angles = jnp.sort(jnp.where(there, jnp.arctan2(h[1], h[0]), jnp.inf))
        last = jnp.max(jnp.where(there, angles, -jnp.inf))
        gaps = jnp.where(there[1:], jnp.diff(angles), jnp.inf)
        smallest = jnp.minimum(jnp.min(gaps), angles[0] + 2 * jnp.pi - last)
        none_is_zero = jnp.all(jnp.any(h != 0, axis=0) | ~there)
        regular = jnp.where(none_is_zero, smallest * self.dataset_size / (2 * jnp.pi), 0.0)
        return jnp.where(self.dataset_size <= SHOWN, regular, jnp.nan)

    @classmethod
    def incompatibility(cls, settings):
        most = MOST_VALUES // settings["n_features"]
        if settings["dataset_size"] > most:
            return (
                f"cannot keep {settings['dataset_size']:g} samples of {settings['n_features']} "
                f"features in memory. Set dataset_size to at most {most}"
            )
        return None


@struct.dataclass
class Fresh(Finite):
    """The distribution that a data set was drawn from."""

    def sample(self, key, n_features, batch):
        return self.made_of(jax.random.uniform(key, (n_features + 2, batch)))

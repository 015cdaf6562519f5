"""A circle seen through tuned features. Ben-Yishai, Bar-Or and Sompolinsky 1995."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from flax import struct

from toysup.features._sparse import Sparse, presence_and_size
from toysup.kernels.memory import written
from toysup.registry import setting


def response(half, n_features, width):
    """relu(cos(d) - cos(w)) / (1 - cos(w)), (n_features, batch): 1 at d = 0, and 0 from d = w on.

    d is how far an angle is from the one a feature prefers, 2 pi i / n; `half` is the cosine and
    the sine of half the angle, (2, batch), as 1 - cos(w) loses its digits where w is small.

    >>> response(jnp.array([[1.0], [0.0]]), 6, jnp.pi / 2).round(6)[:, 0].tolist()
    [1.0, 0.5, 0.0, 0.0, 0.0, 0.5]
    """
    preferred = np.pi * np.arange(n_features)[:, None] / n_features
    sine = half[1] * np.cos(preferred) - half[0] * np.sin(preferred)
    return jax.nn.relu(1 - (sine / jnp.sin(width / 2)) ** 2)


@struct.dataclass
class Ring(Sparse):
    """An object at a random angle, to which features respond by how near they prefer theirs.

    x_i = A relu(cos(angle - 2 pi i / n) - cos(w)) / (1 - cos(w)) for one angle, uniform on the
    circle, and one amplitude A of the object, which is there with probability p. Feature i is
    present with probability p w / pi, and its neighbours with it: samples lie on a cone over a
    closed curve, which at w = pi is a circle in a plane, and which winds through more dimensions
    the smaller w is. The latents are (cos angle, sin angle), both 0 where there is no object.

    An empty sample is filled with an object, so that all have one. `resample_amplitudes` keeps
    the angle: it rescales a sample so that its largest response is the fresh amplitude. Nothing
    is left to resample where amplitudes are 1.

    Source: Ben-Yishai, Bar-Or and Sompolinsky 1995, "Theory of orientation tuning in visual
    cortex", for rectified cosine tuning.
    """

    tuning_width: float = setting(
        1.0,
        "angle w, in radians, beyond which a feature does not respond",
        traced=True,
        above=0.0,
        high=math.pi,
    )

    def sample(self, key, n_features, batch):
        present, size, half = self.objects(key, batch)
        tuned = response(half, n_features, self.tuning_width)
        return jnp.where(present, self.sized(size) * tuned, 0.0)

    def objects(self, key, batch):
        """Whether there is one, its size, (batch,), and the point at half its angle, (2, batch)."""
        presence_key, angle_key = jax.random.split(key)
        u = jax.random.uniform(presence_key, (batch,))
        present, size = presence_and_size(u, self.feature_probability)
        half = jnp.pi * jax.random.uniform(angle_key, (batch,))
        half = written(angle_key, lambda: jnp.stack([jnp.cos(half), jnp.sin(half)]))
        return present | self.fills, size, half

    def latents(self, key, n_features, batch):
        present, _, (cosine, sine) = self.objects(key, batch)
        doubled = jnp.stack([cosine**2 - sine**2, 2 * cosine * sine])
        return jnp.where(present, doubled, 0.0)

    def resample_amplitudes(self, key, x):
        if self.amplitude == "one":
            return x
        largest = jnp.max(x, axis=0)
        return x / jnp.where(largest > 0, largest, 1.0) * jax.random.uniform(key, largest.shape)

    def partners(self, n_features):
        """Neighbours on the circle."""
        place = np.arange(n_features)
        apart = (place[:, None] - place) % n_features
        return (np.minimum(apart, n_features - apart) == 1) & (n_features > 1)

    def excess_kurtosis(self):
        return math.nan

    @classmethod
    def incompatibility(cls, settings):
        if settings["amplitude"] == "signed":
            return 'has an object, which is there or is not: set amplitude to "uniform" or "one"'
        gap = math.pi / settings["n_features"]
        if settings["empty_samples"] == "keep" or settings["tuning_width"] >= gap:
            return None
        return (
            "has angles to which no feature responds, so it cannot fill every sample: set "
            f"tuning_width to at least {math.ceil(1000 * gap) / 1000:g}, or empty_samples to "
            '"keep"'
        )

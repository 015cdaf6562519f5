"""Several circles and spheres at once. Engels et al. 2024, multi-dimensional features."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from flax import struct

from toysup.features._manifold import (
    SHAPES,
    features_of,
    points,
    simplices,
    spaces,
    uniforms,
)
from toysup.features._sparse import Sparse, one_of, presence_and_size
from toysup.kernels.distances import distance_correlation
from toysup.kernels.memory import written
from toysup.registry import Measure, setting

SHOWN = 256  # points of each manifold whose codes are compared with them
SOURCE = "Szekely, Rizzo & Bakirov 2007; Szekely & Rizzo 2014"


@struct.dataclass
class Manifolds(Sparse):
    """Multi-dimensional features: each is a circle, a sphere or a product of both.

    Each manifold is there with probability p, independently of the others, at a point z that is
    uniform on it: (cos, sin) of an angle, a point on the sphere in three dimensions, or one of
    each at once, (circle, sphere) / sqrt(2), in five. A manifold in d dimensions has d + 1
    consecutive features, whose preferred points v_i are the corners of a simplex: they are
    x_i = A (1 + v_i . z) / 2, with one amplitude A of the whole manifold, and 0 where it is not
    there. So z is linear in x, x is not negative, and the features of one manifold are there
    together. A circle is a `ring` of three features at w = pi. The latents are the z of all
    manifolds, each 0 where it is not there.

    An empty sample is filled with one manifold, each as likely. `resample_amplitudes` keeps the
    points, and draws A again.

    Source: Engels et al. 2024, "Not All Language Model Features Are One-Dimensionally Linear".
    """

    shapes: str = setting(
        "mixed",
        "circles (3 features each), spheres (4), products of both (6), or one of each in turn",
        choices=tuple(SHAPES),
    )

    measures = (
        Measure(
            "manifold_shape",
            "1",
            "Distance correlation of points on a manifold and their codes among other manifolds, "
            "mean over manifolds: 1 where codes are them up to scale, near 0 where unrelated.",
            SOURCE,
        ),
        Measure(
            "manifold_shape_alone",
            "1",
            "The same of samples that have nothing else in them: 1 where codes of a manifold are "
            "it up to scale, less where it is squeezed, 0 where it has no code.",
            SOURCE,
        ),
        Measure(
            "manifold_shapes",
            "1",
            "What manifold_shape is the mean of: a number for each manifold.",
            SOURCE,
            listed=True,
        ),
        Measure(
            "manifold_shapes_alone",
            "1",
            "What manifold_shape_alone is the mean of: a number for each manifold.",
            SOURCE,
            listed=True,
        ),
    )

    def drawn(self, u, z, n_features):
        """x, (n_features, batch), and which manifolds are there, from points z and the uniform
        draws u of each manifold's presence and, last, of the one that fills a sample."""
        sizes = spaces(self.shapes, n_features)
        present, size = presence_and_size(u[:-1], self.feature_probability)
        if self.fills:
            present |= ~jnp.any(present, axis=0) & one_of(len(sizes), u[-1])
        return self.tuned(jnp.where(present, self.sized(size), 0.0), z, n_features), present

    def tuned(self, amplitude, z, n_features):
        """The features of manifolds at points z with these amplitudes, (manifolds, batch)."""
        sizes = spaces(self.shapes, n_features)
        response = jnp.maximum(1 + simplices(sizes) @ z, 0.0) / 2
        return (self.of_features(sizes, amplitude) * response)[:n_features]

    def of_features(self, sizes, values):
        """A value of each manifold, (manifolds, batch), for each of its features."""
        return values[np.repeat(np.arange(len(sizes)), np.array(sizes) + 1)]

    def draws(self, key, n_features, batch):
        """The uniform draws behind a batch: of presence, (manifolds + 1, batch), and the points."""
        sizes = spaces(self.shapes, n_features)
        presence_key, point_key = jax.random.split(key)
        u = jax.random.uniform(presence_key, (len(sizes) + 1, batch))
        places = jax.random.uniform(point_key, (sum(map(uniforms, sizes)), batch))
        return u, written(point_key, lambda: points(sizes, places))

    def sample(self, key, n_features, batch):
        return self.drawn(*self.draws(key, n_features, batch), n_features)[0]

    def latents(self, key, n_features, batch):
        u, z = self.draws(key, n_features, batch)
        sizes = spaces(self.shapes, n_features)
        _, present = self.drawn(u, z, n_features)
        return jnp.where(present[np.repeat(np.arange(len(sizes)), sizes)], z, 0.0)

    def resample_amplitudes(self, key, x):
        if self.amplitude == "one":
            return x
        sizes = spaces(self.shapes, len(x))
        manifold = np.repeat(np.arange(len(sizes)), np.array(sizes) + 1)[: len(x)]
        # The v_i of a manifold add up to 0, so that its d + 1 features add up to A (d + 1) / 2.
        total = jax.ops.segment_sum(x, manifold, len(sizes))
        amplitude = 2 * total / (np.array(sizes)[:, None] + 1)
        fresh = jax.random.uniform(key, total.shape)
        factor = fresh / jnp.where(amplitude > 0, amplitude, 1.0)
        return x * self.of_features(sizes, factor)[: len(x)]

    def partners(self, n_features):
        """The other features of the same manifold."""
        sizes = np.array(spaces(self.shapes, n_features))
        manifold = np.repeat(np.arange(len(sizes)), sizes + 1)[:n_features]
        return (manifold[:, None] == manifold) & ~np.eye(n_features, dtype=bool)

    def excess_kurtosis(self):
        return math.nan

    def measure(self, model, n_features, loss):
        sizes = spaces(self.shapes, n_features)
        random = np.random.default_rng(0)  # the same points for every model
        u = jnp.asarray(random.random((len(sizes) + 1, SHOWN), dtype=np.float32))
        z = points(sizes, random.random((sum(map(uniforms, sizes)), SHOWN), dtype=np.float32))
        _, present = self.drawn(u, z, n_features)
        starts = np.cumsum([0, *sizes])

        def of(k, others):
            there = jnp.where(np.arange(len(sizes))[:, None] == k, True, others)
            h = model.encode(self.tuned(jnp.where(there, 1.0, 0.0), z, n_features))
            return distance_correlation(z[starts[k] : starts[k + 1]], h)

        every = range(len(sizes))
        among = jnp.stack([of(k, present) for k in every])
        alone = jnp.stack([of(k, False) for k in every])
        return {
            "manifold_shape": jnp.mean(among),
            "manifold_shape_alone": jnp.mean(alone),
            "manifold_shapes": among,
            "manifold_shapes_alone": alone,
        }

    @classmethod
    def incompatibility(cls, settings):
        n_features, shapes = settings["n_features"], settings["shapes"]
        if settings["amplitude"] == "signed":
            return 'has manifolds, which are there or are not: set amplitude to "uniform" or "one"'
        step = features_of(shapes)
        if n_features % step == 0:
            return None
        whole = [f"{n}" for n in (n_features // step * step, -(-n_features // step) * step) if n]
        what = "one manifold of each kind has" if shapes == "mixed" else f"each of {shapes} has"
        return (
            f"cannot divide {n_features} features among manifolds, as {what} {step} features: set "
            f"n_features to {' or '.join(whole)}"
        )

"""InfoNCE: pick the other view of a sample out of the batch. van den Oord et al. 2018."""

import math

import jax.numpy as jnp
from flax import struct

from toysup.kernels.unbounded import unbounded_cross_entropy
from toysup.objectives._contrast import (
    LARGEST_SCALE,
    LearnedTemperature,
    cosine_cross_entropy,
    learned_scale,
)
from toysup.objectives._objective import Objective
from toysup.registry import setting


@struct.dataclass
class InfoNCE(LearnedTemperature, Objective):
    """Tell which two views belong together: -log of exp(s_ii / t) / sum_j exp(s_ij / t), averaged.

    s_ij is the similarity of anchor i and positive j, t the temperature; the loss is symmetric,
    and the negatives are the rest of the batch. It is ln(batch) when the views share nothing,
    and 0 when every pair is told from every other. Cosine similarity leaves the scale of W free.
    It pulls positives together and spreads the rest over the sphere, the more locally the lower
    the temperature.

    Source: van den Oord, Li and Vinyals 2018; Chen et al. 2020 (SimCLR) for the symmetric,
    in-batch form; Radford et al. 2021 for the learned temperature.
    """

    temperature: float = setting(
        0.5,
        "divides the similarities; where it is learned, its initial value",
        traced=True,
        low=1 / LARGEST_SCALE,
    )
    similarity: str = setting(
        "cosine", "how two embeddings are compared", choices=("cosine", "dot")
    )
    learn_temperature: bool = setting(False, "train ln(1 / temperature) with the encoder")

    pairs = True
    smallest_batch = 2

    def init(self, key, module, n_features, d_hidden):
        return {"log_scale": -jnp.log(self.temperature)} if self.learn_temperature else {}

    def loss(self, model, key, x):
        anchors, positives = (model.encode(view) for view in x)
        scale = 1 / self.temperature
        if self.learn_temperature:
            scale = learned_scale(model.extra["log_scale"])
        if self.similarity == "cosine":
            return cosine_cross_entropy(anchors, positives, scale)
        return unbounded_cross_entropy(scale * anchors, positives)

    def chance(self, x, d_hidden):
        return math.log(x[0].shape[1])

    def population(self, features, views, n_features, d_hidden):
        from toysup.theory import infonce_population, sizes

        p, keep = features.uniform_chances(n_features), views.keep_chances(n_features)
        if p is None or keep is None or self.learn_temperature:
            return None
        cosine = self.similarity == "cosine"
        if n_features <= sizes.MOST_FEATURES:
            size = d_hidden, self.temperature, cosine
            return infonce_population.InfoNCEPopulation(p, keep, features.fills, *size)
        equal_views = set(keep) == {1.0}
        if (
            cosine
            and equal_views
            and features.fills
            and infonce_population.one_feature_at_a_time(p)
        ):
            return infonce_population.OneFeaturePopulation(n_features, d_hidden, self.temperature)
        return None

    @staticmethod
    def workspace(n_features, d_hidden, batch):
        return 2 * batch**2 + (4 * n_features + 6 * d_hidden) * batch

"""Supervised contrastive learning: samples of a class attract each other. Khosla et al. 2020."""

import jax.numpy as jnp
from flax import struct
from jax.nn import logsumexp

from toysup.kernels.unit import unit_columns
from toysup.objectives._contrast import LARGEST_SCALE
from toysup.objectives._dominant import dominant_feature, mean_where
from toysup.objectives._objective import Objective
from toysup.registry import setting

NEVER = -1e9  # a similarity that no softmax gives any weight; finite, so that gradients are


def supervised_contrast(similarity, label, known):
    """-log of the share of a positive, averaged over positives, then over anchors; in nats.

    `similarity` is (batch, batch). The positives of a sample are the others with its label. A
    sample that is not `known` is no anchor, positive or negative; an anchor without a positive
    weighs nothing.
    """
    others = known & ~jnp.eye(len(label), dtype=bool)
    positives = others & (label[:, None] == label)
    log_share = similarity - logsumexp(jnp.where(others, similarity, NEVER), axis=1, keepdims=True)
    count = jnp.sum(positives, axis=1)
    mean = jnp.sum(jnp.where(positives, log_share, 0.0), axis=1) / jnp.maximum(count, 1)
    return -mean_where(mean, known & (count > 0))


@struct.dataclass
class SupCon(Objective):
    """Tell samples of one class from the rest: -log of exp(s_ip / t) / sum_{j != i} exp(s_ij / t).

    s_ij is the cosine of the codes of samples i and j, t the temperature, p another sample with
    the dominant feature of i; it is averaged over p, then over i. Empty samples weigh nothing, nor
    do anchors without a p. Where classes of k samples are points at a cosine of c from each other,
    it is ln(k - 1 + (n_features - 1) k exp((c - 1) / t)): about ln(batch / n_features) at a low
    temperature. The scale of W is free, and where features come one at a time that of each w_i.

    Theory predicts that a class collapses to a point, which drops what a sample has beside its
    dominant feature, and the points spread over the sphere: with at most d_hidden + 1 features to
    the corners of a simplex, at cosine -1 / (n_features - 1); with more, apart from their nearest
    others, the more locally the lower the temperature. A linear encoder collapses classes to points
    only where features come one at a time.

    Source: Khosla et al. 2020, "Supervised Contrastive Learning" (the sum outside the logarithm);
    Graf et al. 2021, "Dissecting Supervised Contrastive Learning", for the simplex.
    """

    temperature: float = setting(
        0.5, "divides the similarities", traced=True, low=1 / LARGEST_SCALE
    )

    smallest_batch = 2

    def loss(self, model, key, x):
        z = unit_columns(model.encode(x))
        return supervised_contrast(z.T @ z / self.temperature, *dominant_feature(x))

    def chance(self, x, d_hidden):
        batch = x.shape[1]
        return supervised_contrast(jnp.zeros((batch, batch)), *dominant_feature(x))

    @staticmethod
    def workspace(n_features, d_hidden, batch):
        return 4 * batch**2 + (2 * n_features + 6 * d_hidden) * batch

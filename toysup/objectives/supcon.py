"""Supervised contrastive learning: samples of a class attract each other. Khosla et al. 2020."""

import jax.numpy as jnp
from flax import struct

from toysup.kernels.others import log_sums_of_others
from toysup.kernels.unit import unit_columns
from toysup.objectives._contrast import LARGEST_SCALE
from toysup.objectives._dominant import dominant_feature
from toysup.objectives._objective import Objective
from toysup.registry import setting


def supervised_contrast(z, scale, label, known, n_labels):
    """-log of the share of a positive, averaged over positives, then over anchors; in nats.

    `z` is (d_hidden, batch), and scale z_i . z_j is how similar samples i and j are. `label` is
    (batch,), of whole numbers below `n_labels`. The positives of a sample are the others with its
    label. A sample that is not `known` is no anchor, positive or negative; an anchor without a
    positive weighs nothing.
    """
    z, there = jnp.where(known, z, 0.0), known.astype(z.dtype)
    members = there * (label == jnp.arange(n_labels)[:, None])  # (n_labels, batch)
    count = there * (members.sum(axis=1)[label] - 1)  # of positives
    positives = (z @ members.T)[:, label] - z  # their sum
    likeness = scale * jnp.sum(z * positives, axis=0) / jnp.maximum(count, 1)
    anchors = (count > 0).astype(z.dtype)
    weight = anchors / jnp.maximum(anchors.sum(), 1)
    return log_sums_of_others(scale * z, z, weight, there) - weight @ likeness


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
        return supervised_contrast(z, 1 / self.temperature, *dominant_feature(x), len(x))

    def chance(self, x, d_hidden):
        nothing = jnp.zeros((d_hidden, x.shape[1]), x.dtype)
        return supervised_contrast(nothing, 1.0, *dominant_feature(x), len(x))

    @staticmethod
    def workspace(n_features, d_hidden, batch):
        return 2 * batch**2 + (4 * n_features + 8 * d_hidden) * batch

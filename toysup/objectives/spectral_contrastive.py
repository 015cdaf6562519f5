"""The spectral contrastive loss: factorise which samples are views of one. HaoChen et al. 2021."""

import jax.numpy as jnp
from flax import struct

from toysup.objectives._objective import Objective
from toysup.registry import setting


def alignment(anchors, positives):
    """Mean of a_i . b_i over the batch."""
    return jnp.mean(jnp.sum(anchors * positives, axis=0))


def squared_overlap(anchors, positives):
    """Mean of (a_i . b_j)^2 over i != j: both are (d_hidden, batch).

    Over all pairs the sum is that of the entries of (a a^T) * (b b^T), which needs no batch^2.
    """
    batch = anchors.shape[1]
    every = jnp.sum((anchors @ anchors.T) * (positives @ positives.T))
    own = jnp.sum(jnp.sum(anchors * positives, axis=0) ** 2)
    return (every - own) / (batch * (batch - 1))


@struct.dataclass
class SpectralContrastive(Objective):
    """Views of a sample overlap and samples do not: -2 E[f(x) . f(x+)] + w E[(f(x) . f(x'))^2].

    x and x+ are views of a sample, x' a view of another; f is not normalised, and the mean over
    the pairs i != j of the batch is unbiased, so that batches of any size have one optimum. w is
    `overlap_weight`: it only sets the scale, as W at w has 1/w the loss of sqrt(w) W at 1. With
    w = 1 the loss is 0 where views share nothing, and -d_hidden, the least, where they are equal.

    Theory knows the optimum of a linear code: `theory.spectral_contrastive_gram`. It whitens, and
    has no other interest in interference. Equal views leave *any* W for which W E[x x.T] W.T is 1,
    a frame as its start had it: no better than a random tight frame (`partial`), or than random
    directions (`random`). Under other views, independent features that are alike have one
    direction in common, that of their mean, and a random frame in the other dimensions: where p is
    neither near 1 nor small, spread evenly and to one side (`cone`). Where views share the mean
    alone, as amplitudes drawn anew at p = 1, it is all that is left. Of features that differ, the
    d_hidden that the views agree on best are kept, mixed as little as their moments are, and the
    rest dropped.

    The default was tried with Adam at 0.01 along a cosine, 5000 steps of 256 samples, under four
    views: no run diverged, and all came within 0.02% of the least loss for p from 1 to 0.046, and
    within 3% at p = 0.01. W grows as 1 / sqrt(p), which a rate of 0.003 is too slow for at
    p = 0.01. At p = 1 the optimum is a valley, along which masked and equal views keep drifting at
    0.01 (`not converged`), and not at 0.003.

    Source: HaoChen et al. 2021, "Provable Guarantees for Self-Supervised Deep Learning with
    Spectral Contrastive Loss".
    """

    overlap_weight: float = setting(
        1.0, "weight of the squared overlaps of samples that are not a pair", traced=True, above=0.0
    )

    pairs = True
    smallest_batch = 2

    def loss(self, model, key, x):
        anchors, positives = (model.encode(view) for view in x)
        overlap = squared_overlap(anchors, positives)
        return self.overlap_weight * overlap - 2 * alignment(anchors, positives)

    def chance(self, x, d_hidden):
        return 0.0

    def population(self, features, views, n_features, d_hidden):
        from toysup.theory import sizes, spectral_population

        p, keep = features.uniform_chances(n_features), views.keep_chances(n_features)
        if p is None or keep is None or n_features > sizes.MOST_FEATURES:
            return None
        size = d_hidden, self.overlap_weight
        return spectral_population.SpectralPopulation(p, keep, features.fills, *size)

    @staticmethod
    def workspace(n_features, d_hidden, batch):
        return (4 * n_features + 6 * d_hidden) * batch + 4 * d_hidden**2

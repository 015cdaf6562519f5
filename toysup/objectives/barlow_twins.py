"""Barlow Twins: hidden units agree across views, and not with each other. Zbontar et al. 2021."""

import jax.numpy as jnp
from flax import struct

from toysup.objectives._covariance import off_diagonal_squares, standardised
from toysup.objectives._objective import Objective
from toysup.registry import setting


@struct.dataclass
class BarlowTwins(Objective):
    """Correlate each hidden unit with itself alone, across views: sum (1 - C_ii)^2 + l sum C_ij^2.

    C_ij is the correlation over the batch of unit i in one view with unit j in the other, the
    second sum is over i != j, l is the redundancy_weight. A unit that says nothing of the other
    view costs 1; units that are independent cost l m (m - 1) / (batch - 1) by chance, m = d_hidden.
    The code itself is compared, without a projector. The scale of each hidden unit is free.

    Theory for independent features of one distribution, under views that treat them alike: each
    has a correlation a with itself across views, so that C_ii = a for every W, and the loss is
    m (1 - a)^2 wherever the rows of W are orthogonal. It decorrelates hidden units: features are
    whitened, and there is no force on a pair of them. A random tight frame is as good as the best
    packing, so T is low and P stays near random. Views that say nothing (a = 0) give no force at
    all.

    A finite batch breaks the tie. The chance part of C_ij^2 is E[h_i^2 h_j^2] / batch, which for
    sparse features is least where no feature is in two units: each ends on one axis, several to
    an axis, so that T goes to 0 while P stays at 0.6 to 0.7, whitened but not minimised. Which
    features share an axis, or are dropped, nothing decides. The chance part of (1 - C_ii)^2 pulls
    the other way, to |W_ki| that are all equal, and wins at a low weight. A larger batch makes both
    smaller but Adam follows them no slower. So directions still drift where the loss has settled,
    and the verdict is mostly `not converged`: n_features = 20, masks and p = 0.05 or less took
    20,000 steps.

    The weight is for m = 5: of 0.005 (the paper's, for m = 8192), 0.2, 1 and 5 it is the least
    that left no two rows of W at a cosine above 0.05 with batches of 256, 5000 steps at a learning
    rate of 0.01, and masks or noise, p from 1 to 0.01; at 0.005 they reached 0.9.

    Source: Zbontar et al. 2021, "Barlow Twins: Self-Supervised Learning via Redundancy Reduction".
    """

    redundancy_weight: float = setting(
        1.0,
        "weight of the squared correlations between different hidden units",
        traced=True,
        low=0.0,
    )

    pairs = True
    smallest_batch = 2

    def loss(self, model, key, x):
        a, b = (standardised(model.encode(view)) for view in x)
        C = a @ b.T / a.shape[1]
        agreement = jnp.sum((1 - jnp.diag(C)) ** 2)
        return agreement + self.redundancy_weight * off_diagonal_squares(C)

    def chance(self, x, d_hidden):
        return float(d_hidden)

    @staticmethod
    def workspace(n_features, d_hidden, batch):
        return (4 * n_features + 6 * d_hidden) * batch

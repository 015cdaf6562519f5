"""VICReg: variance, invariance, covariance. Bardes et al. 2022."""

import jax
import jax.numpy as jnp
from flax import struct

from toysup.objectives._covariance import centred, off_diagonal_squares
from toysup.objectives._objective import Objective
from toysup.registry import setting

# Added to the variance before its root. Bardes et al. 2022.
VARIANCE_FLOOR = 1e-4
TINY = 1e-12  # so that a weight of 0 divides nothing


def spread_and_redundancy(z):
    """Mean of [1 - std]+ over the hidden units, and sum_{i != j} cov_ij^2 / d_hidden."""
    d_hidden, batch = z.shape
    z = centred(z)
    covariance = z @ z.T / (batch - 1)
    std = jnp.sqrt(jnp.diag(covariance) + VARIANCE_FLOOR)
    return jnp.mean(jax.nn.relu(1 - std)), off_diagonal_squares(covariance) / d_hidden


@struct.dataclass
class VICReg(Objective):
    """Views agree, units vary, and not together: 25 |a - b|^2 / m + 25 V + sum_{i != j} C_ij^2 / m.

    V is the mean of [1 - std]+ over the m = d_hidden hidden units and both views, and the
    covariances C of both views count; all are over the batch. 0 is reached by equal views whose
    units are uncorrelated with std of at least 1; a collapsed code costs 24.75. The code itself is
    compared, without an expander.

    Theory for independent features of one distribution, under views that treat them alike, with a
    correlation r of a feature with itself across views: every unit has std = min(1, 1 / (4 (1 -
    r))), at a cost of 25 (2 (1 - r) std^2 + 1 - std), and the rows of W are orthogonal and of one
    length: W W^T is a multiple of the identity, a tight frame. There is no force on a pair of
    features; a random tight frame is as good as the best packing.

    A finite batch breaks the tie. The standard deviation of a sparse unit varies from batch to
    batch, the more the fewer features it has, and the hinge charges for it: that draws the
    |W_ki| to one size and the features to the corners of a cube, against the weak pull of the
    covariances, which shrinks with std^4. So whitening stays incomplete where features are rare
    and views differ. With n_features = 20, d_hidden = 5, batches of 256 and 5000 steps at a
    learning rate of 0.01, P came out at 0.7 to 0.85 and T at 0.1 to 0.4, up to 0.7 under masks at
    p = 0.01, wherever the views share anything: whitened, not minimised. The loss settles; the
    directions mostly do at p of 0.2 or more, and drift below.

    Source: Bardes, Ponce and LeCun 2022, "VICReg: Variance-Invariance-Covariance Regularization
    for Self-Supervised Learning". The weights are the paper's; what is averaged is as in the
    authors' program, where the paper sums over hidden units in the first term and over views in V.
    """

    invariance_weight: float = setting(
        25.0, "weight of the squared distance between the views", traced=True, low=0.0
    )
    variance_weight: float = setting(
        25.0, "weight of what a hidden unit's standard deviation lacks to 1", traced=True, low=0.0
    )
    covariance_weight: float = setting(
        1.0,
        "weight of the squared covariances between different hidden units",
        traced=True,
        low=0.0,
    )

    pairs = True
    smallest_batch = 2

    def loss(self, model, key, x):
        a, b = (model.encode(view) for view in x)
        invariance = jnp.mean((a - b) ** 2)
        spreads, redundancies = zip(*map(spread_and_redundancy, (a, b)), strict=True)
        return (
            self.invariance_weight * invariance
            + self.variance_weight * sum(spreads) / 2
            + self.covariance_weight * sum(redundancies)
        )

    def chance(self, x, d_hidden):
        # Of views that share nothing: units with the std that the first two terms ask for.
        std = jnp.minimum(1.0, self.variance_weight / jnp.maximum(4 * self.invariance_weight, TINY))
        return 2 * self.invariance_weight * std**2 + self.variance_weight * (1 - std)

    @staticmethod
    def workspace(n_features, d_hidden, batch):
        return (4 * n_features + 6 * d_hidden) * batch

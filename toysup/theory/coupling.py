"""What InfoNCE asks of independent features under independent masks, one feature at a time.

The ideal critic of InfoNCE is the log ratio of the joint and the product density of two views, and
both are products over features: it is a sum over features, without cross terms. A code h = W x + c
with the dot product has the critic a.T G b with G = W.T W, up to terms of one view, and the loss of
a diagonal G is the sum of its features' own losses. The loss is convex in G and c, and a diagonal G
with the c that makes the means right is stationary: where there is room, InfoNCE asks for no
interference at all. Without c, directions turn from each other a little, in its place.

How long feature i is then follows from p_i and k_i alone: rarity and invariance of the views play
the part that importance plays for an autoencoder.
"""

from functools import cache

import numpy as np

from toysup.theory.contrastive import infonce_loss_and_gradient
from toysup.theory.least import Least, least_of
from toysup.theory.pairs import POINTS, Pairs, view_pairs
from toysup.theory.population import infonce_least


def infonce_coupling(p: float, keep: float) -> float:
    """The squared length of a feature that has a dimension for itself, over the temperature.

    Of a feature of amplitude U[0, 1), there with chance p, that each view keeps with chance `keep`:
    what a dot product gives it under InfoNCE with many negatives. It grows as the feature becomes
    rarer, and as views keep it more often.

    >>> round(infonce_coupling(0.1, 0.8), 1), round(infonce_coupling(0.1, 0.4), 1)
    (7.2, 5.5)
    """
    least = infonce_least((p,), (keep,), False, 1, 1.0, False)
    return float(np.sum(least.W**2))


@cache
def infonce_least_with_bias(p: tuple[float, ...], keep: tuple[float, ...], m: int) -> Least:
    """The least loss over ln(batch) of h = W x + c with the dot product, at a temperature of 1.

    Its `W` is (m, n_features + 1), with c as the last column.
    """
    n = len(p)
    pairs = view_pairs(np.array(p), np.array(keep), points=POINTS[max(n, 2)])
    with_one = Pairs(np.vstack([pairs.x, np.ones(pairs.x.shape[1])]), pairs.joint)

    def objective(W):
        return infonce_loss_and_gradient(W, with_one, 1.0, False)

    return least_of(objective, objective, m, n + 1)

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

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np

from toysup.theory.infonce_population import InfoNCEObjective, InfoNCEPopulation
from toysup.theory.least import in_turn, search_each, starts
from toysup.theory.pairs import POINTS, view_pairs
from toysup.theory.population import Least


def infonce_coupling(p: float, keep: float) -> float:
    """The squared length of a feature that has a dimension for itself, over the temperature.

    Of a feature of amplitude U[0, 1), there with chance p, that each view keeps with chance `keep`:
    what a dot product gives it under InfoNCE with many negatives. It grows as the feature becomes
    rarer, and as views keep it more often.

    >>> round(infonce_coupling(0.1, 0.8), 1), round(infonce_coupling(0.1, 0.4), 1)
    (7.2, 5.5)
    """
    alone = InfoNCEPopulation((p,), (keep,), False, d_hidden=1, temperature=1.0, cosine=False)
    return float(np.sum(alone.least().W ** 2))


@dataclass(frozen=True)
class WithBias(InfoNCEObjective):
    """InfoNCE of h = W x + c, with c as the last column of the matrix."""

    def over(self, case, rough):
        p, keep, temperature = case
        pairs = view_pairs(p, keep, self.fill, POINTS[max(self.n_features, 2)])
        one = jnp.ones((1, pairs.x.shape[1]))
        return pairs._replace(x=jnp.concatenate([pairs.x, one])), temperature

    def starts(self, d_hidden):
        return starts(d_hidden, self.n_features + 1)


def infonce_least_with_bias(p: tuple[float, ...], keep: tuple[float, ...], m: int) -> Least:
    """The least loss over ln(batch) of h = W x + c with the dot product, at a temperature of 1.

    Its `W` is (m, n_features + 1), with c as the last column.
    """
    case = np.array([p]), np.array([keep]), np.ones(1)
    objective = WithBias(len(p), cosine=False, fill=False)
    [loss], [W] = search_each(objective, m, in_turn, case)
    return Least(float(loss), W)

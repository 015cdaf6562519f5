"""The loss of a model over all samples there are, and the least that any model of its size has.

What training missed is the difference, the `optimality_gap`: so a label can be told from a failure
of training.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np

from toysup.theory.contrastive import infonce_loss, infonce_loss_and_gradient
from toysup.theory.expected import mse_expected_loss
from toysup.theory.least import Least, by_loss, least_of, starts
from toysup.theory.minima import feature_distribution, settle
from toysup.theory.once import computed_once
from toysup.theory.one_feature import infonce_best_code, one_feature_loss
from toysup.theory.pairs import POINTS, ROUGH_POINTS, Pairs, view_pairs
from toysup.theory.spectral import (
    spectral_contrastive_gram,
    spectral_contrastive_least_loss,
)

# Where at most this share of the samples has two features or more, they are taken to have one.
MOST_WITH_SEVERAL = 1e-3
PAIRS_AT_ONCE = 2**20  # of views, of all matrices side by side: 4 MB
MSE_STARTS = 24
PAIRS_KEPT = 128  # two for each condition of a chunk; of six features 4 MB each

Row = tuple[float, ...]


class Population(Protocol):
    """What is known of an objective's loss over a whole distribution of samples."""

    def loss(self, W: np.ndarray, b: np.ndarray | None) -> float:
        """That of a linear code W, (d_hidden, n_features), with the decoder's biases b, if any."""
        ...

    def least(self) -> Least:
        """The least of any code: found from many starts, so it can only be too high."""
        ...


@lru_cache(maxsize=PAIRS_KEPT)
def pairs_of(p: Row, keep: Row, fill: bool, points: int) -> Pairs:
    return view_pairs(np.array(p), np.array(keep), fill, points)


@computed_once
def infonce_least(p: Row, keep: Row, fill: bool, m: int, temperature: float, cosine: bool) -> Least:
    """The least loss over ln(batch) that is found."""
    points, n = POINTS[len(p)], len(p)
    pairs = pairs_of(p, keep, fill, points)
    rough = pairs_of(p, keep, fill, ROUGH_POINTS.get(n, points)).rounded()

    def exact(W):
        if W.ndim == 2:
            return infonce_loss_and_gradient(W, pairs, temperature, cosine)
        return in_blocks(W, pairs)

    def roughly(W):
        return in_blocks(W.astype(np.float32), rough)

    def in_blocks(W, of):
        at_once = max(1, PAIRS_AT_ONCE // of.x.shape[1] ** 2)
        parts = np.array_split(W, -(-len(W) // at_once))
        found = [infonce_loss_and_gradient(part, of, temperature, cosine) for part in parts]
        losses, gradients = zip(*found, strict=True)
        return np.concatenate(losses), np.concatenate(gradients)

    return least_of(exact, roughly, m, n)


@dataclass(frozen=True)
class InfoNCEPopulation:
    """InfoNCE with many negatives, of independent features under independent masks.

    Losses are over ln(batch). `p` and `keep` are the chances of each feature, to be there and to be
    kept by a view; `fill` says whether empty samples get a feature.
    """

    p: Row
    keep: Row
    fill: bool
    d_hidden: int
    temperature: float
    cosine: bool

    def loss(self, W, b=None):
        pairs = pairs_of(self.p, self.keep, self.fill, POINTS[len(self.p)])
        return float(infonce_loss(W, pairs, self.temperature, self.cosine))

    def least(self):
        sizes = self.d_hidden, self.temperature, self.cosine
        return infonce_least(self.p, self.keep, self.fill, *sizes)


@dataclass(frozen=True)
class OneFeaturePopulation:
    """Cosine InfoNCE with equal views and many negatives, where a sample has one feature."""

    n_features: int
    d_hidden: int
    temperature: float

    def loss(self, W, b=None):
        length = np.sqrt((W**2).sum(axis=0))
        return float(one_feature_loss(W / np.where(length > 0, length, 1), self.temperature))

    def least(self):
        code = infonce_best_code(self.n_features, self.d_hidden, self.temperature)
        return Least(code.loss, code.U)


@dataclass(frozen=True)
class SpectralPopulation:
    """The spectral contrastive loss, which needs the moments of the views alone."""

    p: Row
    keep: Row
    fill: bool
    d_hidden: int
    overlap_weight: float

    @property
    def moments(self) -> tuple[np.ndarray, np.ndarray]:
        """E x x.T over views, and E x x+.T over pairs of views."""
        pairs = pairs_of(self.p, self.keep, self.fill, POINTS[len(self.p)])
        return (pairs.x * pairs.weight) @ pairs.x.T, pairs.x @ pairs.joint @ pairs.x.T

    def loss(self, W, b=None):
        second, cross = (W @ moment @ W.T for moment in self.moments)
        return float(self.overlap_weight * np.vdot(second, second) - 2 * np.trace(cross))

    def least(self):
        least = spectral_contrastive_least_loss(*self.moments, self.d_hidden) / self.overlap_weight
        values, vectors = np.linalg.eigh(spectral_contrastive_gram(*self.moments, self.d_hidden))
        n = len(self.p)
        W = np.zeros((self.d_hidden, n))
        kept = min(self.d_hidden, n)
        W[:kept] = (vectors * np.sqrt(np.maximum(values, 0) / self.overlap_weight)).T[n - kept :]
        return Least(least, W)


@computed_once
def mse_least(p: Row, importance: Row, m: int) -> Least:
    """The least expected loss, a mean over features, that is found."""
    n, features = len(p), feature_distribution(np.array(p))
    found = [
        settle(W, np.zeros(n), features, np.array(importance)) for W in starts(m, n, MSE_STARTS)
    ]
    return min((Least(solution.loss, solution.W) for solution in found), key=by_loss)


@dataclass(frozen=True)
class MSEPopulation:
    """The tied autoencoder of independent features that are absent in empty samples."""

    p: Row
    importance: Row
    d_hidden: int

    def loss(self, W, b):
        return float(mse_expected_loss(W, b, self.p, self.importance)) / len(self.p)

    def least(self):
        return mse_least(self.p, self.importance, self.d_hidden)


def one_feature_at_a_time(p: Row) -> bool:
    """Whether hardly any sample has two features or more.

    >>> one_feature_at_a_time((0.001,) * 20), one_feature_at_a_time((0.01,) * 20)
    (True, False)
    """
    chances = np.array(p)
    none = np.prod(1 - chances)
    one = sum(p_i * np.prod(np.delete(1 - chances, i)) for i, p_i in enumerate(chances))
    return bool(1 - none - one <= MOST_WITH_SEVERAL)

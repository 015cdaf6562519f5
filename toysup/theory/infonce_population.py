"""InfoNCE over all samples: of few features under masks, or of one feature at a time."""

from dataclasses import dataclass

import numpy as np

from toysup.theory.contrastive import infonce_loss
from toysup.theory.least import starts
from toysup.theory.one_feature import infonce_best_code, one_feature_loss
from toysup.theory.pairs import POINTS, ROUGH_POINTS, view_pairs
from toysup.theory.population import Least, Row, Searched

# Where at most this share of the samples has two features or more, they are taken to have one.
MOST_WITH_SEVERAL = 1e-3


@dataclass(frozen=True)
class InfoNCEObjective:
    """InfoNCE of a linear code. A case is the chances p and keep of each feature, as in
    `view_pairs`, and the temperature."""

    n_features: int
    cosine: bool
    fill: bool

    def over(self, case, rough):
        p, keep, temperature = case
        at = (ROUGH_POINTS if rough else POINTS)[self.n_features]
        return view_pairs(p, keep, self.fill, at), temperature

    def loss(self, W, over):
        pairs, temperature = over
        return infonce_loss(W, pairs, temperature, self.cosine)

    def starts(self, d_hidden):
        return starts(d_hidden, self.n_features)


@dataclass(frozen=True)
class InfoNCEPopulation(Searched):
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

    @property
    def objective(self):
        return InfoNCEObjective(len(self.p), self.cosine, self.fill)

    @property
    def case(self):
        return np.array(self.p), np.array(self.keep), np.array(self.temperature)


@dataclass(frozen=True)
class OneFeaturePopulation:
    """Cosine InfoNCE with equal views and many negatives, where a sample has one feature."""

    n_features: int
    d_hidden: int
    temperature: float

    def loss(self, W, b=None):
        length = np.sqrt((W**2).sum(axis=-2, keepdims=True))
        return one_feature_loss(W / np.where(length > 0, length, 1), self.temperature)

    def least(self):
        code = infonce_best_code(self.n_features, self.d_hidden, self.temperature)
        return Least(code.loss, code.U)


def one_feature_at_a_time(p: Row) -> bool:
    """Whether hardly any sample has two features or more.

    >>> one_feature_at_a_time((0.001,) * 20), one_feature_at_a_time((0.01,) * 20)
    (True, False)
    """
    chances = np.array(p)
    none = np.prod(1 - chances)
    one = sum(p_i * np.prod(np.delete(1 - chances, i)) for i, p_i in enumerate(chances))
    return bool(1 - none - one <= MOST_WITH_SEVERAL)

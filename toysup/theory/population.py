"""The loss of a model over all samples there are, and the least that any model of its size has.

What training missed is the difference, the `optimality_gap`: so a label can be told from a failure
of training.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import jax
import jax.numpy as jnp
import numpy as np

from toysup.theory.contrastive import infonce_loss
from toysup.theory.expected import points
from toysup.theory.least import (
    Across,
    Objective,
    enable_x64,
    in_turn,
    losses_of_each,
    search_each,
    starts,
)
from toysup.theory.one_feature import infonce_best_code, one_feature_loss
from toysup.theory.pairs import POINTS, ROUGH_POINTS, view_pairs
from toysup.theory.spectral import (
    spectral_contrastive_gram,
    spectral_contrastive_least_loss,
)

# Where at most this share of the samples has two features or more, they are taken to have one.
MOST_WITH_SEVERAL = 1e-3

Row = tuple[float, ...]


@dataclass(frozen=True)
class Least:
    """The least loss, and a matrix (d_hidden, n_features) that has it."""

    loss: float
    W: np.ndarray


class Population(Protocol):
    """What is known of an objective's loss over a whole distribution of samples."""

    def loss(self, W: np.ndarray, b: np.ndarray | None) -> np.ndarray:
        """Those of linear codes W, (..., d_hidden, n_features), with the decoders' biases b, (...,
        n_features), if any."""
        ...

    def least(self) -> Least:
        """The least of any code: where it is searched for, it can only be too high."""
        ...


class Searched:
    """A population whose least loss is searched for, by descents from many starts."""

    d_hidden: int
    unit = 1.0  # its loss is this times the objective's

    @property
    def objective(self) -> Objective:
        """The same for all conditions of a chunk."""
        raise NotImplementedError

    @property
    def case(self) -> Any:
        """What the objective takes, as arrays."""
        raise NotImplementedError

    def matrices(self, W: np.ndarray, b: Any) -> np.ndarray:
        """Models as the objective takes them, (count, rows, columns)."""
        return W

    def encoder(self, matrix: np.ndarray) -> np.ndarray:
        """W of what the objective takes."""
        return matrix

    def loss(self, W: np.ndarray, b: np.ndarray | None = None) -> np.ndarray:
        flat = None if b is None else b.reshape(-1, b.shape[-1])
        found = losses((self,), [W.reshape(-1, *W.shape[-2:])], [flat])
        return found[0].reshape(W.shape[:-2])

    def least(self) -> Least:
        return least_losses((self,))[0]


def losses(populations: tuple[Any, ...], W, b, across: Across = in_turn) -> list[np.ndarray]:
    """The losses of the models W and b of each population, (count,) each.

    `across` takes a function of one case to all of them, as lax.map does.
    """
    models = list(zip(populations, W, b, strict=True))
    if not are_alike(populations):
        return [of.loss(W, b) for of, W, b in models]
    matrices = np.stack([of.matrices(W, b) for of, W, b in models])
    found = losses_of_each(populations[0].objective, across, cases_of(populations), matrices)
    return [of.unit * of_models for of, of_models in zip(populations, found, strict=True)]


def least_losses(populations: tuple[Any, ...], across: Across = in_turn) -> tuple[Least, ...]:
    """The least loss of each population; `across` as for `losses`."""
    if are_alike(populations):
        return searched(populations, across)
    return tuple(population.least() for population in populations)


def are_alike(populations: tuple[Any, ...]) -> bool:
    """Whether populations are searched, and differ in their case alone."""
    if not all(isinstance(population, Searched) for population in populations):
        return False
    return len({(type(of), of.objective, of.d_hidden) for of in populations}) == 1


@lru_cache(maxsize=2048)  # the chunks of other seeds ask for the same
def searched(populations: tuple[Searched, ...], across: Across) -> tuple[Least, ...]:
    first = populations[0]
    ends = search_each(first.objective, first.d_hidden, across, cases_of(populations))
    return tuple(
        Least(float(of.unit * loss), of.encoder(matrix))
        for of, loss, matrix in zip(populations, *ends, strict=True)
    )


def cases_of(populations: tuple[Searched, ...]):
    return jax.tree.map(lambda *leaves: np.stack(leaves), *(of.case for of in populations))


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


@lru_cache(maxsize=128)
def view_moments(p: Row, keep: Row, fill: bool) -> tuple[np.ndarray, np.ndarray]:
    """E x x.T over views, and E x x+.T over pairs of views."""
    with enable_x64(True):
        pairs = view_pairs(p, keep, fill)
        second, cross = (pairs.x * pairs.weight) @ pairs.x.T, pairs.x @ pairs.joint @ pairs.x.T
        return np.asarray(second), np.asarray(cross)


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
        return view_moments(self.p, self.keep, self.fill)

    def loss(self, W, b=None):
        second, cross = (W @ moment @ W.mT for moment in self.moments)
        alike = np.trace(cross, axis1=-2, axis2=-1)
        return self.overlap_weight * (second**2).sum(axis=(-1, -2)) - 2 * alike

    def least(self):
        least = spectral_contrastive_least_loss(*self.moments, self.d_hidden) / self.overlap_weight
        values, vectors = np.linalg.eigh(spectral_contrastive_gram(*self.moments, self.d_hidden))
        n = len(self.p)
        W = np.zeros((self.d_hidden, n))
        kept = min(self.d_hidden, n)
        W[:kept] = (vectors * np.sqrt(np.maximum(values, 0) / self.overlap_weight)).T[n - kept :]
        return Least(least, W)


@dataclass(frozen=True)
class MSEObjective:
    """The expected loss of a tied autoencoder of a matrix whose last row is the decoder's biases,
    over that of answering nothing. A case is the chance p of each feature, and its importance."""

    n_features: int

    def over(self, case, rough):
        p, importance = case
        x, weight, present = points(self.n_features)
        chance = jnp.prod(jnp.where(present, p[:, None], 1 - p[:, None]), axis=0)
        return jnp.asarray(x), weight * chance, importance / (importance @ p / 3)

    def loss(self, W, over):
        x, weight, importance = over
        error = x - jnp.maximum(W[:-1].T @ (W[:-1] @ x) + W[-1][:, None], 0)
        return importance @ error**2 @ weight

    def starts(self, d_hidden):
        return np.pad(starts(d_hidden, self.n_features), ((0, 0), (0, 1), (0, 0)))


@dataclass(frozen=True)
class MSEPopulation(Searched):
    """The tied autoencoder of independent features that are absent in empty samples.

    Its loss is a mean over features.
    """

    p: Row
    importance: Row
    d_hidden: int

    @property
    def objective(self):
        return MSEObjective(len(self.p))

    @property
    def case(self):
        return np.array(self.p), np.array(self.importance)

    @property
    def unit(self):
        return np.dot(self.importance, self.p) / 3 / len(self.p)

    def matrices(self, W, b):
        return np.concatenate([W, b[:, None]], axis=1)

    def encoder(self, matrix):
        return matrix[:-1]


def one_feature_at_a_time(p: Row) -> bool:
    """Whether hardly any sample has two features or more.

    >>> one_feature_at_a_time((0.001,) * 20), one_feature_at_a_time((0.01,) * 20)
    (True, False)
    """
    chances = np.array(p)
    none = np.prod(1 - chances)
    one = sum(p_i * np.prod(np.delete(1 - chances, i)) for i, p_i in enumerate(chances))
    return bool(1 - none - one <= MOST_WITH_SEVERAL)

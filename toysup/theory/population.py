"""The loss of a model over all samples there are, and the least that any model of its size has.

What training missed is the difference, the `optimality_gap`: so a label can be told from a failure
of training.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import jax
import numpy as np

from toysup.theory.least import Across, Objective, in_turn, losses_of_each, search_each

Row = tuple[float, ...]  # a number for each feature


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

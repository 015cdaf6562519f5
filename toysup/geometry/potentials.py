"""The two energies that directions are held against: one a ReLU's, one a contrastive loss's."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, overload

import numpy as np

EXPONENTIAL_TEMPERATURE = 0.1  # of exp(c / t): InfoNCE's usual one
SERIES = 40  # terms: the last is 1e-20 of the sum at t = 0.1 in one dimension


@dataclass(frozen=True)
class Potential:
    """The energy of a code: the mean of f(c_ij) over pairs i != j, times a scale."""

    name: str
    value: Callable[[np.ndarray], np.ndarray]  # f
    terms: Callable[[np.ndarray], tuple[float, np.ndarray]]  # sum f(c_ij), and each f'(c_ij)
    curvature: Callable[[np.ndarray], np.ndarray]  # d2 f(cos a) / da2 at most, cosines up to here
    scale: Callable[[int], float]  # of m
    random: Callable[[int], float]  # the mean of f over pairs of random directions, of m
    least: Callable[[int], float]  # what r directions cannot be under, whatever m is
    told_apart: bool  # whether a code may have no cosine above that of codes told apart

    def energy(self, U: np.ndarray) -> float:
        """The energy of unit columns `(m, r)`."""
        m, r = U.shape
        return self.scale(m) * self.terms(off_diagonal(U))[0] / (r * (r - 1))


def off_diagonal(U: np.ndarray) -> np.ndarray:
    """c_ij of unit columns `(m, r)`, with a diagonal that no potential sees: minus infinity."""
    cosines = U.T @ U
    np.fill_diagonal(cosines, -np.inf)
    return cosines


def _positive_terms(cosines: np.ndarray) -> tuple[float, np.ndarray]:
    positive = np.maximum(cosines, 0)
    return float(np.vdot(positive, positive)), 2 * positive


def _exponential_terms(cosines: np.ndarray) -> tuple[float, np.ndarray]:
    values = np.exp(cosines / EXPONENTIAL_TEMPERATURE)
    return float(values.sum()), values / EXPONENTIAL_TEMPERATURE


def _exponential_curvature(top: np.ndarray) -> np.ndarray:
    # d2 f / da2 = f (sin^2(a) / t^2 - cos(a) / t)
    t = EXPONENTIAL_TEMPERATURE
    return np.exp(top / t) * (1 / t**2 + 1 / t)


@overload
def random_exponential(m: int, spread: float = 1.0) -> float: ...
@overload
def random_exponential(m: np.ndarray, spread: float = 1.0) -> np.ndarray: ...
def random_exponential(m: Any, spread: float = 1.0) -> Any:
    """The mean of exp(c / t) over two random directions in `m` dimensions; of exp(spread c / t)
    where their cosines are as much narrower.

        0F1(m / 2; 1 / (4 t^2)) = Gamma(m / 2) (2 t)^(m / 2 - 1) I_(m / 2 - 1)(1 / t)

    cosh(1 / t) in one dimension, where the cosine is 1 or -1; 1 in infinitely many. It is the
    normaliser of the von Mises-Fisher distribution. The series has positive terms alone and none
    above e^(1 / t), so nothing overflows or cancels.

    >>> round(float(random_exponential(1) / np.cosh(10)), 6), round(float(random_exponential(20)))
    (1.0, 10)

    Source: Mardia & Jupp 2000, "Directional Statistics", 9.3.
    """
    term = total = np.ones(np.shape(m))
    for k in range(1, SERIES):
        term = (
            term * spread**2 / (4 * EXPONENTIAL_TEMPERATURE**2) / ((np.asarray(m) / 2 + k - 1) * k)
        )
        total = total + term
    return total[()]


# P: 1 for random directions. It is no positive-definite potential: left alone, its minimisers
# stack features on few directions beyond five or six a dimension, so its codes are told apart.
POSITIVE = Potential(
    name="packing",
    value=lambda c: np.maximum(c, 0) ** 2,
    terms=_positive_terms,
    curvature=lambda top: 2.0 * (top > 0),
    scale=lambda m: 2 * m,
    random=lambda m: 1 / (2 * m),
    least=lambda r: 0.0,
    told_apart=True,
)
# Its minimisers are the best codes by themselves: it is positive definite, and the universally
# optimal codes (Cohn & Kumar 2007) minimise it at every temperature.
EXPONENTIAL = Potential(
    name="exponential",
    value=lambda c: np.exp(c / EXPONENTIAL_TEMPERATURE),
    terms=_exponential_terms,
    curvature=_exponential_curvature,
    scale=lambda m: 1.0,
    random=lambda m: float(random_exponential(m)),
    # The mean cosine is at least -1 / (r - 1), and exp is convex.
    least=lambda r: float(np.exp(-1 / ((r - 1) * EXPONENTIAL_TEMPERATURE))),
    told_apart=False,
)

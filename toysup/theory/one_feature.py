"""The limit of one active feature: what cosine InfoNCE with equal views asks of directions.

Where every sample has one feature, a cosine sees nothing but its direction, so that the loss is an
energy of the n directions alone.
"""

from dataclasses import dataclass

import numpy as np

from toysup.errors import ToysupError
from toysup.geometry.potentials import off_diagonal
from toysup.theory.once import computed_once

STARTS = 6  # of each kind: at a low temperature most descents end above the best
# Where a sum of exponentials is below e^-30, ln(1 + sum) is the sum itself in double precision.
TINY_LOG = -30.0
LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE = 1e-3, 1e3  # outside, cosines lose their last digits


def log_sum_exp(values):
    """ln of the sum of exponentials along the last axis, without overflow."""
    top = values.max(axis=-1, keepdims=True)
    return np.log(np.exp(values - top).sum(axis=-1)) + top[..., 0]


def one_feature_loss(U, temperature):
    """The loss over ln(batch) of unit directions, each as often, with many negatives.

        mean_i ln( (1/n) sum_j exp(c_ij / t) ) - 1/t

    -ln(n) where every feature is told from every other, 0 where all directions are one.
    Insensitive to rotation. `U` is `(..., m, n)`, of unit columns; the result is `(...)`.

    >>> round(float(one_feature_loss([[1.0, -1.0]], 1.0)), 6)  # ln((1 + e^-2) / 2)
    -0.566219

    Source: Wang & Isola 2020, "Understanding Contrastive Representation Learning through Alignment
    and Uniformity on the Hypersphere", for InfoNCE with many negatives.
    """
    U = np.asarray(U, float)
    apart = (U.mT @ U - 1) / temperature
    return (log_sum_exp(apart) - np.log(U.shape[-1])).mean(axis=-1)


@dataclass(frozen=True)
class OneFeatureEnergy:
    """t ln sum_i ln( sum_j exp((c_ij - 1) / t) ), which rises with the loss.

    The outer logarithm is for low temperatures, at which all slopes of the loss itself underflow:
    as t -> 0 this goes to the largest cosine, less 1, which spherical codes make least.
    """

    temperature: float
    told_apart: bool = False

    def terms(self, cosines: np.ndarray) -> tuple[float, np.ndarray]:
        t = self.temperature
        others = (cosines - 1) / t
        row = log_sum_exp(others)  # of all j but i, whose own exponential is 1
        tiny = row < TINY_LOG
        safe = np.where(tiny, 0, row)
        log_row = np.where(tiny, row, np.log(np.logaddexp(0, safe)))
        steepness = np.where(tiny, 1, 1 / (1 + np.exp(-safe)) / np.logaddexp(0, safe))
        total = log_sum_exp(log_row)
        slopes = np.exp(others - row[:, None]) * (np.exp(log_row - total) * steepness)[:, None]
        return float(t * total), (slopes + slopes.T) / 2

    def energy(self, U: np.ndarray) -> float:
        return self.terms(off_diagonal(U))[0]


@dataclass(frozen=True)
class BestCode:
    """The best directions that were found, `(m, n)`, and their loss over ln(batch)."""

    U: np.ndarray
    loss: float


@computed_once
def infonce_best_code(n_features: int, d_hidden: int, temperature: float) -> BestCode:
    """The code of least loss where a sample has one feature: a minimum of `one_feature_loss`.

    At t -> 0 the best spherical code, whose nearest pair is as far apart as can be (Tammes'
    problem); at high t, by second order, any tight frame without a mean, where there is one. It is
    found by descent from many starts and can only be too high.

    >>> code = infonce_best_code(5, 2, 0.5)
    >>> round(float((code.U.T @ code.U).max(where=~np.eye(5, dtype=bool), initial=-1)), 4)  # cos 72
    0.309

    ToysupError for fewer than two features, for more than a search takes, for no dimension, and for
    a temperature that cosines in double precision do not resolve.
    """
    from toysup.geometry.search import best_code  # with scipy, which a report does not wait for

    check_size(n_features, d_hidden)
    check_temperature(temperature)
    energy = OneFeatureEnergy(temperature)
    U = best_code(energy, n_features, d_hidden, budget=np.inf, each=STARTS)
    assert U is not None  # without a deadline, and of a size that was checked
    return BestCode(U, float(one_feature_loss(U, temperature)))


def check_size(n_features: int, d_hidden: int) -> None:
    from toysup.geometry.search import MOST_DIRECTIONS

    if not (2 <= n_features <= MOST_DIRECTIONS and d_hidden >= 1):
        raise ToysupError(
            f"No best code of {n_features} features in {d_hidden} dimensions is searched for. What "
            f"works: 2 to {MOST_DIRECTIONS} features, in at least 1 dimension."
        )


def check_temperature(temperature: float) -> None:
    if not LOWEST_TEMPERATURE <= temperature <= HIGHEST_TEMPERATURE:
        raise ToysupError(
            f"A temperature of {temperature:g} is not resolved. What works: "
            f"{LOWEST_TEMPERATURE:g} to {HIGHEST_TEMPERATURE:g}."
        )

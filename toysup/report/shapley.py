"""Shapley shares of variance over a full factorial: what each setting, and each pair, explains."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

DRAWS, SEED = 200, 0  # of the bootstrap
LEVEL = 0.95


def closed_variance(means: np.ndarray, chosen: tuple[int, ...]) -> np.ndarray:
    """Var E[Y | the chosen settings] of cell means (levels..., outputs), summed over outputs."""
    others = tuple(i for i in range(means.ndim - 1) if i not in chosen)
    given = means.mean(axis=others, keepdims=True)
    return ((given - means.mean(axis=tuple(range(means.ndim - 1)))) ** 2).sum(axis=-1).mean()


def components(means: np.ndarray) -> dict[tuple[int, ...], float]:
    """The variance of each main effect and interaction, by its settings: they sum to the total.

    >>> y = np.array([[0.0, 1.0], [0.0, 3.0]])[..., None]
    >>> {key: float(value) for key, value in components(y).items()}
    {(0,): 0.25, (1,): 1.0, (0, 1): 0.25}
    """
    found: dict[tuple[int, ...], float] = {}
    settings = range(means.ndim - 1)
    for size in range(1, means.ndim):
        for chosen in combinations(settings, size):
            inside = sum(found[part] for n in range(1, size) for part in combinations(chosen, n))
            found[chosen] = max(0.0, float(closed_variance(means, chosen)) - inside)
    return found


@dataclass(frozen=True)
class Share:
    """A share of the whole variance, with its bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Shares:
    """The shares of one outcome. Those of `settings` and `seeds` sum to 1."""

    settings: tuple[Share, ...]  # each with its part of the interactions
    seeds: Share  # what seeds of one cell differ by
    interactions: Share  # all of them together, which `settings` have shared out
    pair: tuple[int, int]  # the two settings with the largest interaction
    pair_share: Share


def shares(cells: np.ndarray) -> Shares:
    """The shares of an outcome, (levels..., seeds, outputs), of balanced cells; NaN is a seed
    without a value. Several outputs are one outcome of as many indicators, whose variances add up.

    A setting's Shapley share is its main effect and an equal part of each of its interactions.
    Seeds are drawn again within each cell for the intervals.

    Source: Owen 2014, "Sobol' indices and Shapley value", for the shares; Efron 1979 for the
    bootstrap.
    """
    rng = np.random.default_rng(SEED)
    whole = explained(cells)
    draws = [explained(resampled(rng, cells)) for _ in range(DRAWS)]
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(draws, [tail, 1 - tail], axis=0)
    every = [Share(*map(float, of)) for of in zip(whole, low, high, strict=True)]
    count = cells.ndim - 2
    pairs = list(combinations(range(count), 2))
    of_pairs = every[count + 2 :]
    best = int(np.argmax([share.value for share in of_pairs]))
    return Shares(tuple(every[:count]), every[count], every[count + 1], pairs[best], of_pairs[best])


def explained(cells: np.ndarray) -> np.ndarray:
    """Shares of the whole variance: of each setting, of the seeds, of all interactions, and of the
    interaction of each pair."""
    means = np.nanmean(cells, axis=-2)
    within = np.nanmean((cells - means[..., None, :]) ** 2, axis=-2).sum(axis=-1).mean()
    parts = components(means)
    count = means.ndim - 1
    settings = [sum(v / len(key) for key, v in parts.items() if i in key) for i in range(count)]
    pairs = [parts[pair] for pair in combinations(range(count), 2)]
    several = sum(v for key, v in parts.items() if len(key) > 1)
    total = sum(parts.values()) + within
    return np.array([*settings, within, several, *pairs]) / (total if total > 0 else np.nan)


def resampled(rng: np.random.Generator, cells: np.ndarray) -> np.ndarray:
    """The cells with their seeds drawn again, each cell by itself."""
    chosen = rng.integers(cells.shape[-2], size=cells.shape[:-1])
    return np.take_along_axis(cells, chosen[..., None], axis=-2)

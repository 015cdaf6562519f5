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


def shares(values: np.ndarray, grid: np.ndarray) -> Shares:
    """The shares of an outcome, (conditions, seeds, outputs), over the cells of a full factorial.

    `grid`, (levels...), has the condition of each cell. NaN is a seed without a value. Several
    outputs are one outcome of as many indicators, whose variances add up. A setting's Shapley share
    is its main effect and an equal part of each of its interactions. For the intervals seeds are
    drawn again within each condition. What a mean over few seeds adds to the interactions, a second
    draw adds once more, so it is taken off; a share of nothing comes out near 0 on either side.

    Source: Owen 2014, "Sobol' indices and Shapley value", for the shares; Efron & Tibshirani 1993,
    "An Introduction to the Bootstrap", chapter 10, for its correction of bias.
    """
    rng = np.random.default_rng(SEED)
    whole = explained(values[grid])
    draws = np.array([explained(resampled(rng, values)[grid]) for _ in range(DRAWS)])
    # Draws from n seeds vary by (n - 1) / n of what the seeds do.
    seeds = np.isfinite(values[..., 0]).sum(axis=1).mean()
    corrected = whole - (draws.mean(axis=0) - whole) * seeds / max(1, seeds - 1)
    tail = (1 - LEVEL) / 2
    away = np.quantile(draws - draws.mean(axis=0), [tail, 1 - tail], axis=0)
    ends = corrected + away
    every = [Share(*map(float, of)) for of in zip(corrected, *ends, strict=True)]
    pairs = list(combinations(range(grid.ndim), 2))
    of_pairs = every[grid.ndim + 2 :]
    best = int(np.argmax([share.value for share in of_pairs]))
    settings = tuple(every[: grid.ndim])
    return Shares(settings, every[grid.ndim], every[grid.ndim + 1], pairs[best], of_pairs[best])


def explained(cells: np.ndarray) -> np.ndarray:
    """Shares of the whole variance of cells (levels..., seeds, outputs): of each setting, of the
    seeds, of all interactions, and of the interaction of each pair."""
    means = np.nanmean(cells, axis=-2)
    within = np.nanmean((cells - means[..., None, :]) ** 2, axis=-2).sum(axis=-1).mean()
    parts = components(means)
    count = means.ndim - 1
    settings = [sum(v / len(key) for key, v in parts.items() if i in key) for i in range(count)]
    pairs = [parts[pair] for pair in combinations(range(count), 2)]
    several = sum(v for key, v in parts.items() if len(key) > 1)
    total = sum(parts.values()) + within
    return np.array([*settings, within, several, *pairs]) / (total if total > 0 else np.nan)


def resampled(rng: np.random.Generator, values: np.ndarray) -> np.ndarray:
    """The seeds that have a value drawn again, each condition by itself."""
    known = np.isfinite(values[..., 0])
    # Those with a value come first, in their order, and only they are drawn.
    order = np.argsort(~known, axis=1, kind="stable")
    count = known.sum(axis=1, keepdims=True)
    drawn = (rng.random(known.shape) * count).astype(int)
    chosen = np.take_along_axis(order, drawn, axis=1)
    return np.take_along_axis(values, chosen[..., None], axis=1)

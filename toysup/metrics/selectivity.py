"""How many features a hidden unit answers to: monosemantic and polysemantic neurons (Elhage 2022).

A neuron means something by itself only where the code has a privileged basis, as behind a ReLU.
Turning a linear code changes these numbers and nothing else, so there they say how its initial W
happened to lie: of m orthogonal features turned at random, (m + 2) / 3 a unit or a bit more.

They look at the `responses` of the units, `(..., d_hidden, n_features)`: h of each feature alone at
its largest, less h of none, or of the feature at -1 where features are signed. That is W for
h = W x; for h = relu(W x) it is the positive part of W, as a negative weight fires no unit; and of
signed features, for which it does, W again.
"""

import numpy as np

from toysup.metrics import _vectors, column
from toysup.metrics.represented import REPRESENTED

# Of a unit's squared response. A second feature then has at most 0.23 of the first one's weight;
# the paper's own pair of asymmetric weights, 2 and -1/2, has 0.94 and is polysemantic.
MONOSEMANTIC = 0.95


def shares(responses: np.ndarray) -> np.ndarray:
    """Each feature's share of the squared response of each unit; NaN in a unit that has none."""
    squared = _vectors.matrix(responses) ** 2
    return _vectors.ratio(squared, squared.sum(axis=-1, keepdims=True))


def mean_over_units(values: np.ndarray) -> np.ndarray:
    """The mean over the units in use, whose values are known; NaN where there are none: `(...)`."""
    known = ~np.isnan(values)
    return _vectors.ratio(np.where(known, values, 0).sum(axis=-1), known.sum(axis=-1))


def in_neurons(responses: np.ndarray, threshold: float) -> np.ndarray:
    """Which features fire some unit by more than a share of the strongest response, (..., n)."""
    strongest = np.abs(_vectors.matrix(responses)).max(axis=-2, initial=0)
    return strongest > threshold * strongest.max(axis=-1, keepdims=True, initial=0)


@column(unit="features", source="Elhage et al. 2022; Gao et al. 2017 (participation ratio)")
def features_per_neuron(responses: np.ndarray) -> np.ndarray:
    """How many features a hidden unit answers to, on average over the units in use.

        mean over d of (sum_i r_di^2)^2 / sum_i r_di^4,  r = responses

    1 for monosemantic units, k for units that answer to k features alike, and 1.1 for one with
    weights of 2 and -1/2. Insensitive to the scale and the sign of every unit, and so to how a
    code shares its scale with a decoder of its own; it does depend on the basis of the hidden
    space. NaN where no unit answers. `responses` is `(..., d_hidden, n_features)`, the result
    `(...)`.

    >>> float(features_per_neuron([[1.0, -1.0], [3.0, 0.0]]))
    1.5

    Source: Elhage et al. 2022, "Toy Models of Superposition", superposition in a privileged basis;
    the count is the participation ratio, Gao et al. 2017.
    """
    return mean_over_units(_vectors.ratio(1.0, (shares(responses) ** 2).sum(axis=-1)))


@column(source="Elhage et al. 2022, transformer-circuits.pub")
def monosemantic_share(responses: np.ndarray) -> np.ndarray:
    """The share of the hidden units in use that answer to one feature, and hardly another.

        |{d : max_i r_di^2 > 0.95 sum_i r_di^2}| / |{d : r_di != 0 for some i}|,  r = responses

    1 where every unit has a feature to itself, 0 where all are polysemantic: two equal weights
    are, and so are 4 and 1. Insensitive to the scale and the sign of every unit; it does depend on
    the basis of the hidden space. NaN where no unit answers. `responses` is
    `(..., d_hidden, n_features)`, the result `(...)`.

    >>> float(monosemantic_share([[0.0, -1.0], [4.0, 1.0]]))
    0.5

    Source: Elhage et al. 2022, "Toy Models of Superposition", superposition in a privileged basis.
    """
    largest = shares(responses).max(axis=-1, initial=-1)
    alone = np.where(largest >= 0, largest > MONOSEMANTIC, np.nan)
    return mean_over_units(alone)


@column(unit="hidden units", source="toysup; Gao et al. 2017 (participation ratio)")
def neurons_per_feature(responses: np.ndarray, threshold: float = REPRESENTED) -> np.ndarray:
    """How many hidden units a feature fires, on average over those of `features_in_neurons`.

        mean over i of (sum_d r_di^2)^2 / sum_d r_di^4,  r = responses

    1 where features have a unit each, 2 where each is a pair of units. Insensitive to the scale of
    features; it depends on the scale of units and on the basis of the hidden space. NaN where no
    feature fires a unit. `responses` is `(..., d_hidden, n_features)`, the result `(...)`.

    >>> float(neurons_per_feature([[1.0, 3.0], [1.0, 0.0]]))
    1.5

    Source: toysup, for Elhage et al. 2022, "Toy Models of Superposition", where "each feature
    corresponds to a pair of neurons".
    """
    kept = np.where(in_neurons(responses, threshold)[..., None, :], responses, 0.0)
    return features_per_neuron(kept.mT)


@column(kind="int", unit="features", source="toysup; Elhage et al. 2022, by sight")
def features_in_neurons(responses: np.ndarray, threshold: float = REPRESENTED) -> np.ndarray:
    """How many features fire some hidden unit by more than 0.3 of the strongest response.

        |{i : max_d |r_di| > 0.3 max_dj |r_dj|}|,  r = responses

    "Three features in two neurons" beside three units with one feature each are 6. Insensitive to
    the scale of the code. 0 where no unit answers. `responses` is `(..., d_hidden, n_features)`,
    the result `(...)`.

    >>> int(features_in_neurons([[1.0, 0.2, 0.5], [0.0, 0.0, 0.4]]))
    2

    Source: toysup, for Elhage et al. 2022, "Toy Models of Superposition", superposition in a
    privileged basis, which counts by sight.
    """
    return in_neurons(responses, threshold).sum(axis=-1)

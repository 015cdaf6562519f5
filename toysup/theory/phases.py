"""When a feature is ignored, superposed or given a dimension. Elhage et al. 2022, section 3.

n features of amplitude U[0, 1), present with probability s, in m dimensions; the last one counts r
times as much as each other. A code that a sparse feature alone passes without error has no positive
inner products, so it falls apart into simplices that are orthogonal to each other; a simplex of k
dimensions with its k + 1 directions at cosine -1/k costs s^2 (1/3 + 1/(6k) - 1/(6k^2)), least for
antipodal pairs. So up to n = 2m features are ignored, in antipodal pairs, or alone in a dimension;
with more, several have to share a plane, whose polygons have no such formula.
"""

from enum import StrEnum

import numpy as np

from toysup.errors import ToysupError

# Of a norm and of a squared overlap that theory has at 0 or at 1: half way.
HALFWAY = 0.5


class Phase(StrEnum):
    """What becomes of the last feature."""

    IGNORED = "ignored"
    SUPERPOSED = "superposed"
    DEDICATED = "dedicated"


PHASES = tuple(Phase)


def check_phases(n_features, d_hidden):
    """Refuse a shape whose phases have no closed form."""
    if 1 <= d_hidden < n_features <= 2 * d_hidden:
        return
    what = f"{span(n_features, n_features, 'feature')} in {span(d_hidden, d_hidden, 'dimension')}"
    if d_hidden < 1:
        raise ToysupError(f"{what}: it takes at least 1 dimension, and more features than that.")
    features = span(d_hidden + 1, 2 * d_hidden, "feature")
    if n_features <= d_hidden:
        raise ToysupError(
            f"{what}: each has one of its own, so there are no phases. What works: {features}"
            + (f", or {n_features - 1} dimensions or fewer." if n_features > 2 else ".")
        )
    dimensions = span(-(-n_features // 2), n_features - 1, "dimension")
    raise ToysupError(
        f"{what}: no closed form, as more than two have to share one. What works: {features} in "
        f"{span(d_hidden, d_hidden, 'dimension')}, or {n_features} features in {dimensions}."
    )


def span(first, last, noun):
    """
    >>> span(1, 1, "feature"), span(3, 4, "feature")
    ('1 feature', '3 to 4 features')
    """
    if first < last:
        return f"{first} to {last} {noun}s"
    return f"{first} {noun}" + ("" if first == 1 else "s")


def mse_phase_losses(density, relative_importance, n_features=2, d_hidden=None):
    """Loss of each way to store n features in m dimensions, the last r times as important.

    Of the n - m features too many each is ignored, at its importance times s/3 - s^2/4, or shares
    the dimension of another, at the sum of their importances times s^2/6. For m = n - 1, the
    default: ignore the first s/3 - s^2/4; ignore the last r (s/3 - s^2/4); superpose the last two
    (1 + r) s^2/6; superpose the first two s^2/3 (only for n >= 3). The smallest one wins. Losses
    are sums over features of amplitude U[0, 1) present with probability s, times importance, with
    directions of length 1: lengths and biases that give way lower those of pairs by up to 12%,
    where s is not small.

    ToysupError where n is not from m + 1 to 2m.

    Source: Elhage et al. 2022, section 3, for m = n - 1; the constants follow from the moments
    1/2 and 1/3 and from E[min(x, y)^2] = 1/6.

    >>> losses = mse_phase_losses(density=0.1, relative_importance=1.0)
    >>> min(losses, key=losses.get)
    'superpose the last two'
    """
    return {
        name: loss for name, _, loss in ways(density, relative_importance, n_features, d_hidden)
    }


def ways(density, relative_importance, n_features, d_hidden):
    """Each way to store the features: its name, what it makes of the last one, and its loss."""
    m = n_features - 1 if d_hidden is None else d_hidden
    check_phases(n_features, m)
    s, r = np.asarray(density, float), np.asarray(relative_importance, float)
    dropped, pair = s / 3 - s**2 / 4, s**2 / 6
    of_last = {Phase.DEDICATED: 0, Phase.IGNORED: r * dropped, Phase.SUPERPOSED: (1 + r) * pair}
    found = []
    for phase, loss in of_last.items():
        rest = n_features - m - (phase != Phase.DEDICATED)  # too many among the others
        for ignored in range(rest, -1, -1):
            pairs = rest - ignored
            needed = ignored + 2 * pairs + (phase == Phase.SUPERPOSED)
            if needed < n_features:
                total = loss + ignored * dropped + pairs * 2 * pair
                found.append((name_of(phase, ignored, pairs), phase, total))
    return found


def name_of(phase, ignored, pairs):
    """A way to store features in words; the last one is not among the first or the others.

    >>> name_of(Phase.DEDICATED, 0, 1), name_of(Phase.IGNORED, 2, 1)
    ('superpose the first two', 'ignore the last and ignore the first 2 and superpose 2 others')
    """
    last = {Phase.IGNORED: "ignore the last", Phase.SUPERPOSED: "superpose the last two"}
    parts = [last[phase]] if phase in last else []
    if ignored:
        parts.append("ignore the first" + (f" {ignored}" if ignored > 1 else ""))
    if pairs:
        alone = pairs == 1 and not ignored
        parts.append("superpose the first two" if alone else f"superpose {2 * pairs} others")
    return " and ".join(parts)


def mse_phases(density, relative_importance, n_features=2, d_hidden=None):
    """What becomes of the last feature: the `Phase` of the least loss, as places in PHASES.

    Where two ways cost the same, the one in which more becomes of it. Broadcasts its arguments.

    >>> [PHASES[place] for place in mse_phases(0.5, [0.1, 0.8, 8.0])]
    [<Phase.IGNORED: 'ignored'>, <Phase.SUPERPOSED: 'superposed'>, <Phase.DEDICATED: 'dedicated'>]
    """
    every = ways(density, relative_importance, n_features, d_hidden)
    losses = np.stack(np.broadcast_arrays(*(loss for *_, loss in every)))
    places = np.array([PHASES.index(phase) for _, phase, _ in every])
    return places[losses.argmin(axis=0)]


def phase_of_last(norm, interference):
    """The phase of a trained last feature, as a place in PHASES; -1 where it is not known.

    Theory has its norm |w| at 0 or 1, and 1 beside one antipodal twin or 0 for its interference,
    the sum of (u . w_j)^2 over the others. Ignored under a norm of 1/2, dedicated with an
    interference under 1/2, else superposed.

    >>> PHASES[phase_of_last(1.0, 0.9)], PHASES[phase_of_last(0.1, 1.0)]
    (<Phase.SUPERPOSED: 'superposed'>, <Phase.IGNORED: 'ignored'>)
    """
    norm, interference = np.broadcast_arrays(np.asarray(norm, float), np.asarray(interference))
    alone = interference < HALFWAY
    places = np.where(
        norm < HALFWAY,
        PHASES.index(Phase.IGNORED),
        np.where(alone, PHASES.index(Phase.DEDICATED), PHASES.index(Phase.SUPERPOSED)),
    )
    unknown = np.isnan(norm) | (np.isnan(interference) & (norm >= HALFWAY))
    return np.where(unknown, -1, places)[()]


def at_boundary(phases):
    """Which cells of a grid are within one cell of another phase, any of 8 neighbours.

    >>> at_boundary(np.array([[0, 0, 0, 1]])).tolist()
    [[False, False, True, True]]
    """
    rows, columns = phases.shape
    padded = np.pad(phases, 1, mode="edge")
    around = [padded[i : i + rows, j : j + columns] for i in range(3) for j in range(3)]
    return np.any([other != phases for other in around], axis=0)

"""When a feature is ignored, superposed or given a dimension. Elhage et al. 2022, section 3.

n features of amplitude U[0, 1), present with probability s, in m dimensions; the last one counts r
times as much as each other. A code that a sparse feature alone passes without error has no positive
inner products, so it falls apart into simplices that are orthogonal to each other; a simplex of k
dimensions with its k + 1 directions at cosine -1/k costs s^2 (1/3 + 1/(6k) - 1/(6k^2)), least for
antipodal pairs. So up to n = 2m features are ignored, in antipodal pairs, or alone in a dimension;
with more, several have to share a plane, whose polygons have no such formula.
"""

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Way:
    """A way to store the features: what becomes of the last, and of those that are too many."""

    phase: Phase
    ignored: int  # others
    pairs: int  # of others, each in one dimension

    def loss(self, s, r):
        """Its loss at a density and a relative importance, with directions of length 1."""
        dropped, pair = s / 3 - s**2 / 4, s**2 / 6
        of_last = {Phase.IGNORED: r * dropped, Phase.SUPERPOSED: (1 + r) * pair}
        return of_last.get(self.phase, 0 * r) + self.ignored * dropped + 2 * self.pairs * pair

    @property
    def name(self) -> str:
        """
        >>> Way(Phase.DEDICATED, 0, 1).name, Way(Phase.IGNORED, 2, 1).name
        ('superpose the first two', 'ignore the last and ignore the first 2 and superpose 2 others')
        """
        last = {Phase.IGNORED: "ignore the last", Phase.SUPERPOSED: "superpose the last two"}
        parts = [last[self.phase]] if self.phase in last else []
        if self.ignored:
            parts.append("ignore the first" + (f" {self.ignored}" if self.ignored > 1 else ""))
        if self.pairs:
            alone = self.pairs == 1 and not self.ignored
            others = f"superpose {2 * self.pairs} others"
            parts.append("superpose the first two" if alone else others)
        return " and ".join(parts)

    @property
    def formula(self) -> str:
        """
        >>> Way(Phase.SUPERPOSED, 2, 0).formula
        '(1 + r) s^2/6 + 2 (s/3 - s^2/4)'
        """
        last = {Phase.IGNORED: "r (s/3 - s^2/4)", Phase.SUPERPOSED: "(1 + r) s^2/6"}
        parts = [last[self.phase]] if self.phase in last else []
        if self.ignored:
            parts.append(f"{self.ignored} (s/3 - s^2/4)" if self.ignored > 1 else "s/3 - s^2/4")
        if self.pairs:
            parts.append((f"{self.pairs} " if self.pairs > 1 else "") + "s^2/3")
        return " + ".join(parts)


def ways(n_features=2, d_hidden=None) -> list[Way]:
    """Every way to store n features in m = n - 1, or `d_hidden`, dimensions."""
    m = n_features - 1 if d_hidden is None else d_hidden
    check_phases(n_features, m)
    found = []
    for phase in (Phase.DEDICATED, Phase.IGNORED, Phase.SUPERPOSED):
        rest = n_features - m - (phase != Phase.DEDICATED)  # too many among the others
        every = [Way(phase, rest - pairs, pairs) for pairs in range(rest + 1)]
        used = phase == Phase.SUPERPOSED  # the twin of the last
        found += [way for way in every if way.ignored + 2 * way.pairs + used < n_features]
    return found


def mse_phase_losses(density, relative_importance, n_features=2, d_hidden=None):
    """Loss of each way to store n features in m dimensions, the last r times as important.

    Of the n - m features too many each is ignored, at its importance times s/3 - s^2/4, or shares
    the dimension of another, at the sum of their importances times s^2/6. For m = n - 1, the
    default: ignore the first s/3 - s^2/4; ignore the last r (s/3 - s^2/4); superpose the last two
    (1 + r) s^2/6; superpose the first two s^2/3 (only for n >= 3). The smallest one wins. Losses
    are sums over features of amplitude U[0, 1) present with probability s, times importance, with
    directions of length 1: lengths and biases that give way lower those of pairs, by up to 12%
    where s is not small, which moves the boundary by 8% in s at most.

    ToysupError where n is not from m + 1 to 2m.

    Source: Elhage et al. 2022, section 3, for m = n - 1; the constants follow from the moments
    1/2 and 1/3 and from E[min(x, y)^2] = 1/6.

    >>> losses = mse_phase_losses(density=0.1, relative_importance=1.0)
    >>> min(losses, key=losses.get)
    'superpose the last two'
    """
    s, r = np.asarray(density, float), np.asarray(relative_importance, float)
    return {way.name: way.loss(s, r) for way in ways(n_features, d_hidden)}


def mse_phases(density, relative_importance, n_features=2, d_hidden=None):
    """What becomes of the last feature: the `Phase` of the least loss, as places in PHASES.

    Where two ways cost the same, the first of `ways`. Broadcasts its arguments.

    >>> [str(PHASES[place]) for place in mse_phases(0.5, [0.1, 0.8, 8.0])]
    ['ignored', 'superposed', 'dedicated']
    """
    losses = mse_phase_losses(density, relative_importance, n_features, d_hidden).values()
    places = np.array([PHASES.index(way.phase) for way in ways(n_features, d_hidden)])
    return places[np.stack(np.broadcast_arrays(*losses)).argmin(axis=0)]


def phase_of_last(norm, interference):
    """The phase of a trained last feature, as a place in PHASES; -1 where it is not known.

    Theory has its norm |w| at 0 or 1, and 1 beside one antipodal twin or 0 for its interference,
    the sum of (u . w_j)^2 over the others. Ignored under a norm of 1/2, dedicated with an
    interference under 1/2, else superposed.

    >>> str(PHASES[phase_of_last(1.0, 0.9)]), str(PHASES[phase_of_last(0.1, 1.0)])
    ('superposed', 'ignored')
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

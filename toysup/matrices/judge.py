"""Matrices -> what is measured of each, and the verdict on each group of them.

A column of `W`, `(m, n)`, is a direction. Matrices of one group are the seeds of one condition.
Each group is judged by itself, as the only condition of a sweep.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from toysup.errors import ToysupError
from toysup.matrices.agreement import Agreement, agreement
from toysup.matrices.forced import Forced, forced, side
from toysup.matrices.matrix import Matrix
from toysup.matrices.mean import has_mean, without_mean
from toysup.matrices.measured import Measured, measure, represented
from toysup.matrices.repeats import repeats, without_repeats
from toysup.matrices.sample import index
from toysup.verdict import DEFAULTS, Verdict, decide
from toysup.verdict.conditions import groups_of
from toysup.verdict.gathering import evidence_of
from toysup.verdict.optima import Optima
from toysup.verdict.rows import Rows

SEARCH_SECONDS = 60.0  # for optima that no table has
MEASURABLE = 1e-12, 1e12  # the largest entry: sums of its squares are well within float32


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One group of matrices with its verdict, and the same with the mean direction taken out."""

    group: str
    matrices: tuple[Measured, ...]
    verdict: Verdict
    optimum: tuple[float, float]  # the least P that is not ruled out, and the best that is known
    # () where the mean is no longer than chance makes it, or directions are too few to lose it.
    without_mean: tuple[Measured, ...]
    verdict_without_mean: Verdict | None
    # Once more without the columns that repeat another one; None where none that counts does.
    verdict_without_repeats: Verdict | None = None
    # Of each matrix with another one of the same features; () if none is given.
    agreements: tuple[Agreement, ...] = ()
    # Of each matrix beside what the second moments of data force; () if no data is given.
    forced: tuple[Forced, ...] = ()

    def __repr__(self) -> str:
        return f"<Judged {self.group}: {self.verdict.label.value}. {self.verdict.reason}>"

    def _repr_html_(self) -> str:
        """What a notebook shows: the verdict and the numbers that it rests on."""
        from markupsafe import escape

        first, v = self.matrices[0], self.verdict
        numbers = {
            "directions, dimensions": f"{first.represented:,} of {first.directions:,}, "
            f"{first.dimensions:,}",
            "T (0 least, 1 random)": f"{v.squared_interference.value:.3f}",
            "P (0 least, 1 random)": f"{v.positive_interference.value:.3f}",
            "index (1 best, 0 random)": f"{v.index_least:.3f} to {v.index_most:.3f}",
            "effective rank": f"{first.effective_rank:.2f}",
            "length of the mean": f"{first.mean_length:.2f}",
        }
        if self.verdict_without_mean:
            numbers["without the mean"] = self.verdict_without_mean.label.value
        if self.verdict_without_repeats:
            numbers["without repeated columns"] = self.verdict_without_repeats.label.value
        for found in self.agreements[:1]:
            numbers["correlation of pairs with the second matrix"] = (
                f"{found.correlation:.3f} (p = {found.p_value:.2g})"
            )
        if self.forced:
            where, _ = side(self.forced, "positive_interference")
            numbers["P beside second moments of the data"] = where
        rows = "".join(f"<tr><th>{k}</th><td>{escape(x)}</td></tr>" for k, x in numbers.items())
        return f"<p><b>{v.label.value}</b>. {escape(v.reason)}</p><table>{rows}</table>"


def judge(
    groups: Mapping[str, Sequence[Matrix]],
    callback: Callable[[float], None] = lambda done: None,
    against: Matrix | None = None,
    data: Matrix | None = None,
    search_seconds: float = SEARCH_SECONDS,
) -> list[Judged]:
    """The evidence and the verdict of each group of matrices.

    Also how far each matrix agrees with `against`, of the same features, and what the columns of
    `data`, samples of the features or of activations, force. No search for an optimum that no
    table has begins after `search_seconds`. `callback` is told the share done.
    """
    groups = {name: tuple(map(within_range, group)) for name, group in groups.items()}
    for group in groups.values():
        check_one_size(group)
    once = {name: group if any(map(has_repeats, group)) else () for name, group in groups.items()}
    matrices, repeated = (sum(map(len, some.values())) for some in (groups, once))
    of_each = (3 if against else 2) * matrices + repeated
    parts = Parts(callback, of_each + (len(groups) if data else 0))

    def measured(matrix: Matrix) -> Measured:
        return parts.do(lambda told: measure(matrix, told))

    whole, centred, distinct, more = {}, {}, {}, {}
    for group, members in groups.items():
        whole[group] = tuple(map(measured, members))
        some = members if any(map(has_mean, whole[group])) else ()
        centred[group] = tuple(map(measured, map(without_mean, some)))
        distinct[group] = tuple(map(measured, map(without_repeats, once[group])))
        agreements = beside = ()
        if against:
            agreements = tuple(
                parts.do(lambda told, one=one, other=against: agreement(one, other, told))
                for one in members
            )
        if data:
            beside = parts.do(lambda told, some=members: forced(some, data, told))
        more[group] = {"agreements": agreements, "forced": beside}
    optima = Optima(search_seconds)
    return [
        replace(judged(group, whole[group], centred[group], distinct[group], optima), **more[group])
        for group in groups
    ]


def has_repeats(matrix: Matrix) -> bool:
    """Whether any of its represented directions is there twice."""
    return bool((repeats(matrix.W) & represented(matrix.W)).any())


def check_one_size(group: Sequence[Matrix]) -> None:
    """ToysupError for matrices of one group that have other sizes."""
    sizes = {one.W.shape[::-1] for one in group}
    if len(sizes) > 1:
        raise ToysupError(
            f"{group[0].name}: matrices of one group are the seeds of one condition, and these "
            f"have other sizes: {', '.join(f'{n} x {m}' for n, m in sorted(sizes))}."
        )


def within_range(matrix: Matrix) -> Matrix:
    """A matrix in float64 where its squares are beyond float32."""
    largest = np.abs(matrix.W).max(initial=0.0)
    safe = not largest or MEASURABLE[0] < largest < MEASURABLE[1]
    return matrix if safe else replace(matrix, W=matrix.W.astype(np.float64))


@dataclass
class Parts:
    """Work in parts of about one length, of which a callback is told the share done."""

    callback: Callable[[float], None]
    count: int
    done: int = 0

    def do(self, part: Callable):
        found = part(lambda share: self.callback((self.done + share) / self.count))
        self.done += 1
        self.callback(self.done / self.count)
        return found


def judged(
    group: str,
    whole: tuple[Measured, ...],
    centred: tuple[Measured, ...],
    distinct: tuple[Measured, ...],
    optima: Optima,
) -> Judged:
    """A group of measured matrices with its verdicts."""
    v = verdict_of(whole, optima)
    best = optima.of("packing", whole[0].represented, v.d_hidden, search=v.searched)
    return Judged(
        group=group,
        matrices=tuple(with_index(one, optima) for one in whole),
        verdict=v,
        optimum=(best.low, best.found),
        without_mean=centred,
        verdict_without_mean=verdict_of(centred, optima) if centred else None,
        verdict_without_repeats=verdict_of(distinct, optima) if distinct else None,
    )


def with_index(found: Measured, optima: Optima) -> Measured:
    """A measured sample with the index of all directions. Their optimum is not searched for."""
    of_all = found.whole
    if of_all is None:
        return found
    best = optima.of("packing", of_all.represented, found.dimensions, search=False)
    of_all = replace(
        of_all, index=index(of_all.numbers["positive_interference"], best.low, best.found)
    )
    return replace(found, whole=of_all)


def rows_of(found: Sequence[Measured]) -> Rows:
    """What a verdict needs of matrices: they converged, and nobody knows a loss."""
    count = len(found)
    unknown = np.full(count, np.nan)

    def column(name: str) -> np.ndarray:
        return np.array([float(getattr(one, name)) for one in found])

    return Rows(
        d_hidden=column("dimensions").astype(int),
        seed=np.arange(count),
        outcome=np.full(count, "converged", dtype=object),
        loss=unknown,
        compared_loss=unknown,
        moves=np.tile([0.0, 0.0, 1.0], (count, 1)),
        chance=unknown,
        stake=unknown,
        stake_error=unknown,
        mean_readout_unexplained=unknown,
        n_represented=column("represented"),
        n_active=column("dimensions"),
        squared_interference=column("squared_interference"),
        positive_interference=column("positive_interference"),
        exponential_energy=column("exponential_energy"),
        sharing_fraction=column("sharing_fraction"),
        same_fraction=column("same_fraction"),
        close_fraction=column("close_fraction"),
        effective_rank=column("effective_rank"),
        mean_cosine=column("mean_cosine"),
    )


def verdict_of(found: Sequence[Measured], optima: Optima) -> Verdict:
    """The verdict on a group, by itself: each group is a question of its own."""
    m, n = found[0].dimensions, found[0].directions
    first = {"condition": 0, "directions": "given", "d_hidden": m, "n_features": n}
    group = groups_of([first], rows_of(found), np.array([len(found)]))
    return decide(evidence_of(group, [], optima, DEFAULTS), DEFAULTS).verdicts[0]

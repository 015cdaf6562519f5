"""Whether directions are near a best code, by one of the two potentials."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from toysup.spec.label import Label
from toysup.verdict.seen import Geometry, number
from toysup.verdict.thresholds import Thresholds


def minimises_in_most(
    g: Geometry, t: Thresholds, seeds: Sequence[Geometry]
) -> tuple[Label | None, str]:
    """What `minimises` says of the medians, if most seeds say as much: the medians of two numbers
    may be those of different seeds. Seeds whose features share directions do not."""
    found, why = minimises(g, t)
    each = [minimises(s, t)[0] for s in seeds if s.sharing_fraction <= t.sharing_share]
    sure, open_too = each.count(Label.MINIMISING), len(each) - each.count(None)
    if found is None or 2 * open_too <= len(seeds):
        few = f"only {open_too} of {len(seeds)} seeds minimise, or may, by themselves"
        return None, why if found is None else few
    if found == Label.MINIMISING and 2 * sure <= len(seeds):
        return Label.NEAR, f"{why}, but only {sure} of {len(seeds)} seeds surely minimise"
    return found, why


def minimises(g: Geometry, t: Thresholds) -> tuple[Label | None, str]:
    """Whether one of the indices is high enough, as MINIMISING, NEAR or None, and why."""
    if g.same_fraction > 0:
        return None, f"{g.same_fraction:.0%} of the features are one and the same as another"
    if g.close_fraction > t.crowded_share:
        return None, f"{g.close_fraction:.0%} of the features are too close to another one"
    level, indices = t.minimising_index, (by_packing(g, t), by_exponential(g, t))
    high = [i for i in indices if i.most > level]
    for index in high:
        if index.least > level and not index.short:
            return Label.MINIMISING, f"{index.shown}, is above {level:g}"
    for index in high:
        if not (index.short and index.sure):
            return Label.NEAR, f"{index.shown}, may be above {level:g}{index.left_open}"
    if high:
        return None, high[0].short
    return None, f"{indices[0].shown}, is not above {level:g}"


@dataclass(frozen=True)
class Index:
    """An index in words: what it is for all that the optimum may be."""

    name: str
    least: float
    most: float
    searched: bool  # more than a bound of the optimum is known
    short: str = ""  # why it does not count, however high
    sure: bool = True  # that `short` holds for all that the optima may be

    @property
    def shown(self) -> str:
        ends = [number(self.least), number(self.most)]
        value = ends[0] if ends[0] == ends[1] else f"between {ends[0]} and {ends[1]}"
        return f"{self.name}, {value if self.searched else f'{ends[0]} or more'}"

    @property
    def left_open(self) -> str:
        return "" if self.searched else ": the optimum of this size was not searched for"


def by_packing(g: Geometry, t: Thresholds) -> Index:
    """P's index. It counts if features are as far apart as those of its best code, and if the
    exponential potential is not high: P does not see how close the closest features are."""
    index = Index("the index", g.index_least, g.index_most, g.searched)
    if g.close_fraction > t.sharing_share:
        close = f"{g.close_fraction:.0%} of the features are too close to another one"
        return replace(index, short=f"{close} for a best code")
    if not g.apart > t.exponential_floor:
        value = f"the index of the exponential potential, {number(g.apart)}"
        why = f"{value}, is not above {t.exponential_floor:g}: the closest features are too close"
        return replace(index, short=why, sure=g.exponential_searched)
    return beyond_whitening(index, g.beyond_whitening, g, t)


def by_exponential(g: Geometry, t: Thresholds) -> Index:
    """The index of the exponential potential."""
    name, ends = "the index of the exponential potential", (g.exponential_least, g.exponential_most)
    index = Index(name, *ends, g.exponential_searched)
    return beyond_whitening(index, g.exponential_beyond_whitening, g, t)


def beyond_whitening(index: Index, share: float, g: Geometry, t: Thresholds) -> Index:
    """The index, which counts if whitening alone does not come nearly as far."""
    if not g.superposed or share > t.beyond_whitening:
        return index
    way = f"{number(share)} of the way from whitening to the optimum"
    return replace(index, short=f"{index.shown}, is only {way}", sure=index.searched)

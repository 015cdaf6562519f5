"""Whether directions are close to a best code, by one of the two potentials."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from toysup.spec.label import Label
from toysup.verdict.geometry import Geometry, number
from toysup.verdict.thresholds import Thresholds


def minimises_in_most(
    g: Geometry, t: Thresholds, seeds: Sequence[Geometry]
) -> tuple[Label | None, str]:
    """The result of `minimises` for the medians, if most seeds agree.

    The check is needed because the medians of two numbers may be from different seeds. A seed whose
    features share directions does not minimise.
    """
    label, why = minimises(g, t)
    labels = [minimises(s, t)[0] for s in seeds if s.sharing_fraction <= t.sharing_share]
    minimising, possible = labels.count(Label.MINIMISING), len(labels) - labels.count(None)
    if label is None or 2 * possible <= len(seeds):
        few = f"only {possible} of {len(seeds)} seeds minimise, or may, by themselves"
        return None, why if label is None else few
    if label == Label.MINIMISING and 2 * minimising <= len(seeds):
        return Label.NEAR, f"{why}, but only {minimising} of {len(seeds)} seeds surely minimise"
    return label, why


def minimises(g: Geometry, t: Thresholds) -> tuple[Label | None, str]:
    """MINIMISING, NEAR or None, by the better of the two indices, and why."""
    if g.same_fraction > 0:
        return None, f"{g.same_fraction:.0%} of the features are one and the same as another"
    if g.close_fraction > t.crowded_share:
        return None, f"{g.close_fraction:.0%} of the features are too close to another one"
    level, indices = t.minimising_index, (by_packing(g, t), by_exponential(g, t))
    high = [i for i in indices if i.most > level]
    for index in high:
        if index.least > level and not index.objection:
            return Label.MINIMISING, f"{index.text}, is above {level:g}"
    for index in high:
        if not (index.objection and index.certain):
            return Label.NEAR, f"{index.text}, may be above {level:g}{index.left_open}"
    if high:
        return None, high[0].objection
    return None, f"{indices[0].text}, is not above {level:g}"


@dataclass(frozen=True)
class Index:
    """An index with its least and most possible value, and whether it counts."""

    name: str
    least: float
    most: float
    searched: bool  # a code is known, not only a bound of the optimum
    objection: str = ""  # why it does not count, even if it is high
    certain: bool = True  # whether `objection` holds for every possible optimum

    @property
    def text(self) -> str:
        ends = [number(self.least), number(self.most)]
        value = ends[0] if ends[0] == ends[1] else f"between {ends[0]} and {ends[1]}"
        return f"{self.name}, {value if self.searched else f'{ends[0]} or more'}"

    @property
    def left_open(self) -> str:
        return (
            "" if self.searched else ": no code of this size is known, only a bound of the optimum"
        )


def by_packing(g: Geometry, t: Thresholds) -> Index:
    """The index of P. It counts if features are as far apart as in its best code, and if the
    exponential index is high enough: P does not see how close the closest features are."""
    index = Index("the index", g.index_least, g.index_most, g.searched)
    if g.close_fraction > t.sharing_share:
        close = f"{g.close_fraction:.0%} of the features are too close to another one"
        return replace(index, objection=f"{close} for a best code")
    if not g.apart > t.exponential_floor:
        value = f"the index of the exponential potential, {number(g.apart)}"
        why = f"{value}, is not above {t.exponential_floor:g}: the closest features are too close"
        return replace(index, objection=why, certain=g.exponential_searched)
    return beyond_whitening(index, g.beyond_whitening, g, t)


def by_exponential(g: Geometry, t: Thresholds) -> Index:
    """The index of the exponential potential."""
    name, ends = "the index of the exponential potential", (g.exponential_least, g.exponential_most)
    index = Index(name, *ends, g.exponential_searched)
    return beyond_whitening(index, g.exponential_beyond_whitening, g, t)


def beyond_whitening(index: Index, share: float, g: Geometry, t: Thresholds) -> Index:
    """The index. It counts if whitening alone does not come nearly as far."""
    if not g.superposed or share > t.beyond_whitening:
        return index
    way = f"{number(share)} of the way from whitening to the optimum"
    return replace(index, objection=f"{index.text}, is only {way}", certain=index.searched)

"""What is shown of judged matrices in tables: texts, for any form of the report."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from toysup.geometry import welch_bound
from toysup.matrices.forced import Forced
from toysup.matrices.judge import Judged
from toysup.matrices.measured import Measured, Pair
from toysup.matrices.sample import Between, Estimate
from toysup.reports.words import decimals, short, with_error
from toysup.verdict.statistics import Interval

SYMBOLS = {
    "squared_interference": "T",
    "positive_interference": "P",
    "mean_length": "mean direction",
    "sharing_fraction": "sharing",
}
OF_ALL = {"effective_rank": "effective rank", "tightness": "tightness"}


@dataclass(frozen=True)
class Table:
    """The first column has words, and the others numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def numbers(one: Judged) -> Table:
    """T, P and the index beside their nulls and optimum, as they are and without the mean."""
    centred = one.verdict_without_mean is not None
    names = ("as it is", *(["without mean"] if centred else []), "random (95%)", "whitened")
    v = one.verdict
    both = [one.matrices[0], *one.without_mean[:1]]
    first = both[0]
    flat = welch_bound(first.represented, first.dimensions) > 0
    judged = [v, *([one.verdict_without_mean] if one.verdict_without_mean else [])]

    def plain(name: str) -> list[str]:
        return [decimals(getattr(x, name)) for x in both]

    T, P = v.random.squared_interference, v.random.positive_interference
    rows = (
        ("T", *plain("squared_interference"), ranged(T), "0" if flat else "", "0"),
        (
            "P",
            *plain("positive_interference"),
            ranged(P),
            decimals(v.tight.positive_interference.value),
            span(*one.optimum),
        ),
        ("index", *(span(x.index_least, x.index_most) for x in judged), "0", "", "1"),
        ("effective rank", *plain("effective_rank"), "", "", ""),
        ("tightness", *plain("tightness"), "", "", ""),
        ("mean direction", *plain("mean_length"), "", "", ""),
    )
    return Table(("", *names, "optimum"), rows)


def of_all(found: Measured) -> Table:
    """What a sample says of all directions."""
    of = found.whole
    assert of is not None
    assert found.cosines is not None
    assert of.index is not None
    rows = [
        ((SYMBOLS | OF_ALL)[name], decimals(getattr(found, name)), estimated(value))
        for name, value in of.numbers.items()
    ]
    rows.insert(2, ("index", "", between(of.index)))
    for near, name in ((of.close, "close neighbours"), (of.sharing, "that share a direction")):
        words = f"{name} (cosine above {near.cosine:.2f})"
        rows += [
            (f"{words}, of each", "", estimated(near.number)),
            ("share of directions with one", "", share(near.share)),
        ]
    coherence = found.cosines.coherence
    rows.append(("coherence", f"{coherence:.3f}", f"at least {of.coherence:.3f}"))
    return Table(("", "the sample", f"all {found.drawn_from:,}"), tuple(rows))


def estimated(value: Estimate) -> str:
    return with_error(value.value, value.error)


def between(value: Between) -> str:
    """A number, or the two that it is between."""
    return " to ".join(dict.fromkeys(map(estimated, (value.low, value.high))))


def share(value: Between) -> str:
    """A share that is known between two, without an end that says nothing."""
    low, high = value.low, value.high
    if low.value == high.value:
        return estimated(max(low, high, key=lambda end: end.error))
    if high.value - high.error >= 1 > low.value:
        return f"at least {estimated(low)}"
    return f"at most {estimated(high)}" if not low.value and not low.error else between(value)


def null_of_data(found: Sequence[Forced]) -> Table:
    """The numbers of matrices, and of directions with the second moments of the data: of several
    matrices the medians, and the whole range of what is beside any of them."""
    name = "these matrices, median" if found[1:] else "this matrix"
    own = (name, *(decimals(float(np.median(owns(found, number)))) for number in SYMBOLS))
    rows = [
        (kind, *(ranged(over_all([one.null[kind][name] for one in found])) for name in SYMBOLS))
        for kind in found[0].null
    ]
    return Table(("", *SYMBOLS.values()), (own, *rows))


def owns(found: Sequence[Forced], name: str) -> list[float]:
    return [getattr(one.own, name) for one in found]


def over_all(some: Sequence[Interval]) -> Interval:
    middle = float(np.median([one.value for one in some]))
    return Interval(middle, min(one.low for one in some), max(one.high for one in some))


def pairs(title: str, some: tuple[Pair, ...]) -> Table:
    return Table((title, "cosine"), tuple((f"{a} and {b}", short(c)) for a, b, c in some))


def span(low: float, high: float) -> str:
    ends = dict.fromkeys([decimals(low), decimals(high)])
    return " to ".join(ends)


def ranged(interval: Interval) -> str:
    return f"{decimals(interval.value)} ({decimals(interval.low)} to {decimals(interval.high)})"

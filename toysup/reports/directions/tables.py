"""What is shown of judged matrices in tables: texts, for any form of the report."""

from dataclasses import dataclass

from toysup.geometry import welch_bound
from toysup.matrices.forced import Forced
from toysup.matrices.judge import Judged
from toysup.matrices.measured import Measured, Pair
from toysup.reports.words import decimals, short
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
    rows = tuple(
        (
            (SYMBOLS | OF_ALL)[name],
            decimals(getattr(found, name)),
            f"{estimate.value:.4g} ± {estimate.error:.2g}",
        )
        for name, estimate in found.whole.items()
    )
    return Table(("", "the sample", f"all {found.drawn_from:,}"), rows)


def null_of_data(found: Forced) -> Table:
    """The numbers of a matrix, and of directions with the second moments of the data."""
    own = ("this matrix", *(decimals(getattr(found.own, name)) for name in SYMBOLS))
    rows = [
        (kind, *(ranged(values[name]) for name in SYMBOLS)) for kind, values in found.null.items()
    ]
    return Table(("", *SYMBOLS.values()), (own, *rows))


def pairs(title: str, some: tuple[Pair, ...]) -> Table:
    return Table((title, "cosine"), tuple((f"{a} and {b}", short(c)) for a, b, c in some))


def span(low: float, high: float) -> str:
    ends = dict.fromkeys([decimals(low), decimals(high)])
    return " to ".join(ends)


def ranged(interval: Interval) -> str:
    return f"{decimals(interval.value)} ({decimals(interval.low)} to {decimals(interval.high)})"

"""Judged matrices in a terminal: the verdict, the numbers, the cosines and the closest pairs."""

from collections.abc import Sequence

import numpy as np
from rich.console import Console
from rich.table import Table

from toysup.geometry import welch_bound
from toysup.matrices.agreement import Agreement
from toysup.matrices.forced import ABOVE, BELOW, DRAWS, WITHIN, Forced
from toysup.matrices.judge import Judged
from toysup.matrices.mean import centred_random
from toysup.matrices.measured import Cosines, Measured
from toysup.metrics.represented import REPRESENTED
from toysup.report.console import Text, console
from toysup.report.instance.terminal import plain_table
from toysup.report.labels import LOOKS
from toysup.report.terminal import bullet, heading
from toysup.report.words import counted, decimals, short
from toysup.verdict import Verdict
from toysup.verdict.nulls import cap_probability

BAR = 30  # letters of the fullest bin
WORTH_SAYING = 0.05  # an error of T
WIDE_BINS = 20  # of the histogram that is shown
MEANING = (
    "T, P: squared and positive interference, 0 least, 1 random. Index: 1 best packing, 0 random. "
    "Random: the median of random directions with its central 95%. Whitened: of random tight "
    "frames of equal norms, which whitening alone gives. Optimum of P: the least that is not ruled "
    "out, and the best that is known."
)


def show(found: Sequence[Judged], said: Sequence[str] = (), out: Console | None = None) -> None:
    """Print what came of each group."""
    out = out or console()
    for words in said:
        out.print(Text(words, style="dim"))
    for place, one in enumerate(found):
        if place:
            out.print()
        group(one, out)


def group(one: Judged, out: Console) -> None:
    first = one.matrices[0]
    out.print(Text(one.group, style="bold"))
    out.print(verdict("As it is", one.verdict))
    if one.verdict_without_mean:
        out.print(verdict("Without its mean", one.verdict_without_mean))
    for caveat in caveats(one):
        bullet(out, caveat)
    heading(out, "What was measured" + (" of the first matrix" if len(one.matrices) > 1 else ""))
    out.print(numbers(one))
    out.print(Text(MEANING, style="dim"))
    if first.cosines:
        heading(out, "Cosines of pairs")
        out.print(histogram(first.cosines, first.dimensions))
        for line in about_cosines(first):
            bullet(out, line)
        heading(out, "Pairs")
        out.print(pairs("closest", first.cosines.closest))
        out.print(pairs("most opposed", first.cosines.opposed))

    if one.forced:
        heading(out, "What the data force")
        out.print(null_of_data(one.forced))
        for line in about_data(one.forced):
            bullet(out, line)
    if one.agreements:
        heading(out, "The same pairs")
    for found in one.agreements:
        bullet(out, agreed(found))


SYMBOLS = {
    "squared_interference": "T",
    "positive_interference": "P",
    "mean_length": "mean direction",
    "sharing_fraction": "sharing",
}
SIDES = {
    BELOW: "below that of all these directions: their second moments do not force it so low",
    WITHIN: "as of such directions: it says nothing that the second moments do not",
    ABOVE: "above that of all these directions: their second moments do not force it so high",
}


def null_of_data(found: Forced) -> Table:
    """The numbers of a matrix, and of directions with the second moments of the data."""
    table = plain_table("", *SYMBOLS.values())
    table.add_row("this matrix", *(decimals(getattr(found.own, name)) for name in SYMBOLS))
    for kind, numbers in found.null.items():
        table.add_row(kind, *(ranged(numbers[name]) for name in SYMBOLS))
    return table


def about_data(found: Forced) -> list[str]:
    """What the null of the data is, and on which side of it the matrix is."""
    lines = [
        f"Beside the matrix: directions that have the second moments of {found.samples:,} samples "
        f"of {found.samples_of} ({found.data}) and nothing else of them. Range: of "
        f"{DRAWS + 1} draws. Compared: {found.directions:,} directions."
    ]
    for name in ("squared_interference", "positive_interference", "mean_length"):
        if not np.isnan(getattr(found.own, name)):
            lines.append(f"The {SYMBOLS[name]} is {SIDES[found.side(name)]}.")
    if found.error > WORTH_SAYING:
        lines.append(
            f"The samples are few for so many directions: they alone add about {found.error:.2f} "
            "to T of such directions. Give more samples."
        )
    return lines


def agreed(found: Agreement) -> str:
    """How far two matrices agree on which pairs are close, in a sentence or two."""
    nearest = (
        f"{found.same_nearest:.1%} of the features have the same nearest one in both; by chance "
        f"{found.same_nearest_chance:.1%}."
    )
    with_whom = f"{found.other}, over {found.features:,} features"
    if np.isnan(found.p_value):
        return f"All pairs are as close in it or in {with_whom}: their order says nothing."
    return (
        f"Rank correlation of the pairs' cosines with {with_whom}: {found.correlation:.3f}. "
        f"Permuted features: {found.chance_low:.3f} to {found.chance_high:.3f} (95%), "
        f"p = {found.p_value:.2g}. {nearest}"
    )


def verdict(title: str, v: Verdict) -> Text:
    text = Text(f"{title}: ")
    text.append(v.label.value, style=LOOKS[v.label].style)
    return text.append(f". {v.reason}{f' Note: {v.note}.' if v.note else ''}")


def caveats(one: Judged) -> list[str]:
    """What part of the columns the statements are about, and what was set aside."""
    first = one.matrices[0]
    size = f"{first.directions:,} directions of {first.dimensions:,} dimensions"
    seeds = f"{counted(len(one.matrices), 'matrix', 'matrices')} of " if one.matrices[1:] else ""
    lines = [f"{seeds}{size}."]
    left = first.directions - first.represented
    if left:
        lines.append(
            f"Everything is about the {first.represented:,} whose norm is above {REPRESENTED:g} of "
            f"the largest; {left:,} are not, {first.zero:,} of them zero."
        )
    if first.repeated:
        lines.append(f"{counted(first.repeated, 'column')} repeat another one, bit for bit.")
    if one.verdict_without_mean:
        near = decimals(centred_random(first.represented, first.dimensions), 3)
        lines.append(
            f"The mean of its unit directions has a length of {first.mean_length:.2f}, more than "
            f"by chance. Random directions without their mean have P = {near}, not 1."
        )
    low, _, middle, _, high = first.norms
    lines.append(f"Norms: {low:.3g} to {high:.3g}, the median {middle:.3g}.")
    return lines


def numbers(one: Judged) -> Table:
    """T, P and the index beside their nulls and optimum, as they are and without the mean."""
    centred = one.verdict_without_mean is not None
    names = ["as it is", *(["without mean"] if centred else []), "random (95%)", "whitened"]
    table = plain_table("", *names, "optimum")
    v = one.verdict
    both = [one.matrices[0], *one.without_mean[:1]]
    first = both[0]
    flat = welch_bound(first.represented, first.dimensions) > 0

    def row(name: str, values, random: str = "", whitened: str = "", best: str = "") -> None:
        table.add_row(name, *values, random, whitened, best)

    squares = [decimals(x.squared_interference) for x in both]
    row("T", squares, ranged(v.random.squared_interference), "0" if flat else "", "0")
    row(
        "P",
        [decimals(x.positive_interference) for x in both],
        ranged(v.random.positive_interference),
        decimals(v.tight.positive_interference.value),
        span(*one.optimum),
    )
    judged = [v, *([one.verdict_without_mean] if one.verdict_without_mean else [])]
    row("index", [span(x.index_least, x.index_most) for x in judged], "0", "", "1")
    row("effective rank", [decimals(x.effective_rank) for x in both])
    row("tightness", [decimals(x.tightness) for x in both])
    row("mean direction", [decimals(x.mean_length) for x in both])
    return table


def span(low: float, high: float) -> str:
    return (
        decimals(low) if decimals(low) == decimals(high) else f"{decimals(low)} to {decimals(high)}"
    )


def ranged(interval) -> str:
    return f"{decimals(interval.value)} ({decimals(interval.low)} to {decimals(interval.high)})"


def histogram(found: Cosines, m: int) -> Table:
    """Shares of pairs by cosine on a logarithmic scale, beside those of random directions."""
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="dim")
    for name in ("cosine", "pairs", "", "random"):
        table.add_column(name, justify="left" if not name else "right")
    counts = found.histogram.reshape(WIDE_BINS, -1).sum(axis=1)
    total = max(1, int(counts.sum()))
    some = np.flatnonzero(counts)
    edges = np.linspace(-1, 1, WIDE_BINS + 1)
    floor = np.log(0.5 / total)
    for i in range(some.min(), some.max() + 1):
        share = counts[i] / total
        level = (np.log(share) - floor) / -floor if share else 0
        table.add_row(
            f"{edges[i]:.1f} to {edges[i + 1]:.1f}",
            f"{share:.2g}" if share else "0",
            Text("█" * round(BAR * level)),
            f"{below(edges[i + 1], m) - below(edges[i], m):.2g}",
        )
    return table


def below(cosine: float, m: int) -> float:
    """The probability that two random directions have a cosine below this one."""
    return 1 - cap_probability(cosine, m) if cosine >= 0 else cap_probability(-cosine, m)


def about_cosines(found: Measured) -> list[str]:
    c = found.cosines
    assert c is not None
    r, rare = found.represented, f"{c.rare_share:.1%}"
    near = f"{found.sharing_fraction:.1%}"
    least = max(c.welch, c.orthoplex, c.levenshtein)
    return [
        f"{rare} of the directions have another one closer than a cosine of {c.rare_cosine:.2f}; "
        f"of {r:,} random directions, 1% have.",
        f"{near} share their direction with another one: a cosine above {c.sharing_cosine:.2f}.",
        f"Coherence, the largest |cosine|: {c.coherence:.3f}. It can be no less than {least:.3f} "
        f"(Welch {c.welch:.3f}, orthoplex {c.orthoplex:.3f}, Levenshtein {c.levenshtein:.3f}).",
    ]


def pairs(title: str, some) -> Table:
    table = plain_table(title, "cosine")
    for one, other, cosine in some:
        table.add_row(f"{one} and {other}", short(cosine))
    return table

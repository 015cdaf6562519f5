"""What is said of judged matrices in whole sentences."""

from collections.abc import Sequence

import numpy as np

from toysup.matrices.agreement import Agreement
from toysup.matrices.forced import ABOVE, BELOW, DRAWS, WITHIN, Forced, side
from toysup.matrices.judge import Judged
from toysup.matrices.mean import centred_random
from toysup.matrices.measured import Measured
from toysup.matrices.neighbours import RARE
from toysup.metrics.represented import REPRESENTED
from toysup.reports.directions.tables import SYMBOLS
from toysup.reports.words import counted, decimals
from toysup.verdict import Verdict

MEANING = (
    "T, P: squared and positive interference, 0 least, 1 random. Index: 1 best packing, 0 random. "
    "Random: the median of random directions with its central 95%. Whitened: of random tight "
    "frames of equal norms, which whitening alone gives. Optimum of P: the least that is not ruled "
    "out, and the best that is known."
)
WORTH_SAYING = 0.05  # an error of T
SIDES = {
    BELOW: "below that of all these directions{}: their second moments do not force it so low",
    WITHIN: "as of such directions{}: it says nothing that the second moments do not",
    ABOVE: "above that of all these directions{}: their second moments do not force it so high",
}


def reason(v: Verdict) -> str:
    return f"{v.reason}{f' Note: {v.note}.' if v.note else ''}"


def which(one: Judged) -> str:
    """Which of several matrices the numbers are of."""
    return " of the first matrix" if one.matrices[1:] else ""


def caveats(one: Judged) -> list[str]:
    """What part of the columns the statements are about, and what was set aside."""
    first = one.matrices[0]
    size = f"{first.directions:,} directions of {first.dimensions:,} dimensions"
    seeds = f"{counted(len(one.matrices), 'matrix', 'matrices')} of " if one.matrices[1:] else ""
    lines = [f"{seeds}{size}."]
    if first.drawn_from:
        lines.append(
            f"These are a sample of {first.drawn_from:,}, and the verdict is about the sample."
        )
    left = first.directions - first.represented
    if left:
        lines.append(
            f"Everything is about the {first.represented:,} whose norm is above {REPRESENTED:g} of "
            f"the largest; {left:,} are not, {first.zero:,} of them zero."
        )
    if first.repeated:
        lines.append(f"{counted(first.repeated, 'column')} repeat another one, bit for bit.")
    if one.verdict_without_repeats:
        v = one.verdict_without_repeats
        lines.append(f"Without repeats the verdict is {v.label.value}: {reason(v)}")
    if one.verdict_without_mean:
        near = decimals(centred_random(first.represented, first.dimensions), 3)
        lines.append(
            f"The mean of its columns is {first.lean:.2f} of their typical norm, more than by "
            f"chance. Random directions without their mean have P = {near}, not 1."
        )
    if first.norms:
        low, _, middle, _, high = first.norms
        lines.append(f"Norms: {low:.3g} to {high:.3g}, the median {middle:.3g}.")
    return lines


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


def about_sample(found: Measured) -> list[str]:
    """What a sample says of the whole, and what it cannot say."""
    of = found.whole
    assert of is not None
    return [
        "T, the effective rank and the index depend on how many directions there are, and P does "
        "not: those of all are what the sample says of them, with its standard error. The index "
        "is between two numbers where the optimum is.",
        f"Of random directions each has {RARE:g} neighbours above a cosine of "
        f"{of.close.cosine:.2f}, and {RARE:.0%} have one. A neighbour of a direction is seldom in "
        "the sample with it, so how many have one is known between two numbers.",
        "The coherence of a sample is a lower bound of that of all, and has no standard error: "
        "one pair that is not in the sample may be closer.",
        "The verdict, the closest pairs, and all that is said without the mean, without repeats, "
        "of data and of a second matrix are about the sample alone.",
    ]


def about_data(found: Sequence[Forced]) -> list[str]:
    """What the null of the data is, and on which side of it the matrices are."""
    first, matrices = found[0], len(found)
    sizes = sorted({one.directions for one in found})
    lines = [
        f"Beside the {'matrices' if found[1:] else 'matrix'}: directions that have the second "
        f"moments of {first.samples:,} samples of {first.samples_of} ({first.data}) and nothing "
        f"else of them. Range: of {DRAWS + 1} draws. Compared: "
        f"{' to '.join(f'{size:,}' for size in dict.fromkeys([sizes[0], sizes[-1]]))} directions."
    ]
    for name in ("squared_interference", "positive_interference", "mean_length"):
        if not any(np.isnan(getattr(one.own, name)) for one in found):
            where, count = side(found, name)
            share = f" in {count} of {matrices} matrices" if found[1:] else ""
            lines.append(f"The {SYMBOLS[name]} is {SIDES[where].format(share)}.")
    error = max(one.error for one in found)
    if error > WORTH_SAYING:
        lines.append(
            f"The samples are few for so many directions: they alone add about {error:.2f} "
            "to T of such directions. Give more samples."
        )
    return lines


def agreed(found: Agreement) -> str:
    """How far two matrices agree on which pairs are close."""
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

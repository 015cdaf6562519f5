"""A decided claim in words: its rule, its effect with an interval, and where to look."""

from toysup.claims.decision import Decision
from toysup.report.words import counted, decimals, joined, label_of, plain, spoken
from toysup.spec.claim import Claim, Quantifier, Seeds, required
from toysup.spec.selection import Selection
from toysup.verdict.statistics import Interval

EXTENTS: dict[str, str] = {
    Quantifier.EVERY: "in every condition",
    Quantifier.SOME: "in some condition",
    Quantifier.NO: "in no condition",
    Quantifier.MOST: "in most conditions",
    Quantifier.ALWAYS: "in every condition, exceptions aside,",
    Quantifier.NEVER: "in no condition, exceptions aside,",
    Quantifier.SOMETIMES: "in more conditions than exceptions are",
    Quantifier.MEAN: "on average over conditions",
}
MOST_NUMBERS = 8  # runs of condition numbers that a table has room for
MOST_BASINS = 3  # conditions whose two basins are named
DIGITS = 3  # of an effect; it is a loss of any size, or a share


def rule(claim: Claim) -> str:
    """What must be so for the claim to be supported."""
    if claim.verdict:
        what = side(claim)
    elif claim.theory:
        return f"share of cells in the phase of {claim.theory} {side(claim)}"
    elif claim.along:
        metric, level = spoken(required(claim.metric)), number(required(claim.crosses))
        what = f"{metric} passes {level} along {spoken(claim.along)} {side(claim)}"
    else:
        less = f" less that at {selected(claim.other)}" if claim.other else ""
        what = f"{spoken(required(claim.metric))}{less} {side(claim)}"
    if claim.seeds == Seeds.LOWEST:
        what = f"lowest-loss {what}"
    rows = f" with {selected(claim.rows)}" if claim.rows else ""
    return f"{what} {EXTENTS[claim.holds]}{rows}".removesuffix(",")


def side(claim: Claim) -> str:
    """Where the metric, its crossing, or the verdict should be."""
    if claim.verdict:
        return joined([f'"{label}"' for label in claim.verdict], "or")
    if claim.along:
        first, last = map(number, required(claim.between))
        return f"between {first} and {last}"
    if claim.near is not None:
        return f"within {number(required(claim.within))} of {number(claim.near)}"
    if claim.below is not None:
        return f"below {number(claim.below)}"
    return f"above {number(required(claim.above))}"


def selected(selection: Selection) -> str:
    """Which conditions a claim speaks of.

    >>> selected({"objective": "mse", "views": ("mask", "swap"), "feature_probability": {"max": 1}})
    'objective mse, mask or swap views, p at most 1'
    """
    parts = []
    for name, wanted in selection.items():
        if isinstance(wanted, dict):
            ends = {"min": "at least", "max": "at most"}
            words = [f"{ends[end]} {number(x)}" for end, x in wanted.items()]
            parts.append(f"{spoken(name)} {joined(words)}")
        else:
            values = wanted if isinstance(wanted, tuple) else (wanted,)
            parts.append(label_of(name, joined([plain(v, DIGITS) for v in values], "or")))
    return ", ".join(parts)


def effect(found: Decision) -> str:
    """The effect with its interval, the share of conditions where that decides, of how many the
    claim is true, and of how many nothing depends on their directions."""
    parts = []
    if found.effect.value == found.effect.value and not (found.share and found.claim.verdict):
        parts.append(f"{spoken(found.unit)}: {interval(found.effect)}")
    if found.share:
        parts.append(f"share of {noun(found)}s: {interval(found.share)}")
    of_one = found.claim.theory or found.claim.holds == Quantifier.MEAN
    if not (of_one and parts):
        parts.append(extent(found))
    idle = f", {found.not_at_stake} not at stake" if found.not_at_stake else ""
    return f"{'; '.join(parts)}{idle}"


def measured(found: Decision) -> str:
    """The effect as numbers, and the share of conditions where that decides."""
    if not found.share:
        return interval(found.effect)
    share = f"share {interval(found.share)}"
    return share if found.claim.verdict else f"{interval(found.effect)}; {share}"


def interval(of: Interval) -> str:
    """A value and its bounds."""
    value, low, high = (number(x) for x in vars(of).values())
    return f"{value} ({low} to {high})" if of.low < of.high else value


def number(value: float) -> str:
    """
    >>> number(0.9321), number(12.5), number(-0.00004), number(float("nan"))
    ('0.932', '12.5', '-4e-05', '–')
    """
    if value != value:
        return decimals(value)
    return plain(value, DIGITS) if abs(value) < 1e6 else f"{value:.{DIGITS}g}"


def extent(found: Decision) -> str:
    """Of how many conditions the claim is true, and of how many it is not known."""
    count = found.true + found.false + found.unclear + found.unjudged
    if not count:
        return "no condition is compared"
    parts = [f"the case in {found.true} of {counted(count, noun(found))}"]
    parts += [f"{found.unclear} too uncertain to tell"] if found.unclear else []
    parts += [f"{found.unjudged} not judged"] if found.unjudged else []
    return ", ".join(parts)


def noun(found: Decision) -> str:
    """What the claim is true of, or not."""
    if found.claim.holds == Quantifier.MEAN:
        return "average"
    return "curve" if found.claim.along else "condition"


def where(found: Decision) -> str:
    """The conditions that the answer rests on.

    Their numbers are in the column `condition` of the results.
    """
    runs: list[list[int]] = []
    for condition in found.conditions:
        if runs and condition == runs[-1][-1] + 1:
            runs[-1].append(condition)
        else:
            runs.append([condition])
    shown = [f"{r[0]} to {r[-1]}" if len(r) > 2 else ", ".join(map(str, r)) for r in runs]
    rest = f" and {len(runs) - MOST_NUMBERS} more" if len(runs) > MOST_NUMBERS else ""
    word = "condition" if len(found.conditions) == 1 else "conditions"
    return f"{word} {', '.join(shown[:MOST_NUMBERS])}{rest}" if runs else ""


def basins(found: Decision) -> str:
    """How many seeds of the conditions that decide are in the lower of two basins of loss.

    Nothing of a claim that looks at the restart with the lowest loss alone, which is in one.
    """
    if found.claim.seeds == Seeds.LOWEST or found.claim.theory:
        return ""
    lower = "seeds in the lower of two basins of loss"
    words = [
        f"condition {c}: {two.lower} of {two.seeds} {lower}" for c, two in found.basins.items()
    ]
    rest = len(words) - MOST_BASINS
    words = words[:MOST_BASINS] + ([f"{rest} more with two basins"] if rest > 0 else [])
    return "; ".join(words)

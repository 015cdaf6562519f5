"""A decided claim in words: its rule, its effect with an interval, and where to look."""

from toysup.claims.decision import Decision
from toysup.reports.words import counted, decimals, joined, label_of, plain, readable
from toysup.spec.claim import BY_SEEDS, Claim, Quantifier, Seeds, required
from toysup.spec.selection import Selection
from toysup.verdict.statistics import Interval

QUANTIFIER_TEXTS: dict[str, str] = {
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
    """The rule of a claim in words."""
    if claim.verdict:
        what = target(claim)
    elif claim.theory:
        mean = ", mean without the worst restart," if claim.seeds == Seeds.BUT_WORST else ""
        return f"share of cells{mean} in the phase of {claim.theory} {target(claim)}"
    elif claim.correlates:
        what = (
            f"correlation of {claim.metric} with {claim.correlates} {target(claim)} over conditions"
        )
        rows = f" with {selection_text(claim.rows)}" if claim.rows else ""
        return f"{BY_SEEDS.get(claim.seeds, '')} {what}{rows}".strip()
    elif claim.along:
        metric, level = required(claim.metric), number(required(claim.crosses))
        what = f"{metric} passes {level} along {readable(claim.along)} {target(claim)}"
    else:
        minus = f" minus that {place(claim.other)}," if claim.other else ""
        comma = "," if claim.other else ""
        what = f"{required(claim.metric)}{minus} {target(claim)}{comma}"
    if claim.seeds != Seeds.ALL:
        what = f"{BY_SEEDS[claim.seeds]} {what}"
    rows = f" with {selection_text(claim.rows)}" if claim.rows else ""
    return f"{what} {QUANTIFIER_TEXTS[claim.holds]}{rows}".removesuffix(",")


def place(other: Selection) -> str:
    """Where the other side of a comparison is: "under mse", "at temperature 0.1"."""
    [*names] = other
    one = names == ["objective"] and isinstance(other["objective"], str)
    return f"under {other['objective']}" if one else f"at {selection_text(other)}"


def target(claim: Claim) -> str:
    """The target of the claim: a verdict, a level, or the place of a crossing."""
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


def selection_text(selection: Selection) -> str:
    """A selection of conditions in words.

    >>> selection_text({"views": ("mask", "swap"), "feature_probability": {"max": 1}})
    'mask or swap views, p at most 1'
    """
    parts = []
    for name, wanted in selection.items():
        if isinstance(wanted, dict):
            ends = {"min": "at least", "max": "at most"}
            words = [f"{ends[end]} {number(x)}" for end, x in wanted.items()]
            parts.append(f"{readable(name)} {joined(words)}")
        else:
            values = wanted if isinstance(wanted, tuple) else (wanted,)
            parts.append(label_of(name, joined([plain(v, DIGITS) for v in values], "or")))
    return ", ".join(parts)


def effect(decision: Decision) -> str:
    """The effect with its interval, the share if it decides, and the counts of conditions: where
    the claim is true, and where nothing is at stake."""
    parts = []
    if decision.effect.value == decision.effect.value and not (
        decision.share and decision.claim.verdict
    ):
        parts.append(f"{readable(decision.unit)}: {interval(decision.effect)}")
    if decision.share:
        parts.append(f"share of {noun(decision)}s: {interval(decision.share)}")
    of_one = (
        decision.claim.theory
        or decision.claim.correlates
        or decision.claim.holds == Quantifier.MEAN
    )
    if not (of_one and parts):
        parts.append(counts(decision))
    idle = f", {decision.not_at_stake} not at stake" if decision.not_at_stake else ""
    return f"{'; '.join(parts)}{idle}"


def effect_numbers(decision: Decision) -> str:
    """The effect as numbers, and the share of conditions if it decides."""
    if not decision.share:
        return interval(decision.effect)
    share = f"share {interval(decision.share)}"
    return share if decision.claim.verdict else f"{interval(decision.effect)}; {share}"


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


def counts(decision: Decision) -> str:
    """For how many conditions the claim is true, and for how many this is unknown."""
    count = decision.true + decision.false + decision.unclear + decision.unjudged
    if not count:
        return "no condition is compared"
    parts = [f"true in {decision.true} of {counted(count, noun(decision))}"]
    parts += [f"{decision.unclear} too uncertain to tell"] if decision.unclear else []
    parts += [f"{decision.unjudged} not judged"] if decision.unjudged else []
    return ", ".join(parts)


def noun(decision: Decision) -> str:
    """The noun for what is counted: "condition", "curve" or "average"."""
    if decision.claim.holds == Quantifier.MEAN:
        return "average"
    return "curve" if decision.claim.along else "condition"


def deciding_conditions(decision: Decision) -> str:
    """The conditions that decide the answer.

    Their numbers are in the column `condition` of the results.
    """
    runs: list[list[int]] = []
    for condition in decision.conditions:
        if runs and condition == runs[-1][-1] + 1:
            runs[-1].append(condition)
        else:
            runs.append([condition])
    shown = [f"{r[0]} to {r[-1]}" if len(r) > 2 else ", ".join(map(str, r)) for r in runs]
    rest = f" and {len(runs) - MOST_NUMBERS} more" if len(runs) > MOST_NUMBERS else ""
    word = "condition" if len(decision.conditions) == 1 else "conditions"
    return f"{word} {', '.join(shown[:MOST_NUMBERS])}{rest}" if runs else ""


def basins(decision: Decision) -> str:
    """How many seeds of each deciding condition are in the lower of its two loss basins.

    "" for a claim about one number of all restarts, such as that of the lowest loss.
    """
    if decision.claim.seeds != Seeds.ALL or decision.claim.theory:
        return ""
    lower = "seeds in the lower of two basins of loss"
    words = [
        f"condition {c}: {two.lower} of {two.seeds} {lower}" for c, two in decision.basins.items()
    ]
    rest = len(words) - MOST_BASINS
    words = words[:MOST_BASINS] + ([f"{rest} more with two basins"] if rest > 0 else [])
    return "; ".join(words)


def came_out(decision: Decision) -> str:
    """What came, and where to look, in one line."""
    parts = (effect(decision), deciding_conditions(decision), basins(decision))
    return f"Came out {decision.answer.value}: {'; '.join(filter(None, parts))}."


def change(decision: Decision) -> str:
    """That a claim came out otherwise than in the first whole run, in one line."""
    return f"It was {decision.claim.outcome} in the first run. {came_out(decision)}"

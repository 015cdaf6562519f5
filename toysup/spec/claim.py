"""What a claim is: a sentence, the rule that decides it, what was predicted and what came of it."""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, TypeVar

from toysup.spec.selection import Selection


class Answer(StrEnum):
    """What the results make of a claim."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


class Seeds(StrEnum):
    """Of which seeds a metric is: symmetry breaking leaves many of them in local minima."""

    ALL = "all"
    LOWEST = "lowest loss"


class Holds(StrEnum):
    """Of how many of the conditions that a claim speaks of it must be true."""

    EVERY = "every"
    SOME = "some"
    NO = "no"
    MOST = "most"
    ALWAYS = "always"  # these three are decided by the share of conditions
    NEVER = "never"
    SOMETIMES = "sometimes"
    MEAN = "mean"  # of their average, seed by seed


# From so many conditions on, one that happens to be so, or not, says little of the others: claims
# about all, some or none of them are decided by shares. Of nine conditions not even none is few
# enough to show a share below 1/3, which supports "never"; of ten it is.
GRID = 10
FEW = (Holds.EVERY, Holds.SOME, Holds.NO)
SHARES = (Holds.ALWAYS, Holds.NEVER, Holds.SOMETIMES)
# What `predicted` may be: an answer, or no prediction at all.
NO_PREDICTION = "none"
PREDICTIONS = (*Answer, NO_PREDICTION)

Given = TypeVar("Given")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A sentence, who said it, the rule that decides it, what was predicted and what came of it.

    The rule is one of four. `verdict`: a condition's verdict is one of these. `metric` `above` or
    `below` a number, or `near` one: the metric itself, or its difference from that of another
    group (`than`), or of the same condition with other settings (`reference`), paired by seed.
    `metric` `crosses` a level: where it passes it, `along` a setting, is `between` two values.
    `theory` `above` a share: more than that of the cells of a diagram are as a closed form says.

    A metric is that of all `seeds`, with an interval for their mean, or that of the one with the
    lowest loss. `near` goes with `within`, the tolerance.

    `predicted` is what was expected before any run, and is never changed afterwards; "none" where
    the claim was written after its run. `outcome` is what came of the first whole run, for later
    runs to be held to; None before there was one. A `check` is true by construction, or as good as
    that: it guards the program, and is no evidence for anything.
    """

    name: str
    says: str
    who: str = ""
    source: str = ""
    rows: Selection
    verdict: tuple[str, ...] | None = None
    theory: str | None = None
    metric: str | None = None
    above: float | None = None
    below: float | None = None
    near: float | None = None
    within: float | None = None
    than: Selection | None = None
    reference: Selection | None = None
    crosses: float | None = None
    along: str | None = None
    between: tuple[float, float] | None = None
    holds: str = Holds.EVERY
    seeds: str = Seeds.ALL
    predicted: str
    outcome: str | None = None
    check: bool = False
    because: str = ""

    def given(self) -> dict[str, Any]:
        """What the claim says, as its file would have it."""
        return {key: value for key, value in vars(self).items() if value is not None}

    @property
    def rule(self) -> dict[str, Any]:
        """The part that must be there before the results are: the prediction, and what decides."""
        later = (*WORDS, "outcome", "check")
        return {key: value for key, value in self.given().items() if key not in later}

    @property
    def other(self) -> Selection | None:
        """The conditions that those of the claim are compared with."""
        return self.reference if self.than is None else self.than


def required(value: Given | None) -> Given:
    """A key that the rule of a claim has: a claim without it is refused when its file is read."""
    assert value is not None
    return value


KEYS = tuple(field.name for field in fields(Claim))
WORDS = ("name", "says", "who", "source", "because")
REQUIRED = ("name", "says", "predicted")
SIDES = ("above", "below", "near", "crosses")
NEAR = "within"
CROSSING = ("along", "between")
OF_METRIC = (*SIDES, NEAR, "than", "reference", *CROSSING)


def fault_of_rule(raw: dict[str, Any]) -> str | None:
    """What is wrong with the rule as a whole: it has to be exactly one."""
    given = [key for key in OF_METRIC if key in raw]
    sides = [key for key in given if key in SIDES]
    if "theory" in raw:
        return fault_of_theory(raw, given)
    if "verdict" in raw and "metric" in raw:
        return "has two rules, verdict and metric. Make two claims of it."
    if "verdict" in raw:
        if given:
            return f"has {given[0]}, which goes with a metric, beside a verdict."
        if raw.get("holds") == Holds.MEAN:
            others = ", ".join(holds for holds in Holds if holds != Holds.MEAN)
            return f'has holds = "mean", and verdicts have no mean. It takes: {others}.'
        if "seeds" in raw:
            return "has seeds, which goes with a metric: a verdict is on all of them."
        return None
    if "metric" not in raw:
        return "has no rule. Give it a verdict, or a metric with above, below, near or crosses."
    if not sides:
        return "compares its metric with nothing. Give it above, below, near or crosses."
    if len(sides) > 1:
        return f"has {' and '.join(sides)}. Choose one, or make two claims of it."
    if ("near" in raw) != (NEAR in raw):
        return "needs near and within together: near = 0.4 and within = 0.02, say."
    if {"than", "reference"} <= set(given):
        return "has than and reference. Choose one."
    if sides == ["crosses"]:
        if missing := [key for key in CROSSING if key not in given]:
            return f"has crosses without {missing[0]}. It takes along and between."
        extra = [key for key in ("than", "reference") if key in given]
        return f"has {extra[0]}, which does not go with crosses." if extra else None
    extra = [key for key in CROSSING if key in given]
    return f"has {extra[0]}, which goes with crosses alone." if extra else None


def fault_of_theory(raw: dict[str, Any], given: list[str]) -> str | None:
    """The same of a rule by theory, which takes a share and nothing else."""
    extra = [key for key in ("verdict", "metric", "holds", "seeds", *given) if key in raw]
    extra = [key for key in extra if key != "above"]
    if extra:
        return f"has {extra[0]}, which does not go with theory."
    share = raw.get("above")
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share < 1:
        return "has theory without a share: above = 0.97, say, from 0 to below 1."
    return None

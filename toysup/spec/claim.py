"""What a claim is: a sentence, the rule that decides it, a prediction and an outcome."""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, TypeVar

from toysup.spec.diagram import THEORIES
from toysup.spec.key import key
from toysup.spec.label import JUDGED
from toysup.spec.selection import Selection
from toysup.spec.shapes import ENDS, NUMBER, POSITIVE, SELECTION, SWITCH, one_of, some_of, text


class Answer(StrEnum):
    """The answer that results give to a claim."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


class Seeds(StrEnum):
    """Which seeds of a condition a metric is taken from. Many seeds may end in local minima.

    All of them give a mean with an interval. The others give one number.
    """

    ALL = "all"
    LOWEST = "lowest loss"
    MEDIAN = "median"  # over the seeds: where the lowest loss is a matter of rounding
    BUT_WORST = "mean without the worst"  # the mean over all seeds but that of the highest loss


# A metric of one number for each condition, in words.
BY_SEEDS: dict[str, str] = {
    Seeds.LOWEST: "lowest-loss",
    Seeds.MEDIAN: "median",
    Seeds.BUT_WORST: "mean without the worst of",
}


class Quantifier(StrEnum):
    """For how many of its conditions a claim must be true."""

    EVERY = "every"
    SOME = "some"
    NO = "no"
    MOST = "most"
    ALWAYS = "always"  # the share of conditions decides these three
    NEVER = "never"
    SOMETIMES = "sometimes"
    MEAN = "mean"  # of the average over conditions, seed by seed


# From this many conditions on, a claim about all, some or none of them is decided by shares: one
# condition says little about the others. Zero of ten conditions shows a share below 1/3, which
# supports "never"; zero of nine does not.
SMALLEST_GRID = 10
EXACT = (Quantifier.EVERY, Quantifier.SOME, Quantifier.NO)
BY_SHARE = (Quantifier.ALWAYS, Quantifier.NEVER, Quantifier.SOMETIMES)
# What `predicted` may be: an answer, or no prediction at all.
NO_PREDICTION = "none"
PREDICTIONS = (*Answer, NO_PREDICTION)

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A sentence, its author, the rule that decides it, the prediction and the outcome.

    There are five rules:
    - `verdict`: the condition's verdict is one of these.
    - `metric` with `above`, `below` or `near` a number. The value is the metric itself, or its
      difference from another group (`than`), or from the same condition with other settings
      (`reference`), paired by seed. `within` is the tolerance of `near`.
    - `metric` `crosses` a level `between` two values of the setting `along`.
    - `metric` `correlates` with another one over the conditions, `above` a number.
    - `theory` `above` a share: more cells of a diagram than this share are as a theory says.

    `seeds` says whether the metric is the mean over all seeds, with an interval, that of the seed
    with the lowest loss, the median, or the mean without the worst seed.

    `predicted` is what was expected before any run, and never changes; "none" if the claim was
    written after its run. `outcome` is the answer of the first whole run, which later runs are
    compared with; None before it. A `check` is true by construction: it tests the program and is no
    evidence.
    """

    name: str = key("a short name", text())
    says: str = key("the sentence", text())
    reading: str = key("how the sentence is read here, if it can be read otherwise", text(), "")
    who: str = key("who says it", text(), "")
    source: str = key("where it is said", text(), "")
    rows: Selection = key("the conditions that the claim is about; by default all", SELECTION)
    verdict: tuple[str, ...] | None = key("true of a condition with it", some_of(JUDGED), None)
    theory: str | None = key(
        "what theory says of a phase diagram, with above", one_of(THEORIES), None
    )
    metric: str | None = key("a column of the results, as toysup schema lists them", text(), None)
    above: float | None = key("the metric is above this", NUMBER, None)
    below: float | None = key("the metric is below this", NUMBER, None)
    near: float | None = key("the metric is within a tolerance of this", NUMBER, None)
    within: float | None = key("the tolerance of near", POSITIVE, None)
    than: Selection | None = key(
        "compares the metric with these conditions, paired by what both have", SELECTION, None
    )
    reference: Selection | None = key(
        "compares the metric with the same condition with other values, paired by seed",
        SELECTION,
        None,
    )
    crosses: float | None = key("the metric passes this level", NUMBER, None)
    along: str | None = key("the setting along which it crosses", text(), None)
    between: tuple[float, float] | None = key("two values of that setting", ENDS, None)
    correlates: str | None = key(
        "a column that the metric goes together with over all conditions", text(), None
    )
    holds: str = key("of how many conditions", one_of(Quantifier), Quantifier.EVERY)
    seeds: str = key("which seeds the metric is taken from", one_of(Seeds), Seeds.ALL)
    predicted: str = key("what is expected before the run", one_of(PREDICTIONS))
    outcome: str | None = key("what the first whole run gave", one_of(Answer), None)
    check: bool = key("true by construction: no evidence, it tests the program", SWITCH, False)
    because: str = key("why that is expected", text(), "")

    def to_dict(self) -> dict[str, Any]:
        """The keys that are set, with their values, as in a sweep file."""
        return {key: value for key, value in vars(self).items() if value is not None}

    @property
    def words(self) -> str:
        """The sentence, with how it is read."""
        return f"{self.says} (read as: {self.reading})" if self.reading else self.says

    @property
    def rule(self) -> dict[str, Any]:
        """The part that must exist before the results: the prediction, and what decides."""
        later = (*TEXTS, "outcome", "check")
        return {key: value for key, value in self.to_dict().items() if key not in later}

    @property
    def other(self) -> Selection | None:
        """The conditions to compare the claim's own conditions with."""
        return self.reference if self.than is None else self.than


def required(value: T | None) -> T:
    """A value that the claim's rule needs. It is not None: the reader of the file checks that."""
    assert value is not None
    return value


KEYS = tuple(field.name for field in fields(Claim))
TEXTS = ("name", "says", "reading", "who", "source", "because")
REQUIRED = ("name", "says", "predicted")
RULES = ("verdict", "metric", "theory")  # a claim has one of them
COMPARISONS = ("above", "below", "near", "crosses")
TOLERANCE = "within"
CROSSING_KEYS = ("along", "between")
CORRELATES = "correlates"
METRIC_KEYS = (*COMPARISONS, TOLERANCE, "than", "reference", *CROSSING_KEYS, CORRELATES)


def fault_of_rule(raw: dict[str, Any]) -> str | None:
    """What is wrong with the rule as a whole. A claim needs exactly one."""
    given = [key for key in METRIC_KEYS if key in raw]
    sides = [key for key in given if key in COMPARISONS]
    if "theory" in raw:
        return fault_of_theory(raw, given)
    if "verdict" in raw and "metric" in raw:
        return "has two rules, verdict and metric. Make two claims of it."
    if "verdict" in raw:
        if given:
            return f"has {given[0]}, which goes with a metric, beside a verdict."
        if raw.get("holds") == Quantifier.MEAN:
            others = ", ".join(holds for holds in Quantifier if holds != Quantifier.MEAN)
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
    if ("near" in raw) != (TOLERANCE in raw):
        return "needs near and within together: near = 0.4 and within = 0.02, say."
    if {"than", "reference"} <= set(given):
        return "has than and reference. Choose one."
    if CORRELATES in given:
        return fault_of_correlation(raw, given)
    if sides == ["crosses"]:
        if missing := [key for key in CROSSING_KEYS if key not in given]:
            return f"has crosses without {missing[0]}. It takes along and between."
        extra = [key for key in ("than", "reference") if key in given]
        return f"has {extra[0]}, which does not go with crosses." if extra else None
    extra = [key for key in CROSSING_KEYS if key in given]
    return f"has {extra[0]}, which goes with crosses alone." if extra else None


def fault_of_correlation(raw: dict[str, Any], given: list[str]) -> str | None:
    """What is wrong with a rule on a correlation, which is one number for all conditions."""
    extra = [key for key in given if key not in (CORRELATES, "above", "below")]
    extra += ["holds"] if "holds" in raw else []
    if extra:
        return f"has {extra[0]}, which does not go with correlates: it takes above or below."
    return None


def fault_of_theory(raw: dict[str, Any], given: list[str]) -> str | None:
    """What is wrong with a theory rule, which takes a share and nothing else."""
    extra = [key for key in ("verdict", "metric", "holds", *given) if key in raw]
    if raw.get("seeds") in (Seeds.ALL, Seeds.MEDIAN):
        extra.append("seeds")
    extra = [key for key in extra if key != "above"]
    if extra:
        return f"has {extra[0]}, which does not go with theory."
    share = raw.get("above")
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share < 1:
        return "has theory without a share: above = 0.97, say, from 0 to below 1."
    return None

"""What a claim is: a sentence, the rule that decides it, and what is expected of it."""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from toysup.spec.selection import Selection


class Answer(StrEnum):
    """What the results make of a claim."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


class Holds(StrEnum):
    """Of how many of the conditions that a claim speaks of it must be true."""

    EVERY = "every"
    SOME = "some"
    NO = "no"
    MOST = "most"
    MEAN = "mean"  # of their average, seed by seed


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A sentence, who said it, the rule that decides it, and what is expected of it.

    The rule is one of three. `verdict`: a condition's verdict is one of these. `metric` `above` or
    `below` a number: the metric itself, or its difference from that of another group (`than`), or
    of the same condition with other settings (`reference`), paired by seed. `metric` `crosses` a
    level: where it passes it, `along` a setting, is `between` two values.
    """

    name: str
    says: str
    who: str = ""
    source: str = ""
    rows: Selection
    verdict: tuple[str, ...] | None = None
    metric: str | None = None
    above: float | None = None
    below: float | None = None
    than: Selection | None = None
    reference: Selection | None = None
    crosses: float | None = None
    along: str | None = None
    between: tuple[float, float] | None = None
    holds: str = Holds.EVERY
    expected: str
    because: str = ""

    def given(self) -> dict[str, Any]:
        """What the claim says, as its file would have it."""
        return {key: value for key, value in vars(self).items() if value is not None}

    @property
    def rule(self) -> dict[str, Any]:
        """The part that decides, which must be there before the results are."""
        return {key: value for key, value in self.given().items() if key not in WORDS}

    @property
    def other(self) -> Selection | None:
        """The conditions that those of the claim are compared with."""
        return self.reference if self.than is None else self.than


KEYS = tuple(field.name for field in fields(Claim))
WORDS = ("name", "says", "who", "source", "because")
REQUIRED = ("name", "says", "expected")
SIDES = ("above", "below", "crosses")
CROSSING = ("along", "between")
OF_METRIC = (*SIDES, "than", "reference", *CROSSING)

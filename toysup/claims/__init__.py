"""The claims of a sweep and its results -> which of them are supported, refuted or undecided.

A comparison is true of a condition when its whole interval is on the side that the claim says,
false when it is wholly on the other side, and not known otherwise. The intervals of all comparisons
of all claims of a sweep hold together at 95% (Bonferroni).

It is so, too, only where it would still be if the metric moved once more as far as it did from the
run of half the length to the whole: a claim needs its own metric to stand still, as far from the
level as that matters, and not all of the geometry, as a verdict does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from toysup.claims.holds import answer, deciding
from toysup.claims.phases import ByTheory
from toysup.claims.rules import ByCrossing, ByMetric, ByVerdict
from toysup.claims.units import Units
from toysup.errors import DamagedError, ToysupError
from toysup.label import JUDGED
from toysup.spec import claims as spec_claims
from toysup.spec import swapped
from toysup.spec.claim import Answer, Claim
from toysup.spec.faults import Faults
from toysup.spec.sweepfile import load
from toysup.spec.tables import CLAIMS
from toysup.statistics import Interval
from toysup.store import Store
from toysup.verdict import Verdicts, judge

ALPHA = 0.05


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What the results make of a claim, and on what evidence."""

    claim: Claim
    answer: Answer
    as_expected: bool
    effect: Interval  # with the bounds that hold for all comparisons together
    unit: str  # what the effect is a number of
    true: int  # of how many conditions, or curves over conditions, it is true
    false: int
    unclear: int  # their interval is on both sides
    unjudged: int  # they diverged, still moved, or have too few seeds or nothing to compare
    conditions: tuple[int, ...]  # those that the answer rests on
    confidence: float  # of each interval


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The claims of one run, decided."""

    run: str
    title: str
    afterwards: str  # the file of claims that were written after the run; "" for the run's own
    claims: tuple[Decided, ...]

    @property
    def surprises(self) -> tuple[Decided, ...]:
        """The claims that did not come out as expected."""
        return tuple(found for found in self.claims if not found.as_expected)


class Results:
    """The rows of a run, and what they are seen as where a claim asks for it."""

    def __init__(self, rows: pd.DataFrame, settings: Sequence[str], verdicts: Verdicts | None):
        self.rows, self.settings, self.known = rows, list(settings), verdicts
        self.units = Units(rows, self.settings)

    @cached_property
    def labels(self) -> dict[tuple[int, str], str]:
        verdicts = self.known or judge(self.rows, self.settings)
        return {(v.condition, v.directions): v.label for v in verdicts.verdicts}

    def rule(self, claim: Claim):
        """What is to decide a claim."""
        if claim.verdict:
            return ByVerdict(claim, self.units, self.labels, set(JUDGED))
        if claim.theory:
            return ByTheory(claim, self.units)
        return ByCrossing(claim, self.units) if claim.along else ByMetric(claim, self.units)


def decide(
    claims: Sequence[Claim],
    rows: pd.DataFrame,
    settings: Sequence[str],
    verdicts: Verdicts | None = None,
) -> tuple[Decided, ...]:
    """What rows, one an instance and set of directions, make of the claims of their sweep."""
    if not claims:
        return ()
    results = Results(rows, settings, verdicts)
    rules = [results.rule(claim) for claim in claims]
    # All that the claims compare counts, whether or not it turns out to be known.
    confidence = 1 - ALPHA / max(1, sum(rule.comparisons for rule in rules))
    return tuple(
        decided(claim, rule.decide(confidence), confidence)
        for claim, rule in zip(claims, rules, strict=True)
    )


def decided(claim: Claim, found, confidence: float) -> Decided:
    """The answer that what a rule found leads to."""
    reached = answer(claim.holds, found.truths)
    places = deciding(claim.holds, found.truths)
    return Decided(
        claim=claim,
        answer=reached,
        as_expected=reached == claim.expected,
        effect=found.effect,
        unit=found.unit,
        true=found.truths.count(True),
        false=found.truths.count(False),
        unclear=found.truths.count(None) - found.unjudged,
        unjudged=found.unjudged,
        conditions=tuple(sorted({c for place in places for c in found.conditions[place]})),
        confidence=confidence,
    )


def of_manifest(manifest: dict) -> tuple[Claim, ...]:
    """The claims that were fixed when a run was started."""
    written = swapped(manifest["plan"]["sweep"].get(CLAIMS, []), list, tuple)
    try:
        return tuple(Claim(**claim) for claim in written)
    except TypeError as error:
        raise DamagedError("manifest.json: is damaged. Start over with --fresh.") from error


def of_file(path: Path, rows: pd.DataFrame, settings: Sequence[str]) -> tuple[Claim, ...]:
    """The claims of a sweep file, checked against a run that may be another sweep's."""
    faults = Faults(str(path))
    written = load(path).get(CLAIMS, [])
    if not written:
        faults.say(str(path), "has no claims. Add some, each of them [[claims]].")
    numbers = rows.select_dtypes("number").columns.difference([*settings, "condition", "seed"])
    spaces = Units(rows, list(settings)).spaces()
    claims = spec_claims.read(written, spaces, list(numbers), faults)
    faults.raise_any()
    return claims


def check(store: Store, file: Path | None = None) -> Checked:
    """Decide the claims of a finished run; or those of a sweep file, written after it."""
    manifest, rows = store.manifest(), store.frame()
    settings = rows.attrs["settings"]
    claims = of_file(file, rows, settings) if file else of_manifest(manifest)
    if not claims:
        raise ToysupError(
            f"{store.folder}: its sweep claims nothing. Write [[claims]] into a sweep file before "
            "it is run, or check those of a file with --claims FILE."
        )
    return Checked(
        run=str(store.folder),
        title=manifest["plan"]["sweep"]["title"],
        afterwards=str(file) if file else "",
        claims=decide(claims, rows, settings),
    )

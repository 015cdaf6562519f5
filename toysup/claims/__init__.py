"""The claims of a sweep and its results -> which of them are supported, refuted or undecided.

A comparison is true of a condition when its whole interval is on the side that the claim says,
false when it is wholly on the other side, and not known otherwise. The intervals of all comparisons
of all claims of a sweep hold together at 95% (Bonferroni).

It is so, too, only where it would still be if the metric moved once more as far as it did from the
run of half the length to the whole: a claim needs its own metric to stand still, as far from the
level as that matters, and not all of the geometry, as a verdict does.

Of a grid, "always", "never" and "sometimes" are decided by the share of conditions; see `shares`.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import pandas as pd

from toysup.claims.by_verdict import ByVerdict
from toysup.claims.decided import Checked, Decided
from toysup.claims.found import Found, about_interference
from toysup.claims.holds import answer, by_share, deciding
from toysup.claims.phases import ByTheory
from toysup.claims.rules import ByCrossing, ByMetric
from toysup.claims.shares import share
from toysup.claims.units import NONE_IDLE, Idle, Units
from toysup.errors import DamagedError, ToysupError
from toysup.spec import claims as spec_claims
from toysup.spec import swapped
from toysup.spec.claim import KEYS, NO_PREDICTION, Claim
from toysup.spec.faults import Faults
from toysup.spec.lookup import find
from toysup.spec.sweepfile import load
from toysup.spec.tables import CLAIMS
from toysup.storage.store import Store
from toysup.verdict import Verdicts, judge
from toysup.verdict.stake import idle_conditions

ALPHA = 0.05


class Results:
    """The rows of a run, and what they are seen as where a claim asks for it."""

    def __init__(
        self,
        rows: pd.DataFrame,
        settings: Sequence[str],
        verdicts: Verdicts | None = None,
        idle: Idle = NONE_IDLE,
    ):
        self.rows, self.settings, self.known = rows, list(settings), verdicts
        self.units = Units(rows, self.settings, idle)

    @cached_property
    def labels(self) -> dict[tuple[int, str], str]:
        verdicts = self.known or judge(self.rows, self.settings)
        return {(v.condition, v.directions): v.label for v in verdicts.verdicts}

    def rule(self, claim: Claim):
        """What is to decide a claim."""
        if claim.verdict:
            return ByVerdict(claim, self.units, self.labels)
        if claim.theory:
            return ByTheory(claim, self.units)
        return ByCrossing(claim, self.units) if claim.along else ByMetric(claim, self.units)


def decide(
    claims: Sequence[Claim],
    rows: pd.DataFrame,
    settings: Sequence[str],
    verdicts: Verdicts | None = None,
    idle: Idle | None = None,
) -> tuple[Decided, ...]:
    """What rows, one an instance and set of directions, make of the claims of their sweep.

    `idle` are the (condition, directions) with nothing at stake, by default those of the rows:
    claims of verdicts and of interference count them neither for nor against.
    """
    if not claims:
        return ()
    if idle is None:
        idle = idle_conditions(rows) if any(map(about_interference, claims)) else NONE_IDLE
    results = Results(rows, settings, verdicts, idle)
    rules = [results.rule(claim) for claim in claims]
    # All that the claims compare counts, whether or not it turns out to be known.
    confidence = 1 - ALPHA / max(1, sum(rule.comparisons for rule in rules))
    return tuple(
        decided(claim, rule.decide(confidence), confidence, results)
        for claim, rule in zip(claims, rules, strict=True)
    )


def decided(claim: Claim, found: Found, confidence: float, results: Results) -> Decided:
    """The answer that what a rule found leads to."""
    reached, places = answer(claim.holds, found.truths), deciding(claim.holds, found.truths)
    conditions = tuple(sorted({c for place in places for c in found.conditions[place]}))
    return Decided(
        claim=claim,
        answer=reached,
        predicted_right=None if claim.predicted == NO_PREDICTION else reached == claim.predicted,
        as_before=None if claim.outcome is None else reached == claim.outcome,
        effect=found.effect,
        unit=found.unit,
        share=share(found.truths) if by_share(claim.holds, found.truths) else None,
        true=found.truths.count(True),
        false=found.truths.count(False),
        unclear=found.truths.count(None) - found.unjudged,
        unjudged=found.unjudged,
        not_at_stake=found.not_at_stake,
        conditions=conditions,
        basins={c: results.units.basins[c] for c in conditions if c in results.units.basins},
        confidence=confidence,
    )


def of_manifest(manifest: dict) -> tuple[Claim, ...]:
    """The claims that were fixed when a run was started."""
    written = swapped(manifest["plan"]["sweep"].get(CLAIMS, []), list, tuple)
    try:
        return tuple(Claim(**claim) for claim in written)
    except TypeError as error:
        raise DamagedError(fault_of_manifest(written)) from error


def fault_of_manifest(claims: Sequence) -> str:
    """Why the claims of a manifest cannot be read."""
    keys = {key for claim in claims if isinstance(claim, dict) for key in claim}
    if foreign := sorted(map(str, keys.difference(KEYS))):
        reason = f"its claims have {', '.join(foreign)}, which this version of toysup does not know"
        return f"manifest.json: {reason}. Start over with --fresh."
    return "manifest.json: is damaged. Start over with --fresh."


def of_file(source: str | Path, rows: pd.DataFrame, settings: Sequence[str]) -> tuple[Claim, ...]:
    """The claims of a sweep file, checked against a run that may be another sweep's."""
    path = find(source)
    faults = Faults(str(path))
    written = load(path).get(CLAIMS, [])
    if not written:
        faults.say(str(path), "has no claims. Add some, each of them [[claims]].")
    numbers = rows.select_dtypes("number").columns.difference([*settings, "condition", "seed"])
    spaces = Units(rows, list(settings)).spaces()
    claims = spec_claims.read(written, spaces, list(numbers), faults)
    faults.raise_any()
    return claims


def check(store: Store, file: str | Path | None = None) -> Checked:
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

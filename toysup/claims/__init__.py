"""A sweep's claims and its results -> a decision on each: supported, refuted or undecided.

A comparison is true of a condition if its whole interval is on the side that the claim names. It is
false if the whole interval is on the other side. Otherwise its truth is unknown. The intervals of
all claims of a sweep hold together at 95% (Bonferroni).

The extrapolated metric must agree. Its last change is that from the half-length run to the whole
run; the extrapolated metric has made this change once more. A claim needs only its own metric to
have converged, whereas a verdict needs the whole geometry.

"always", "never" and "sometimes" are decided by the share of conditions; see `shares`.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import pandas as pd

from toysup.claims.by_verdict import ByVerdict
from toysup.claims.correlation import ByCorrelation
from toysup.claims.decision import CheckedRun, Decision
from toysup.claims.phases import ByTheory
from toysup.claims.quantifiers import answer, decided_by_share, deciding_places
from toysup.claims.rule_result import RuleResult, about_interference
from toysup.claims.rules import ByCrossing, ByMetric
from toysup.claims.shares import share
from toysup.claims.units import NONE_IDLE, Idle, Units
from toysup.errors import DamagedError, ToysupError
from toysup.files import shown
from toysup.measure.outcome import DIVERGED
from toysup.spec import claims as spec_claims
from toysup.spec import locate, recast
from toysup.spec.claim import KEYS, NO_PREDICTION, Claim
from toysup.spec.faults import Faults
from toysup.spec.lookup import find
from toysup.spec.sweepfile import parsed, text_of
from toysup.spec.tables import CLAIMS
from toysup.storage.store import Store
from toysup.verdict import Verdicts, judge
from toysup.verdict.needed import needed
from toysup.verdict.stake import idle_conditions

ALPHA = 0.05


class Results:
    """The rows of a run, with the units and the verdicts that claims need, made on demand."""

    def __init__(
        self,
        rows: pd.DataFrame,
        settings: Sequence[str],
        verdicts: Verdicts | None = None,
        idle: Idle = NONE_IDLE,
    ):
        self.rows, self.settings, self.verdicts = rows, list(settings), verdicts
        self.units = Units(rows, self.settings, idle)

    @cached_property
    def labels(self) -> dict[tuple[int, str], str]:
        verdicts = self.verdicts or judge(self.rows, self.settings)
        return {(v.condition, v.directions): v.label for v in verdicts.verdicts}

    def rule(self, claim: Claim):
        """The rule that decides a claim."""
        if claim.verdict:
            return ByVerdict(claim, self.units, self.labels)
        if claim.theory:
            return ByTheory(claim, self.units)
        if claim.along:
            return ByCrossing(claim, self.units)
        return (ByCorrelation if claim.correlates else ByMetric)(claim, self.units)


def decide(
    claims: Sequence[Claim],
    rows: pd.DataFrame,
    settings: Sequence[str],
    verdicts: Verdicts | None = None,
    idle: Idle | None = None,
) -> tuple[Decision, ...]:
    """The decisions on a sweep's claims. `rows` has one row per instance and set of directions.

    `idle` has the (condition, directions) with nothing at stake. By default it comes from the rows.
    Claims about verdicts or interference do not count these conditions.
    """
    if not claims:
        return ()
    if idle is None:
        idle = idle_conditions(rows) if any(map(about_interference, claims)) else NONE_IDLE
    results = Results(rows, settings, verdicts, idle)
    rules = [results.rule(claim) for claim in claims]
    # Every comparison counts, also one whose result is unknown.
    confidence = 1 - ALPHA / max(1, sum(rule.comparisons for rule in rules))
    return tuple(
        decision_of(claim, rule.decide(confidence), confidence, results)
        for claim, rule in zip(claims, rules, strict=True)
    )


def decision_of(claim: Claim, result: RuleResult, confidence: float, results: Results) -> Decision:
    """The decision that follows from the result of a claim's rule."""
    reached = answer(claim.holds, result.truths)
    places = deciding_places(claim.holds, result.truths)
    conditions = tuple(sorted({c for place in places for c in result.conditions[place]}))
    return Decision(
        claim=claim,
        answer=reached,
        predicted_right=None if claim.predicted == NO_PREDICTION else reached == claim.predicted,
        as_before=None if claim.outcome is None else reached == claim.outcome,
        effect=result.effect,
        unit=result.unit,
        share=share(result.truths) if decided_by_share(claim.holds, result.truths) else None,
        true=result.truths.count(True),
        false=result.truths.count(False),
        unclear=result.truths.count(None) - result.unjudged,
        unjudged=result.unjudged,
        not_at_stake=result.not_at_stake,
        conditions=conditions,
        basins={c: results.units.basins[c] for c in conditions if c in results.units.basins},
        confidence=confidence,
    )


def of_manifest(manifest: dict) -> tuple[Claim, ...]:
    """The claims that a run's manifest recorded when the run started."""
    written = recast(manifest["plan"]["sweep"].get(CLAIMS, []), list, tuple)
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
    """The claims of a sweep file, checked against a run. The run may be of another sweep."""
    path = find(source)
    text = text_of(path)
    content = parsed(text, path)
    faults = Faults(shown.line(path), lambda: locate.lines(text, content))
    written = content.get(CLAIMS, [])
    if not written:
        faults.add_line(faults.where, "has no claims. Add some, each of them [[claims]].")
    numbers = rows.select_dtypes("number").columns.difference([*settings, "condition", "seed"])
    spaces = Units(rows, list(settings)).spaces()
    claims = spec_claims.read(written, spaces, list(numbers), faults)
    faults.raise_any()
    return claims


def check(store: Store, file: str | Path | None = None) -> CheckedRun:
    """Decide the claims of a finished run, or those of `file`, which was written after the run."""
    manifest, rows = store.manifest(), store.frame(needed)
    settings = rows.attrs["settings"]
    claims = of_file(file, rows, settings) if file else of_manifest(manifest)
    if not claims:
        raise ToysupError(
            f"{store.folder}: its sweep has no claims. Write [[claims]] into a sweep file before "
            "you run it, or check the claims of another file with --claims FILE."
        )
    return CheckedRun(
        run=str(store.folder),
        title=manifest["plan"]["sweep"]["title"],
        afterwards=str(file) if file else "",
        claims=decide(claims, rows, settings),
        instances=instances(rows),
        diverged=instances(rows[rows["outcome"] == DIVERGED]),
    )


def instances(rows: pd.DataFrame) -> int:
    """How many models the rows are of; each has a row for every set of its directions."""
    return len(rows[["condition", "seed"]].drop_duplicates())

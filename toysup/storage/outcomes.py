"""What became of the instances of a run: converged, not converged, diverged."""

import pyarrow as pa

from toysup.measure.outcome import OUTCOMES


def outcome_columns(schema: pa.Schema) -> list[str]:
    """The columns that it is read from."""
    return ["condition", "seed", "directions", "outcome"]


def count_outcomes(table: pa.Table) -> dict[str, int]:
    """How many instances have each outcome: of its sets of directions the least settled."""
    names = ("condition", "seed", "outcome")
    worst = {}
    for *instance, outcome in zip(*(table.column(n).to_pylist() for n in names), strict=True):
        known = worst.setdefault(tuple(instance), outcome)
        worst[tuple(instance)] = max(known, outcome, key=OUTCOMES.index)
    outcomes = list(worst.values())
    return {name: outcomes.count(name) for name in sorted(set(outcomes))}

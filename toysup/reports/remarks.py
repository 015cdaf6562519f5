"""Remarks on a verdict: agreement of single seeds, basins, and whether it counts."""

from toysup.reports.labels import UNJUDGED


def remarks(verdict) -> tuple[str, ...]:
    """Short sentences that follow the reason of a verdict; only those that apply."""
    found = []
    if verdict.alone < 1:
        found.append(f"By themselves {verdict.alone:.0%} of the seeds have this label.")
    if verdict.note:
        found.append(f"{verdict.note[0].upper()}{verdict.note[1:]}.")
    if two := verdict.basins:
        found.append(f"Two basins of loss: {two.lower} of {two.seeds} seeds are in the lower.")
    if verdict.stake.idle and verdict.label not in UNJUDGED:
        found.append(f"Not counted: {verdict.stake.idle}.")
    return tuple(found)

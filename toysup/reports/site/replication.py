"""The table of what came out again with fresh seeds, and how to get what is not stored."""

import shlex
from collections.abc import Sequence

from toysup.reports.reproduction import again
from toysup.reports.site.entry import Entry
from toysup.reproduce.beside import FreshSeeds


def table(entries: Sequence[Entry]) -> dict:
    """The rows of the table, what changed, and the command that trains what is missing."""
    stored = [(one, one.fresh) for one in entries if one.fresh]
    missing = [one for one in entries if not one.fresh]
    runs = " ".join(shlex.quote(one.run) for one in missing)
    return {
        "rows": [row(one, fresh) for one, fresh in stored],
        "total": total([fresh for _, fresh in stored]),
        "missing": [one.slug for one in missing],
        "faults": [one.not_fresh for one in missing if one.not_fresh],
        "command": f"toysup reproduce --fresh-seeds {runs}" if missing else "",
    }


def row(one: Entry, fresh: FreshSeeds) -> dict:
    return {
        "run": one.slug,
        "page": one.page,
        "seeds": f"{fresh.seeds[0]} to {fresh.seeds[-1]}",
        "changed": [
            f"{name.name}: {name.before}, then {name.now}"
            for name in (*fresh.changed_claims, *fresh.changed_verdicts)
        ],
        **counts([fresh]),
    }


def counts(some: Sequence[FreshSeeds]) -> dict[str, str]:
    """How many claims and verdicts came out again."""
    claims = sum(one.claims for one in some)
    return {
        "claims": again(claims, sum(len(one.changed_claims) for one in some)) if claims else "none",
        "verdicts": again(
            sum(one.verdicts for one in some), sum(len(one.changed_verdicts) for one in some)
        ),
        "unjudged": str(sum(one.unjudged for one in some)),
    }


def total(some: Sequence[FreshSeeds]) -> dict[str, str]:
    """The same of all runs; nothing where there is one or none."""
    return counts(some) if len(some) > 1 else {}

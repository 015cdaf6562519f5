"""The verdicts on a run as a table: settings, label, and the evidence with its intervals."""

from collections.abc import Sequence
from dataclasses import fields

from toysup.columns.fixed import KEY
from toysup.notebook.table import SETTINGS, Table, every_setting
from toysup.spec.cases import CASE_KEYS
from toysup.verdict import Verdict, Verdicts
from toysup.verdict.p_values import PValues

INTERVALS = (
    "squared_interference",
    "positive_interference",
    "minimisation_index",
    "exponential_index",
    "readout_unexplained",
)
NUMBERS = ("seeds", "n_represented", "effective_rank", "index_least", "index_most")
NULLS = ("squared_interference", "positive_interference", "minimisation_index")


def verdict_table(found: Verdicts, settings: Sequence[str]) -> Table:
    """One row a condition and set of directions; NaN or None where it has no such setting or
    number."""
    table = Table([row(verdict, settings) for verdict in found.verdicts])
    table.attrs[SETTINGS] = every_setting(settings)
    return table


def row(v: Verdict, settings: Sequence[str]) -> dict:
    """The columns of one verdict, in the order in which a person reads them."""
    found = {name: getattr(v, name) for name in (*CASE_KEYS, *KEY)}
    found |= {name: v.settings.get(name) for name in settings}
    found |= {"verdict": v.label.value, "counts": v.counts, "reason": v.reason}
    found |= {name: getattr(v, name) for name in NUMBERS}
    for name in INTERVALS:
        found |= with_bounds(name, getattr(v, name))
    for name in NULLS:
        found |= with_bounds(f"random_{name}", getattr(v.random, name))
    found |= {f"p_{f.name}": getattr(v.corrected, f.name) for f in fields(PValues)}
    return found | {"stake": v.stake.stake.value, "note": v.note}


def with_bounds(name: str, interval) -> dict[str, float]:
    return {name: interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high}

"""What tells the conditions of a run apart: the plug-ins and settings that vary."""

from collections.abc import Iterable, Sequence
from typing import Any

from toysup.spec.cases import CASE_KEYS

WHO = (*CASE_KEYS, "directions")


def full_case(verdict) -> dict[str, Any]:
    """Everything that a condition is: its plug-ins, directions and settings."""
    who = {name: getattr(verdict, name) for name in WHO}
    return {name: value for name, value in who.items() if value is not None} | verdict.settings


def varying(cases: Iterable[dict[str, Any]]) -> list[str]:
    """The names with more than one value, in order.

    A setting that some conditions lack is of a plug-in that they lack, which varies already.

    >>> varying([{"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}])
    ['b']
    """
    values: dict[str, set] = {}
    for case in cases:
        for name, value in case.items():
            values.setdefault(name, set()).add(value)
    return [name for name, known in values.items() if len(known) > 1]


def telling(*runs: Sequence) -> dict[str, list[str]]:
    """Per objective, the names that vary among its conditions in any of the runs' verdicts.

    The objective itself is among them if there are several. Conditions of one run that agree in
    all of these names, as `full_case` has them, are the same condition.
    """
    cases = [[full_case(v) for v in verdicts] for verdicts in runs]
    objectives = dict.fromkeys(case["objective"] for run in cases for case in run)
    head = ["objective"] if len(objectives) > 1 else []
    found = {}
    for objective in objectives:
        own = [[case for case in run if case["objective"] == objective] for run in cases]
        vary = {name for run in own for name in varying(run)}
        order = dict.fromkeys(name for run in own for case in run for name in case)
        found[objective] = head + [name for name in order if name in vary]
    return found

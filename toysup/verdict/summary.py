"""A summary of the verdicts on each objective, and the settings that its labels depend on."""

from dataclasses import dataclass
from typing import Any

from toysup.spec.cases import CASE_KEYS
from toysup.spec.label import MINIMISES, OPEN, UNJUDGED, Label
from toysup.verdict import Verdict, Verdicts


@dataclass(frozen=True)
class LabelGroup:
    """The conditions of one objective that share a label."""

    label: Label
    conditions: tuple[int, ...]
    values: dict[str, tuple[Any, ...]]  # varying setting -> its values in these conditions
    follows: tuple[str, ...]  # settings that determine the label: no value has it only sometimes


@dataclass(frozen=True)
class Summary:
    """The verdicts on one objective and one set of directions."""

    objective: str
    directions: str
    conditions: int
    judged: int
    counting: int  # judged, and something is at stake
    open: int  # of these, how many may or may not minimise
    minimising: int  # of these, with or without superposition
    minimises: str  # "always", "sometimes", "never", or "unknown", without the open ones
    superposition: int  # of these, how many minimise with more features than dimensions
    labels: tuple[LabelGroup, ...]  # the most common first


def settings_of(verdict: Verdict) -> dict[str, Any]:
    """The settings and plug-ins that distinguish conditions of one objective."""
    who = {name: getattr(verdict, name) for name in CASE_KEYS if name != "objective"}
    return {name: value for name, value in who.items() if value is not None} | verdict.settings


def _in_order(values: set) -> tuple:
    return tuple(sorted(values, key=lambda v: (v is None, isinstance(v, str), v or 0)))


def _label_group(label: Label, verdicts: list[Verdict]) -> LabelGroup:
    settings = [(v.label == label, settings_of(v)) for v in verdicts]
    known = {name: None for _, of_one in settings for name in of_one}
    values, rest = (
        {name: {of_one.get(name) for here, of_one in settings if here == has_it} for name in known}
        for has_it in (True, False)
    )
    varying = [name for name in known if len(values[name] | rest[name]) > 1]
    return LabelGroup(
        label,
        tuple(v.condition for v in verdicts if v.label == label),
        {name: _in_order(values[name]) for name in varying},
        tuple(name for name in varying if rest[name] and not values[name] & rest[name]),
    )


def summarise(verdicts: Verdicts) -> tuple[Summary, ...]:
    """For each objective and set of directions: how often it minimises, and its labels."""
    groups: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in verdicts.verdicts:
        groups.setdefault((verdict.objective, verdict.directions), []).append(verdict)
    found = []
    for (objective, directions), members in groups.items():
        labels = [v.label for v in members]
        counting = [v.label for v in members if v.counts]
        left_open = sum(label in OPEN for label in counting)
        known, minimising = len(counting) - left_open, sum(x in MINIMISES for x in counting)
        how = "sometimes" if 0 < minimising < known else "always" if minimising else "never"
        common = sorted(set(labels), key=lambda label: (-labels.count(label), label))
        found.append(
            Summary(
                objective,
                directions,
                conditions=len(members),
                judged=sum(label not in UNJUDGED for label in labels),
                counting=len(counting),
                open=left_open,
                minimising=minimising,
                minimises=how if known else "unknown",
                superposition=counting.count(Label.MINIMISING),
                labels=tuple(_label_group(label, members) for label in common),
            )
        )
    return tuple(found)

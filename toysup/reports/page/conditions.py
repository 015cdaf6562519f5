"""Every condition as the page shows it: its number, its place on the page, settings and caveats."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from toysup.files import shown
from toysup.reports.html import minus
from toysup.reports.labels import LOOKS, Look
from toysup.reports.lines import Line, Point, full_case
from toysup.reports.remarks import remarks
from toysup.reports.words import PROBABILITY, plain, readable, short, span

DIGITS = 3  # of a setting
OBJECTIVE = "objective"


@dataclass(frozen=True)
class Condition:
    """One verdict. The page has one for each set of directions of a condition."""

    id: str  # where it is on the page: "c12", or "c12-decoder" where it has several directions
    number: str  # its number in the results: "12"; "12 (decoder)" where it has several directions
    name: str  # "infonce · mask views, p = 0.1"
    place: str  # its value on the axis
    line: Line
    point: Point
    verdict: Any
    look: Look
    settings: tuple[str, ...]  # in the order of `columns`
    caveats: tuple[int, ...]  # the numbers of those that concern it, from 1

    @property
    def hover(self) -> str:
        """What a pointer that rests on it is told."""
        v, index = self.verdict, self.verdict.minimisation_index
        numbers = (
            f"index {span(*self.point.index_range)} (95% {span(index.low, index.high)}), "
            f"T {short(v.squared_interference.value)}, P {short(v.positive_interference.value)}, "
            f"{v.outcomes.get('converged', 0)} of {v.seeds} seeds converged"
        )
        words = " ".join((f"{v.label.value}: {v.reason}", *remarks(v)))
        return minus(f"Condition {self.number}: {self.name}. {numbers}. {words}")


def columns(verdicts: Sequence) -> tuple[str, ...]:
    """The objective, and the settings that vary within one: what tells conditions apart; p last."""
    values: dict[tuple, set] = {}
    for v in verdicts:
        values.setdefault(("", OBJECTIVE), set()).add(v.objective)
        for name, value in settings_of(v).items():
            values.setdefault((v.objective, name), set()).add(value)
    varying = dict.fromkeys(name for (_, name), some in values.items() if len(some) > 1)
    return tuple(sorted(varying, key=lambda name: (name == PROBABILITY, name != OBJECTIVE)))


def settings_of(verdict) -> dict[str, Any]:
    found = {OBJECTIVE: verdict.objective} | full_case(verdict)
    return {name: value for name, value in found.items() if value is not None}


def conditions(findings) -> tuple[Condition, ...]:
    """Every condition, line by line."""
    every = findings.verdicts.verdicts
    verdicts = {(v.condition, v.directions): v for v in every}
    sets = Counter(v.condition for v in every)
    names, axis = columns(every), findings.axis
    found = []
    for line in findings.lines:
        for point in line.points:
            v = verdicts[point.condition, point.directions]
            case, place = settings_of(v), axis.texts[point.x]
            several = sets[point.condition] > 1
            slug = re.sub(r"[^a-z0-9]+", "_", point.directions.lower())
            found.append(
                Condition(
                    id=f"c{point.condition}" + (f"-{slug}" if several else ""),
                    number=f"{point.condition}" + (f" ({point.directions})" if several else ""),
                    name=f"{line.name}, {axis.label} = {place}",
                    place=place,
                    line=line,
                    point=point,
                    verdict=v,
                    look=LOOKS[point.label],
                    settings=tuple(shown.line(plain(case.get(n, ""), DIGITS)) for n in names),
                    caveats=tuple(
                        number
                        for number, caveat in enumerate(findings.caveats, 1)
                        if point.condition in caveat.conditions
                    ),
                )
            )
    return tuple(found)


def filters(names: Sequence[str], every: Sequence[Condition]) -> list[dict]:
    """What may be chosen from: the values of each setting, and the labels."""
    found = [
        {"name": readable(name), "values": list(dict.fromkeys(c.settings[i] for c in every))}
        for i, name in enumerate(names)
    ]
    labels = dict.fromkeys(c.verdict.label.value for c in every)
    return [*found, {"name": "verdict", "values": list(labels)}]


def linked(words: str, every: Sequence[Condition], page: str = "") -> Any:
    """A text about conditions as HTML: each of their numbers leads to its condition on a page."""
    from markupsafe import Markup, escape

    ids: dict[str, str] = {}
    for c in every:
        ids.setdefault(str(c.point.condition), c.id)

    def link(found: re.Match) -> str:
        number = found[0]
        return f'<a href="{page}#{ids[number]}">{number}</a>' if number in ids else number

    return Markup(re.sub(r"\b\d+\b(?! more)", link, str(escape(words))))

"""The results as curves along one setting: a line per objective and other settings that vary."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from toysup.files import shown
from toysup.reports.axis import Axis
from toysup.reports.claim_metrics import MetricIntervals
from toysup.reports.labels import UNJUDGED, Label
from toysup.reports.words import PROBABILITY, label_of
from toysup.verdict.statistics import Interval

PANEL = ("features", "views", "encoder", "directions")  # beside the objective, in headings


@dataclass(frozen=True)
class Point:
    """One condition on its line."""

    x: float  # along the axis
    condition: int
    directions: str
    label: Label
    idle: str  # why it is not counted, although it may be judged: see `Stake`
    index: Interval  # median and interval over seeds
    index_range: tuple[float, float]  # of the median, given the bounds of the optimum
    random: Interval  # the index of random directions: median and the range of 95%
    tight: Interval  # that of random tight frames, which whitening gives
    n_represented: float
    squared_interference: float
    positive_interference: float
    effective_density: float
    measured: dict[str, Interval]  # the metrics that claims use

    @property
    def shown_index(self) -> float:
        """The index as drawn; if no code was searched for, its possible value nearest to 0."""
        known = self.index.value == self.index.value
        return self.index.value if known else min(self.index_range, key=abs)


@dataclass(frozen=True)
class Line:
    """Conditions that differ along the axis alone, in its order."""

    name: str  # "infonce · mask views · temperature 0.1"
    panel: str  # "infonce · mask views": what shares a picture
    key: str  # "temperature 0.1": what tells the lines of a picture apart
    objective: str
    settings: dict[str, Any]
    points: tuple[Point, ...]


def case_of(verdict) -> dict[str, Any]:
    """The settings and plug-ins that distinguish conditions of one objective, p last."""
    who = {name: getattr(verdict, name) for name in PANEL[:-1]}
    case = {name: value for name, value in who.items() if value is not None} | verdict.settings
    return dict(sorted(case.items(), key=lambda item: item[0] == PROBABILITY))


def full_case(verdict) -> dict[str, Any]:
    return {"directions": verdict.directions} | case_of(verdict)


def varying(verdicts: Sequence, axis: Axis) -> dict[str, tuple[str, ...]]:
    """Per objective, the settings beside the axis that take more than one value."""
    found: dict[str, tuple[str, ...]] = {}
    for objective in dict.fromkeys(v.objective for v in verdicts):
        values: dict[str, set] = {}
        for v in verdicts:
            if v.objective == objective:
                for name, value in full_case(v).items():
                    values.setdefault(name, set()).add(value)
        ordered = [n for n in PANEL if n in values] + [n for n in values if n not in PANEL]
        found[objective] = tuple(n for n in ordered if len(values[n]) > 1 and n != axis.name)
    return found


def lines(
    verdicts: Sequence,
    densities: dict[int, float],
    axis: Axis,
    measured: MetricIntervals | None = None,
) -> tuple[Line, ...]:
    """Every line, in the order of the sweep. `densities` has each condition's effective one."""
    settings_of = varying(verdicts, axis)
    groups: dict[tuple, list] = {}
    for v in verdicts:
        case = full_case(v)
        key = v.objective, tuple((n, case[n]) for n in settings_of[v.objective] if n in case)
        groups.setdefault(key, []).append(v)
    found = []
    for (objective, settings), members in groups.items():
        objective = shown.line(objective)
        heads = [label_of(n, x) for n, x in settings if n in PANEL]
        keys = [label_of(n, x) for n, x in settings if n not in PANEL]
        points = [
            Point(
                x=axis.position(v, densities[v.condition]),
                condition=v.condition,
                directions=v.directions,
                label=v.label,
                idle="" if v.label in UNJUDGED else v.stake.idle,
                index=v.minimisation_index,
                index_range=tuple(sorted((v.index_least, v.index_most))),
                random=v.random.minimisation_index,
                tight=v.tight.minimisation_index,
                n_represented=v.n_represented,
                squared_interference=v.squared_interference.value,
                positive_interference=v.positive_interference.value,
                effective_density=densities[v.condition],
                measured=(measured or {}).get((v.condition, v.directions), {}),
            )
            for v in members
        ]
        found.append(
            Line(
                name=" · ".join([objective, *heads, *keys]),
                panel=" · ".join([objective, *heads]),
                key=", ".join(keys),
                objective=objective,
                settings=dict(settings),
                points=tuple(sorted(points, key=lambda point: axis.values.index(point.x))),
            )
        )
    return tuple(found)

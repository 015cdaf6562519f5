"""A Sweep -> its conditions: every combination of plugins that meet, times every axis."""

import itertools
import math
from dataclasses import dataclass

from toysup import registry
from toysup.spec import Sweep
from toysup.spec.cases import axes, cases
from toysup.spec.tables import takes


@dataclass(frozen=True)
class Condition:
    """One cell of the grid without its seed. `views` is None where the objective needs none.

    `settings` has the bare name and value of every setting that applies.
    """

    objective: str
    features: str
    views: str | None
    encoder: str
    settings: dict

    @property
    def plugins(self) -> list[tuple[str, str]]:
        """The family and the name of each plug-in that it uses."""
        named = [
            ("objectives", self.objective),
            ("features", self.features),
            ("views", self.views),
            ("encoders", self.encoder),
        ]
        return [(family, name) for family, name in named if name]


def conditions(sweep: Sweep) -> tuple[Condition, ...]:
    """Every condition of a sweep: case by case, then axis by axis."""
    return tuple(
        Condition(*case, dict(zip(table, values, strict=True)))
        for case in cases(sweep)
        for table in [axes(sweep, *case)]
        for values in itertools.product(*table.values())
    )


def count(sweep: Sweep) -> int:
    """How many instances a sweep has, without listing them."""
    per_case = (math.prod(len(v) for v in axes(sweep, *case).values()) for case in cases(sweep))
    return sum(per_case) * len(sweep.seeds)


def count_stacks(sweep: Sweep) -> int:
    """How many programs a sweep compiles, without listing them."""
    return sum(
        math.prod(
            len(values)
            for name, values in axes(sweep, *case).items()
            if name in static_names(*case)
        )
        for case in cases(sweep)
    )


@registry.cached
def static_names(objective: str, features: str, view: str | None, encoder: str) -> tuple[str, ...]:
    """The settings of a case that change a shape or a program."""
    named = [f"features.{features}", f"encoder.{encoder}", f"objective.{objective}"]
    used = ["model", "train", *named, *([f"views.{view}"] if view else [])]
    return tuple(name for table in used for name, s in takes(table).items() if s.static)

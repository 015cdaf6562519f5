"""The axis of a report's lines: p if it varies, else the setting with the most values.

A setting that varies only from one objective to another, such as its steps, is no axis.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from toysup.reports.words import PROBABILITY, distinct, readable

DENSITY = "effective_density"  # where nothing varies and the features have no p
WIDE = 20.0  # a positive axis whose ends are this far apart, as a ratio, is drawn logarithmically


@dataclass(frozen=True)
class Axis:
    """A setting with numbers, and its values in the order in which they are shown."""

    name: str
    values: tuple[float, ...]

    @property
    def is_sparsity(self) -> bool:
        """Whether it runs from dense to sparse."""
        return self.name in (PROBABILITY, DENSITY)

    @property
    def label(self) -> str:
        """Its name where there is little room: "p", "temperature"."""
        return readable(self.name)

    @property
    def words(self) -> str:
        """Its name in a heading."""
        return "sparsity" if self.is_sparsity else readable(self.name)

    @property
    def title(self) -> str:
        """What stands below a picture."""
        names = {PROBABILITY: "feature probability p", DENSITY: "share of features present"}
        name = names.get(self.name, readable(self.name))
        return f"{name} (dense to sparse)" if self.is_sparsity else name

    @property
    def ends(self) -> str:
        """Which end is which, as a sentence."""
        if self.is_sparsity:
            return "Dense on the left, sparse on the right."
        return f"From low {self.label} on the left to high on the right."

    @cached_property
    def texts(self) -> dict[float, str]:
        return distinct(self.values)

    @property
    def logarithmic(self) -> bool:
        """Whether equal ratios are to be equally far apart."""
        low, high = min(self.values), max(self.values)
        return low > 0 and (self.is_sparsity or high / low >= WIDE)

    def position(self, verdict, density: float) -> float:
        """The position of a condition; the measured density if it has no such setting."""
        return float(verdict.settings.get(self.name, density))


def axis_of(verdicts: Sequence, densities: dict[int, float]) -> Axis:
    """The axis of these conditions. `densities` has each condition's effective one."""
    values: dict[str, set] = {}
    for verdict in verdicts:
        for name, value in verdict.settings.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                values.setdefault(name, set()).add(value)
    if len(values.get(PROBABILITY, ())) < 2:
        common = [n for n in values if all(n in v.settings for v in verdicts)]
        common = [n for n in common if varies_within_an_objective(n, verdicts)]
        name = max(common, key=lambda n: len(values[n]), default=None)
        if name and len(values[name]) > 1:
            return Axis(name, ordered(values[name], name))
    name = PROBABILITY if PROBABILITY in values else DENSITY
    axis = Axis(name, ())
    return Axis(
        name,
        ordered((axis.position(v, densities.get(v.condition, math.nan)) for v in verdicts), name),
    )


def varies_within_an_objective(name: str, verdicts: Sequence) -> bool:
    """Whether two conditions of one objective differ in this setting."""
    pairs = {(v.objective, v.settings[name]) for v in verdicts}
    return len(pairs) > len({objective for objective, _ in pairs})


def ordered(values: Iterable[float], name: str) -> tuple[float, ...]:
    return tuple(sorted(map(float, set(values)), reverse=name in (PROBABILITY, DENSITY)))

"""What is timed: an objective at a size, with the settings that all contenders share."""

from dataclasses import dataclass

DENSITY, KEEP, RATE = 0.1, 0.5, 1e-3


@dataclass(frozen=True)
class Case:
    """An objective at its defaults, n features in m dimensions, and a batch."""

    objective: str
    n: int = 20
    m: int = 5
    batch: int = 256
    pairs: bool = False  # whether it compares two views
    signed: bool = False  # features of either sign
    density: float = DENSITY

    @property
    def name(self) -> str:
        sizes = f"{self.objective}-{self.n}-{self.m}-{self.batch}"
        return sizes if self.density == DENSITY else f"{sizes}-p{self.density}"


def case_of(objective: str, **sizes) -> Case:
    """The case of an objective, which says itself whether it compares views."""
    from toysup import registry

    pairs = registry.load("objectives", objective).pairs
    return Case(objective, pairs=pairs, signed=objective == "absolute_value", **sizes)

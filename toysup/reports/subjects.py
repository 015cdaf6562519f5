"""An objective as a sentence names it; each set of directions apart where it has several."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """An objective and a set of its directions, with the name that a sentence has for them."""

    name: str
    key: tuple[str, str]

    def is_about(self, verdict) -> bool:
        """Whether a verdict is about it."""
        return (verdict.objective, verdict.directions) == self.key


def subjects(verdicts: Sequence) -> list[Subject]:
    """The objectives in the sweep's order; each set of directions apart where there are several."""
    keys = dict.fromkeys((v.objective, v.directions) for v in verdicts)
    several = {o for o, _ in keys if sum(other == o for other, _ in keys) > 1}
    return [
        Subject(
            f"{objective} ({directions} directions)" if objective in several else objective, key
        )
        for key in keys
        for objective, directions in [key]
    ]

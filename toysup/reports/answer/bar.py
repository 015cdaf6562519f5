"""The counts of an answer as a bar of letters: one for each condition, or for a share of them."""

from toysup.reports.answer import NOT_COUNTED
from toysup.reports.labels import LOOKS, Label

UNCOUNTED = "."  # the letter of what is not counted
WIDEST = 60  # letters


def letter(name: str) -> str:
    return UNCOUNTED if name == NOT_COUNTED else LOOKS[Label(name)].letter


def shares(counts: dict[str, int], width: int = WIDEST) -> dict[str, int]:
    """How many letters each count has. Every count has one; the sum is at most the width.

    >>> shares({"minimising": 90, "even": 29, "random": 1}, 12)
    {'minimising': 7, 'even': 3, 'random': 1}
    """
    total = sum(counts.values())
    if total <= width:
        return dict(counts)
    spare = max(0, width - len(counts))  # beside the one letter that each has
    return {name: 1 + int(spare * number / total) for name, number in counts.items()}


def letters(counts: dict[str, int], width: int = WIDEST) -> str:
    """
    >>> letters({"minimising": 3, "even": 1, "not counted": 2})
    'MMME..'
    """
    return "".join(letter(name) * number for name, number in shares(counts, width).items())


def key(counts: dict[str, int]) -> list[tuple[str, str]]:
    """What each letter stands for, with its name: ("minimising", "M 3 minimising")."""
    return [(name, f"{letter(name)} {number} {name}") for name, number in counts.items()]

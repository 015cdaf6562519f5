"""How each label looks and what it means. Its words carry the meaning; colour only repeats it."""

from dataclasses import dataclass

from toysup.verdict import EVEN
from toysup.verdict.rule import MINIMISES, UNJUDGED, Label

__all__ = ["LOOKS", "MINIMISES", "UNJUDGED", "Label", "Look", "is_even"]


def is_even(verdict) -> bool:
    """Whether a verdict of minimising is for a tight frame that is not the best packing."""
    return verdict.note == EVEN


@dataclass(frozen=True)
class Look:
    """A letter for narrow places, a marker for plots, a terminal style, and two explanations."""

    letter: str
    marker: str
    style: str
    meaning: str
    clause: str  # what the directions do, after "they"
    slug: str = ""


LOOKS = {
    Label.MINIMISING: Look(
        "M",
        "o",
        "bold blue",
        "More features than dimensions, arranged nearly as well as possible: positive "
        "interference close to its least (antipodal pairs, polygons), or evenly spread.",
        "minimise interference",
        "good",
    ),
    Label.NO_SUPERPOSITION: Look(
        "O",
        "D",
        "blue",
        "No more features than dimensions, without interference: orthogonal or better. "
        "Nothing is in superposition.",
        "stay orthogonal or better",
        "good",
    ),
    Label.PARTIAL: Look(
        "P",
        "s",
        "cyan",
        "T or P below random directions, but short of the best arrangement.",
        "spread more evenly or overlap less than random directions, but stay short of the best "
        "arrangement (partial)",
        "fair",
    ),
    Label.RANDOM: Look(
        "R",
        "p",
        "white",
        "Not to be told from as many random directions.",
        "are not to be told from random directions (random)",
        "none",
    ),
    Label.CONE: Look(
        "C",
        "^",
        "yellow",
        "Spread over the dimensions, yet leaning to one side: more positive cosines than random.",
        "spread out but lean to one side (cone)",
        "poor",
    ),
    Label.SEEKING: Look(
        "S",
        "v",
        "red",
        "Interferes more than random directions do.",
        "interfere more than random directions (seeking)",
        "bad",
    ),
    Label.COLLAPSED: Look(
        "K",
        "X",
        "bold red",
        "The features share a few directions, pointing the same way.",
        "fall together into a few directions (collapsed)",
        "bad",
    ),
    Label.LOW_RANK: Look(
        "L",
        "P",
        "magenta",
        "Dimensions are left unused, with directions of either sign along the rest.",
        "leave dimensions unused (low rank)",
        "bad",
    ),
    Label.NOT_CONVERGED: Look(
        "n",
        "x",
        "dim",
        "Not judged: a run of half the length ends with another loss or geometry.",
        "had not converged",
        "open",
    ),
    Label.DIVERGED: Look(
        "d",
        "x",
        "dim",
        "Not judged: a loss or a weight stopped being a number.",
        "diverged",
        "open",
    ),
    Label.UNDEFINED: Look(
        "u",
        "x",
        "dim",
        "Not judged: fewer than two features are represented, so there is no angle to measure.",
        "represent fewer than two features",
        "open",
    ),
}

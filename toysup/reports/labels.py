"""How each label looks and what it means. Its words carry the meaning; colour only repeats it."""

from dataclasses import dataclass

from toysup.spec.label import MINIMISES, OPEN, UNJUDGED, Label

__all__ = ["FALLING_SHORT", "LOOKS", "MINIMISES", "OPEN", "UNJUDGED", "Label", "Look"]

FALLING_SHORT = (Label.EVEN, Label.PARTIAL)  # below random directions, and short of minimising


@dataclass(frozen=True)
class Look:
    """A letter for narrow places, a marker for plots, a terminal style, and two explanations."""

    letter: str
    marker: str
    style: str
    meaning: str
    clause: str  # what the directions do, after "they"
    slug: str  # the class of its colour on a page; those not judged are hatched


LOOKS = {
    Label.MINIMISING: Look(
        "M",
        "o",
        "bold blue",
        "More features than dimensions, arranged nearly as well as possible: positive "
        "interference is close to its least (antipodal pairs, polygons).",
        "minimise interference",
        "minimising",
    ),
    Label.NO_SUPERPOSITION: Look(
        "O",
        "D",
        "blue",
        "No more features than dimensions, without interference: orthogonal or better. "
        "Nothing is in superposition.",
        "stay orthogonal or better",
        "orthogonal",
    ),
    Label.NEAR: Look(
        "N",
        "o",
        "cyan",
        "Better than random tight frames. Whether nearly as good as possible is open, because the "
        "best possible is not known well enough.",
        "minimise interference, or nearly do",
        "near",
    ),
    Label.EVEN: Look(
        "E",
        "d",
        "green",
        "A tight frame, which whitening alone gives, and no more: the dimensions are used evenly, "
        "without the features being arranged to avoid one another. Not minimising.",
        "spread evenly",
        "even",
    ),
    Label.PARTIAL: Look(
        "P",
        "s",
        "green",
        "T or P below random directions, but short of the best arrangement. Not minimising.",
        "stay short of the best arrangement",
        "partial",
    ),
    Label.RANDOM: Look(
        "R",
        "p",
        "white",
        "Not to be told from as many random directions.",
        "look random",
        "random",
    ),
    Label.CONE: Look(
        "C",
        "^",
        "yellow",
        "Spread over the dimensions, yet leaning to one side: more positive cosines than random.",
        "lean to one side",
        "cone",
    ),
    Label.SEEKING: Look(
        "S",
        "v",
        "red",
        "Interferes more than random directions do.",
        "interfere more than random directions",
        "seeking",
    ),
    Label.SHARING: Look(
        "H",
        "<",
        "yellow",
        "Features share directions: more of them than chance gives point the same way as another.",
        "share directions",
        "sharing",
    ),
    Label.COLLAPSED: Look(
        "K",
        "X",
        "bold red",
        "The features fall together into a few directions, and point the same way.",
        "collapse",
        "collapsed",
    ),
    Label.LOW_RANK: Look(
        "L",
        "P",
        "magenta",
        "Dimensions are left unused, with directions of either sign along the rest.",
        "leave dimensions unused",
        "low-rank",
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

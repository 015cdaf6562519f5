"""What the directions of one condition may be found to do: the verdicts, in words."""

from enum import StrEnum


class Label(StrEnum):
    """What the directions of one condition do."""

    DIVERGED = "diverged"
    NOT_CONVERGED = "not converged"
    UNDEFINED = "undefined"
    COLLAPSED = "collapsed"
    LOW_RANK = "low rank"
    SEEKING = "seeking"
    CONE = "cone"
    RANDOM = "random"
    MINIMISING = "minimising"
    NO_SUPERPOSITION = "minimising, no superposition"
    PARTIAL = "partial"


UNJUDGED = (Label.DIVERGED, Label.NOT_CONVERGED, Label.UNDEFINED)
MINIMISES = (Label.MINIMISING, Label.NO_SUPERPOSITION)
OPEN: tuple[Label, ...] = ()  # of which it is not known whether they minimise
JUDGED = tuple(label for label in Label if label not in UNJUDGED)

"""The labels of verdicts: what the directions of one condition do."""

from enum import StrEnum


class Label(StrEnum):
    """What the directions of one condition do."""

    DIVERGED = "diverged"
    NOT_CONVERGED = "not converged"
    UNDEFINED = "undefined"
    COLLAPSED = "collapsed"
    LOW_RANK = "low rank"
    SHARING = "sharing"
    SEEKING = "seeking"
    CONE = "cone"
    RANDOM = "random"
    MINIMISING = "minimising"
    NO_SUPERPOSITION = "minimising, no superposition"
    NEAR = "minimising, or near it"
    EVEN = "even"
    PARTIAL = "partial"


UNJUDGED = (Label.DIVERGED, Label.NOT_CONVERGED, Label.UNDEFINED)
MINIMISES = (Label.MINIMISING, Label.NO_SUPERPOSITION)
OPEN = (Label.NEAR,)  # may or may not minimise: the optimum is not known well enough
JUDGED = tuple(label for label in Label if label not in UNJUDGED)

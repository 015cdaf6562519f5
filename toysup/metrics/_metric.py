"""A metric as a class, for a plug-in: the packaged ones are functions."""

import numpy as np

from toysup.metrics import KINDS, Column
from toysup.registry import summary


class Metric:
    """A column of the results that is computed from the directions. It writes `measure`.

    Its docstring's first sentence describes the column, whose name is the plug-in's.
    """

    family = "metrics"
    must_write = ("measure",)

    kind = "float"  # "float", "int" or "list": a list has one number for each feature or unit
    unit = "1"
    source = "a plug-in"
    scale_free = True  # the same for W and 3 W

    def measure(self, W: np.ndarray) -> np.ndarray:
        """The column of W, (..., d_hidden, n_features) in float64: (...), or (..., length) of a
        list. NaN where it is not defined; a matrix with an entry that is not finite comes too."""
        raise NotImplementedError

    @classmethod
    def as_column(cls, name: str) -> Column:
        """What the results have of it."""
        if cls.kind not in KINDS:
            raise TypeError(f"{name}: kind {cls.kind!r} is none of {', '.join(KINDS)}")
        described = summary(cls), cls.scale_free, cls().measure
        return Column(name, cls.kind, cls.unit, cls.source, *described)

"""What is measured of a trained model: one idea per file, each column declared on its function.

A metric is a bare function of `W` `(..., d_hidden, n_features)` in float64: leading axes are
instances, so a whole group, or a null, is one call. `report` uses these files, so they import
numpy alone. A matrix with an entry that is not finite, or without any features, has no features
represented and NaN elsewhere, without a warning.
"""

import importlib
import inspect
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from toysup import registry

# Of some matrices of a stack: all of them together would fill the memory where features are many.
COSINES_AT_ONCE = 2**20
KINDS = {"float": float, "int": int, "list": list}


@dataclass(frozen=True)
class Column:
    """One column of the results: its name and what a reader needs to use it."""

    name: str
    kind: str  # a key of KINDS; a list has one number per feature or hidden unit
    unit: str  # "1" for a pure number
    source: str
    description: str
    scale_free: bool  # the same for W and 3 W
    function: Callable

    @property
    def needs(self) -> tuple[str, ...]:
        """What the function cannot do without: `("W",)` for a metric of the geometry alone."""
        parameters = inspect.signature(self.function).parameters.values()
        return tuple(p.name for p in parameters if p.default is p.empty)


def column(
    *, source: str, unit: str = "1", kind: str = "float", scale_free: bool = True
) -> Callable[[Callable], Callable]:
    """Declare a function to be a column: its name, and its docstring's first sentence, are used."""
    if kind not in KINDS:
        raise ValueError(f"kind {kind!r}: choose one of {', '.join(KINDS)}")

    def declare(function: Callable) -> Callable:
        function.column = Column(
            name=function.__name__,
            kind=kind,
            unit=unit,
            source=source,
            description=registry.summary(function),
            scale_free=scale_free,
            function=function,
        )
        return function

    return declare


@registry.cached
def columns() -> tuple[Column, ...]:
    """Every column of this folder: files by name, and within a file as it declares them."""
    found = []
    for name in registry.names("metrics"):
        if name not in registry.packaged("metrics"):
            found.append(registry.load("metrics", name).as_column(name))
            continue
        module = importlib.import_module(f"{__name__}.{name}")
        members = [v for v in vars(module).values() if getattr(v, "column", None)]
        found += [v.column for v in members if v.__module__ == module.__name__]
    return tuple(found)


def geometry(W: np.ndarray) -> dict[str, np.ndarray]:
    """Every column that needs nothing but `W` `(..., d_hidden, n_features)`, by name.

    A float or an int has the shape of the leading axes, a list one axis more.
    """
    chosen = [c for c in columns() if c.needs == ("W",)]
    values = in_blocks([c.function for c in chosen], W)
    return {c.name: value for c, value in zip(chosen, values, strict=True)}


def matrices_at_once(n: int) -> int:
    """How many matrices of `n` features are measured in one call."""
    return max(1, COSINES_AT_ONCE // max(1, n) ** 2)


def in_blocks(functions: Sequence[Callable], W: np.ndarray) -> list[np.ndarray]:
    """What each function makes of `W` `(..., d_hidden, n_features)`, some matrices at a time."""
    W = np.asarray(W)
    *leading, m, n = W.shape
    flat, block = W.reshape(math.prod(leading), m, n), matrices_at_once(n)
    starts = range(0, max(1, len(flat)), block)
    parts = [[function(flat[start : start + block]) for function in functions] for start in starts]
    whole = [np.concatenate(values) for values in zip(*parts, strict=True)]
    return [value.reshape((*leading, *value.shape[1:]))[()] for value in whole]

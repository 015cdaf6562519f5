"""Which plugins of a sweep meet, and the axes along which each such case is varied."""

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from toysup.spec.tables import plugin

if TYPE_CHECKING:
    from toysup.spec import Sweep

WHO: tuple[str, ...] = ("objective", "features", "views", "encoder")
Case = tuple[str, str, str | None, str]  # the names of the plugins, in the order of WHO


def cases(sweep: "Sweep") -> Iterator[Case]:
    """Which plugins meet: (objective, features, views, encoder), objectives in the file's order."""
    for objective in sweep.objective:
        views = sweep.views if plugin("objective", objective).pairs else [None]
        for view, features, encoder in itertools.product(views, sweep.features, sweep.encoder):
            yield objective, features, view, encoder


def axes(sweep: "Sweep", objective: str, features: str, view: str | None, encoder: str) -> dict:
    """Setting -> values of one case, in the order in which they vary, the last one fastest."""
    return {
        **sweep.model,
        **sweep.objective_train[objective],
        **sweep.features[features],
        **(sweep.views[view] if view else {}),
        **sweep.encoder[encoder],
        **sweep.objective[objective],
    }


def spaces(sweep: "Sweep") -> list[dict[str, tuple]]:
    """Each case as `name -> values`, its plugins among them; without views where there are none."""
    return [
        {name: (who,) for name, who in zip(WHO, case, strict=True) if who} | axes(sweep, *case)
        for case in cases(sweep)
    ]

"""The cases of a sweep, which are its combinations of plugins, and the axes of each case."""

import itertools
from collections.abc import Iterator

from toysup.spec.sweep import Sweep
from toysup.spec.tables import plugin

CASE_KEYS: tuple[str, ...] = ("objective", "features", "views", "encoder")
Case = tuple[str, str, str | None, str]  # the names of the plugins, in the order of CASE_KEYS


def cases(sweep: Sweep) -> Iterator[Case]:
    """Every combination of plugins that is trained, objectives in the order of the file."""
    for objective in sweep.objective:
        views = sweep.views if plugin("objective", objective).pairs else [None]
        for view, features, encoder in itertools.product(views, sweep.features, sweep.encoder):
            yield objective, features, view, encoder


def axes(sweep: Sweep, objective: str, features: str, view: str | None, encoder: str) -> dict:
    """Setting -> values of one case, in the order of the grid: the last one varies fastest."""
    return {
        **sweep.model,
        **sweep.objective_train[objective],
        **sweep.features[features],
        **(sweep.views[view] if view else {}),
        **sweep.encoder[encoder],
        **sweep.objective[objective],
    }


def spaces(sweep: Sweep) -> list[dict[str, tuple]]:
    """Each case as `name -> values`, with its plugins; without `views` where there is no view."""
    return [
        {name: (who,) for name, who in zip(CASE_KEYS, case, strict=True) if who}
        | axes(sweep, *case)
        for case in cases(sweep)
    ]

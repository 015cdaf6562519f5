"""Valid settings that do not work together: see a plug-in's `incompatibility`."""

import itertools
import math
from collections.abc import Callable, Iterable

from toysup.errors import RefusedError
from toysup.registry.configured import Configured
from toysup.spec.cases import CASE_KEYS, cases
from toysup.spec.faults import Faults, quote
from toysup.spec.tables import FAMILIES, plugin

SHOWN_VALUES = 3
# Reasons of one plug-in, from which on it is asked no more.
MOST_REASONS = 5
# Combinations of a plug-in's settings with what it meets: to ask of so many takes a second.
MOST_ASKED = 200_000


def check_compatible(sweep, faults: Faults) -> None:
    """Check every plugin against [model] and each of the plugins that it is combined with."""
    for family in FAMILIES:
        for name in getattr(sweep, family):
            check_plugin(plugin(family, name).incompatibility, sweep, family, name, faults)


def check_plugin(incompatibility: Callable, sweep, family: str, name: str, faults: Faults) -> None:
    """Add one fault for each reason that a plugin gives, with the values that it concerns."""
    if getattr(incompatibility, "__func__", None) is Configured.incompatibility.__func__:
        return
    path, settings_of_plugin = f"{family}.{name}", {**sweep.model, **getattr(sweep, family)[name]}
    others = plugins_met(sweep, family, name)
    combinations = len(others) * math.prod(map(len, settings_of_plugin.values()))
    if combinations > MOST_ASKED:
        raise RefusedError(
            f"{faults.origin(path)}: {path} and what it meets have {combinations:,} combinations "
            f"of settings, and there may be at most {MOST_ASKED:,}. Use fewer values."
        )
    wrong_by_reason: dict[str, list[dict]] = {}
    for names, *values in itertools.product(others, *settings_of_plugin.values()):
        settings = {**names, **dict(zip(settings_of_plugin, values, strict=True))}
        reason = incompatibility(settings)
        if reason:
            wrong_by_reason.setdefault(reason, []).append(settings)
            if len(wrong_by_reason) == MOST_REASONS:
                break
    axes = {
        **{key: [names[key] for names in others] for key in CASE_KEYS if key != family},
        **settings_of_plugin,
    }
    for reason, wrong in wrong_by_reason.items():
        faults.add(path, f"{reason}{where_wrong(wrong, axes)}.")


def plugins_met(sweep, family: str, name: str) -> list[dict[str, str | None]]:
    """The combinations of other plugins that a plugin is used with, each as family -> name."""
    named = [dict(zip(CASE_KEYS, case, strict=True)) for case in cases(sweep)]
    others = [
        {key: n[key] for key in CASE_KEYS if key != family} for n in named if n[family] == name
    ]
    return [other for place, other in enumerate(others) if other not in others[:place]]


def where_wrong(wrong: list[dict], axes: dict[str, Iterable]) -> str:
    """Which values are wrong, for settings where not all are: " (at d_hidden = 5)"."""
    parts = []
    for name, values in axes.items():
        at = [quote(value) for value in dict.fromkeys(settings[name] for settings in wrong)]
        if len(at) < len(set(values)):
            more = ", ..." if len(at) > SHOWN_VALUES else ""
            parts.append(f"{name} = {', '.join(at[:SHOWN_VALUES])}{more}")
    return f" (at {', '.join(parts)})" if parts else ""

"""Plug-ins from files, tried out before anything is trained.

What a plug-in's methods must answer is in `answers.py`.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import jax

from toysup import registry
from toysup.batch import answers
from toysup.batch.job import setup_of, stacked
from toysup.errors import ToysupError
from toysup.grid import Plan
from toysup.registry.contract import ContractError
from toysup.registry.outside import fault_line, place

# What jax raises where a program asks an array for its value while it is compiled.
WITHOUT_VALUE = (
    jax.errors.ConcretizationTypeError,
    jax.errors.TracerArrayConversionError,
    jax.errors.TracerIntegerConversionError,
)


def try_out(plan: Plan) -> None:
    """ToysupError, in one line, for a plug-in from a file that cannot do its part."""
    outside = {(plugin.family, plugin.name): plugin for plugin in registry.from_files()}
    shapes = {(stack.static["d_hidden"], stack.static["n_features"]) for stack in plan.stacks}
    for metric in [plugin for plugin in outside.values() if plugin.family == "metrics"]:
        for shape in sorted(shapes):
            guarded([metric], lambda metric=metric, s=shape: answers.of_metric(metric.cls(), *s))
    for stack in plan.stacks:
        conditions = [plan.conditions[i] for i in stack.conditions]
        used = [outside[key] for key in conditions[0].plugins if key in outside]
        if used:
            guarded(used, partial(answers.of_setup, setup_of(conditions[0])))
        if ("features", stack.features) in outside:
            count, n = len(conditions), stack.static["n_features"]
            features = stacked([setup_of(condition) for condition in conditions], count).features
            guarded(used, partial(answers.of_samples, features, count, n))


def guarded(plugins: list[registry.Plugin], trial: Callable[[], Any]) -> None:
    """Run a trial of plug-ins, and turn what is raised into a line that names the file at fault."""
    try:
        trial()
    except ToysupError:
        raise
    except Exception as error:
        if isinstance(error, ContractError):
            plugins = [p for p in plugins if p.family == error.family] or plugins
        lines = [line(plugin.path, error) for plugin in plugins]
        located = [line for line in lines if ", line " in line.partition(": ")[0]]
        raise ToysupError(f"{(located or lines)[0]}.") from error


def line(path: Path, error: Exception) -> str:
    """What a plug-in raised, in one line."""
    if not isinstance(error, WITHOUT_VALUE):
        return fault_line(path, error)
    return (
        f"{place(path, error)}: a traced setting or an array has no value in Python here. Use "
        "jnp.where and jax.numpy, or leave out traced=True"
    )

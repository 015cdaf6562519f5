"""Plug-ins from files, tried out before anything is trained: on shapes, without computing."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from toysup import registry, train
from toysup.batch.job import setup_of
from toysup.errors import ToysupError
from toysup.grid import Plan
from toysup.registry import Plugin
from toysup.registry.outside import fault_line


def try_out(plan: Plan) -> None:
    """ToysupError, in one line, for a plug-in from a file that cannot do its part."""
    outside = {(plugin.family, plugin.name): plugin for plugin in registry.from_files()}
    for (family, _), plugin in outside.items():
        if family == "metrics":
            guarded([plugin], lambda plugin=plugin: try_metric(plugin))
    for stack in plan.stacks:
        first = plan.conditions[stack.conditions[0]]
        used = [outside[key] for key in first.plugins if key in outside]
        if used:
            setup = setup_of(first)
            guarded(used, lambda setup=setup: try_setup(setup))


def guarded(plugins: list[Plugin], trial: Callable[[], Any]) -> None:
    """Run a trial of plug-ins, and turn what is raised into a line that names the file at fault."""
    try:
        trial()
    except ToysupError:
        raise
    except Exception as error:
        lines = [fault_line(plugin.path, error) for plugin in plugins]
        located = [line for line in lines if ", line " in line.partition(": ")[0]]
        raise ToysupError(f"{(located or lines)[0]}.") from error


def expect(what: str, found: Any, shape: tuple[int, ...]) -> None:
    """TypeError unless `found` is one array of floats of this shape."""
    leaves = jax.tree.leaves(found)
    if len(leaves) != 1 or not hasattr(leaves[0], "shape"):
        raise TypeError(f"{what} must be one array, not {type(found).__name__}")
    if leaves[0].shape != shape or not jnp.issubdtype(leaves[0].dtype, jnp.floating):
        raise TypeError(
            f"{what} must be floats of shape {shape}, not {leaves[0].dtype} {leaves[0].shape}"
        )


def try_metric(plugin: Plugin) -> None:
    """A metric of two random matrices, and of one that is not finite."""
    metric = plugin.cls()
    W = np.random.default_rng(0).standard_normal((2, 3, 5))
    for matrices in (W, np.where(np.arange(5) == 4, np.nan, W)):
        found = np.asarray(metric.measure(matrices))
        right = found.shape[:1] == (2,) and found.ndim == (2 if metric.kind == "list" else 1)
        if not right:
            raise TypeError(f"measure gave shape {found.shape} of two matrices")


def try_setup(setup: train.Setup) -> None:
    """What training and measuring ask of the plug-ins of one setup, on shapes."""
    n, batch = setup.size.n_features, setup.training.batch_size
    key = jax.eval_shape(lambda: jax.random.key(0))
    setup = jax.eval_shape(lambda: jax.tree.map(jnp.float32, setup))
    x = jax.eval_shape(train.fresh_batch, setup, key)
    views = tuple(x) if setup.objective.pairs else (x,)
    if setup.objective.pairs and len(views) != 2:
        raise TypeError(f"pair must give two batches, not {len(views)}")
    for view in views:
        expect("a batch", view, (n, batch))
    fresh = jax.eval_shape(lambda s, *a: s.features.resample_amplitudes(*a), setup, key, views[0])
    expect("resample_amplitudes", fresh, (n, batch))
    try_objective(setup, key, x, views[0])


def try_objective(setup: train.Setup, key, x, view) -> None:
    """The encoder, and what the objective makes of it, on a batch x with `view` as one view."""
    m, batch = setup.size.d_hidden, setup.training.batch_size
    model = jax.eval_shape(train.init, setup, key).model
    if setup.encoder.has_matrix:
        expect("the encoder's W", model.encoder.get("W"), (m, setup.size.n_features))
    expect("h", jax.eval_shape(lambda model, x: model.encode(x), model, view), (m, batch))
    expect("loss", jax.eval_shape(train.batch_loss, setup, model, key, x), ())
    chance = jax.eval_shape(lambda s, x: jnp.float32(s.objective.chance(x, m)), setup, x)
    expect("chance", chance, ())
    if not jax.eval_shape(lambda s, model: s.objective.codes(model), setup, model):
        raise TypeError("codes must give at least one set of directions")
    measured = jax.eval_shape(lambda s, *a: s.objective.measure(*a), setup, model, key, x)
    declared = {measure.name for measure in setup.objective.measures}
    if set(measured) != declared:
        raise TypeError(f"measure gives {sorted(measured)}, not {sorted(declared)}")

"""What the methods of a plug-in must answer: ContractError where one does not.

A sweep asks this of plug-ins from files before it trains, and `toysup.testing.check` of any. Most
of it is asked of shapes, without computing.
"""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from toysup import train
from toysup.registry import Measure
from toysup.registry.contract import ContractError

OBJECTIVES, FEATURES, VIEWS, ENCODERS = "objectives", "features", "views", "encoders"
SAMPLES = 128  # that are drawn, of each condition, to see what values they have


def of_setup(setup: train.Setup) -> None:
    """What training and measuring ask of the plug-ins of one setup."""
    of_statistics(setup.features, setup.size.n_features)
    n, batch = setup.size.n_features, setup.training.batch_size
    key = jax.eval_shape(lambda: jax.random.key(0))
    setup = jax.eval_shape(lambda: jax.tree.map(jnp.float32, setup))
    x = jax.eval_shape(train.fresh_batch, setup, key)
    views = tuple(x) if setup.objective.pairs else (x,)
    if setup.objective.pairs and len(views) != 2:
        raise ContractError(VIEWS, f"pair must give two batches, not {len(views)}")
    for view in views:
        expect(VIEWS if setup.objective.pairs else FEATURES, "a batch", view, (n, batch))
    fresh = jax.eval_shape(lambda s, *a: s.features.resample_amplitudes(*a), setup, key, views[0])
    expect(FEATURES, "resample_amplitudes", fresh, (n, batch))
    latents = jax.eval_shape(lambda s, key: s.features.latents(key, n, batch), setup, key)
    if latents is not None and (np.ndim(latents) != 2 or latents.shape[1] != batch):
        raise ContractError(
            FEATURES, f"latents must give shape (any, {batch}) or None, not {shown(latents)}"
        )
    of_objective(setup, key, x, views[0])


def of_objective(setup: train.Setup, key, x, view) -> None:
    """The encoder, and what the objective makes of it, on a batch x with `view` as one view."""
    n, m, batch = setup.size.n_features, setup.size.d_hidden, setup.training.batch_size
    model = jax.eval_shape(train.init, setup, key).model
    if not isinstance(model.extra, dict):
        raise ContractError(
            OBJECTIVES, f"init must give a dict of arrays, not {shown(model.extra)}"
        )
    if setup.encoder.has_matrix:
        expect(ENCODERS, "the encoder's W", model.encoder.get("W"), (m, n))
    expect(ENCODERS, "h", jax.eval_shape(lambda model, x: model.encode(x), model, view), (m, batch))
    expect(OBJECTIVES, "loss", jax.eval_shape(train.batch_loss, setup, model, key, x), ())
    chance = jax.eval_shape(lambda s, x: jnp.float32(s.objective.chance(x, m)), setup, x)
    expect(OBJECTIVES, "chance", chance, ())
    of_codes(jax.eval_shape(lambda s, model: s.objective.codes(model), setup, model), m, view)
    measured = jax.eval_shape(lambda s, *a: s.objective.measure(*a), setup, model, key, x)
    of_measures(OBJECTIVES, "measure", measured, setup.objective.measures)
    of_parameters(setup.objective, model.extra)
    of_features = jax.eval_shape(
        lambda s, model: s.features.measure(model, n, lambda features: jnp.float32(0)), setup, model
    )
    of_measures(FEATURES, "measure", of_features, setup.features.measures)
    if setup.objective.switches_units_off:
        used = np.asarray(setup.objective.in_use(np.ones((2, m))))
        if used.shape != (2, m):
            raise ContractError(
                OBJECTIVES, f"in_use must give shape {(2, m)} of {(2, m)}, not {used.shape}"
            )


def of_codes(codes: Any, d_hidden: int, x) -> None:
    """The sets of directions: a dict of models, whose codes have them, and of matrices."""
    if not isinstance(codes, dict) or not codes:
        raise ContractError(
            OBJECTIVES,
            f"codes must give a dict with at least one set of directions, not {shown(codes)}",
        )
    for name, code in codes.items():
        if isinstance(code, train.Model):
            h = jax.eval_shape(lambda model, x: model.encode(x), code, x)
            expect(OBJECTIVES, f"the code of {name}", h, (d_hidden, x.shape[1]))
        else:
            expect(OBJECTIVES, f"the directions {name}", code, (d_hidden, x.shape[0]))


def of_parameters(objective, extra: dict) -> None:
    """`parameter_values` of what `init` gave: its arrays lead with the axes of the instances."""
    if not objective.parameters:
        return
    arrays = {
        name: np.zeros((1, 1, *value.shape), value.dtype)
        for name, value in extra.items()
        if hasattr(value, "shape")
    }
    values = type(objective)().parameter_values(arrays)
    of_measures(OBJECTIVES, "parameter_values", values, objective.parameters, axes=2)


def of_measures(
    family: str, method: str, found: Any, declared: tuple[Measure, ...], axes: int = 0
) -> None:
    """A value for each declared column, by name: a number, behind `axes` axes, or a list."""
    names = {measure.name for measure in declared}
    needed = {measure.name for measure in declared if not measure.optional}
    if not isinstance(found, dict) or not needed <= set(found) <= names:
        given = sorted(found) if isinstance(found, dict) else shown(found)
        raise ContractError(family, f"{method} must give {sorted(names)}, not {given}")
    for measure in declared:
        value = found.get(measure.name)
        if value is not None and np.ndim(value) != axes + measure.listed:
            what = "a list" if measure.listed else "a number"
            raise ContractError(
                family, f"{method} must give {what} as {measure.name}, not {shown(value)}"
            )


def of_statistics(features, n_features: int) -> None:
    """What is asked of a feature distribution itself, without a sample."""
    partners = features.partners(n_features)
    square = (n_features, n_features)
    if np.shape(partners) != square or np.asarray(partners).dtype != bool:
        raise ContractError(
            FEATURES, f"partners must give a mask of bool and shape {square}, not {shown(partners)}"
        )
    if (partners != np.transpose(partners)).any() or np.diagonal(partners).any():
        raise ContractError(FEATURES, "partners must give a symmetric mask, False on its diagonal")
    scales = features.scales(n_features)
    if np.shape(scales) != (n_features,):
        raise ContractError(
            FEATURES, f"scales must give shape {(n_features,)}, not {shown(scales)}"
        )
    kurtosis = features.excess_kurtosis()
    if np.shape(kurtosis) != () or not np.issubdtype(np.asarray(kurtosis).dtype, np.number):
        raise ContractError(FEATURES, f"excess_kurtosis must give a number, not {shown(kurtosis)}")


def of_samples(features, count: int, n_features: int) -> None:
    """No sample of a stack of `count` distributions is below 0, unless they are `signed`."""

    def lowest(lane):
        _, one = lane  # beside a number: a distribution without traced settings has no leaves
        return one.sample(jax.random.key(0), n_features, SAMPLES).min()

    if features.signed:
        return
    if (jax.jit(lambda f: jax.lax.map(lowest, (jnp.arange(count), f)))(features) < 0).any():
        raise ContractError(
            FEATURES, "sample gave a value below 0. Set signed = True if that is meant"
        )


def of_metric(metric, d_hidden: int, n_features: int) -> None:
    """A number or a list for each of two random matrices, and where an entry is not finite."""
    W = np.random.default_rng(0).standard_normal((2, d_hidden, n_features))
    for matrices in (W, np.where(np.arange(n_features) == 0, np.nan, W)):
        found = np.asarray(metric.measure(matrices))
        right = found.shape[:1] == (2,) and found.ndim == (2 if metric.kind == "list" else 1)
        if not right or found.dtype.kind not in "bifu":
            what = "a list" if metric.kind == "list" else "a number"
            raise ContractError(
                "metrics", f"measure must give {what} for each of two matrices, not {shown(found)}"
            )


def expect(family: str, what: str, found: Any, shape: tuple[int, ...]) -> None:
    """ContractError unless `found` is one array of floats of this shape."""
    leaves = jax.tree.leaves(found)
    if len(leaves) != 1 or not hasattr(leaves[0], "shape"):
        raise ContractError(family, f"{what} must be one array, not {type(found).__name__}")
    if leaves[0].shape != shape or not jnp.issubdtype(leaves[0].dtype, jnp.floating):
        raise ContractError(
            family, f"{what} must be floats of shape {shape}, not {shown(leaves[0])}"
        )


def shown(found: Any) -> str:
    """An answer in a message: the type and shape of an array, the type of anything else."""
    array = hasattr(found, "shape") and hasattr(found, "dtype")
    return f"{found.dtype} {found.shape}" if array else type(found).__name__

"""A trained chunk -> rows of the results, one for each instance and set of directions."""

import math

import numpy as np
import pyarrow as pa

from toysup import columns, metrics, registry
from toysup.grid import Chunk, Plan
from toysup.measure import outcome, trajectory
from toysup.storage.parquet import write_parquet
from toysup.storage.store import Store


def schema(plan: Plan) -> pa.Schema:
    """The Arrow schema of a plan's results, with each column's meaning in its metadata."""
    names = list(dict.fromkeys(name for c in plan.conditions for name in c.settings))
    own = [("objectives", c.objective) for c in plan.conditions]
    own += [("features", c.features) for c in plan.conditions]
    described = [
        pa.field(
            f.name,
            f.type,
            metadata={"description": f.description, "unit": f.unit, "source": f.source},
        )
        for f in columns.fields(names, dict.fromkeys(own), bool(plan.sweep.record))
    ]
    return pa.schema(described, metadata={"settings": " ".join(names), "title": plan.sweep.title})


def table(plan: Plan, chunk: Chunk, trained) -> pa.Table:
    """The rows of a trained chunk: seeds times conditions, for each set of directions."""
    sets = [table_of(plan, chunk, trained, name, code) for name, code in trained.codes.items()]
    return pa.concat_tables(sets)


def table_of(plan: Plan, chunk: Chunk, trained, name: str, code) -> pa.Table:
    """The rows of one set of directions."""
    shape = code.W.shape[:2]
    W = code.W.astype(np.float64)
    W_half = code.W_half.astype(np.float64)
    geometry, half = metrics.geometry(W), metrics.geometry(W_half)
    finite = np.isfinite(trained.losses[..., -1]) & np.isfinite(W).all(axis=(-2, -1))
    moved = outcome.geometry_change(geometry, half)
    fell = outcome.loss_change(trained.losses)
    rates = np.array([plan.conditions[i].settings["learning_rate"] for i in chunk.conditions])
    moving = outcome.still_moving(moved, fell, outcome.begun(code.distance, rates))
    objective = registry.load("objectives", plan.conditions[chunk.conditions[0]].objective)
    values = {
        "condition": np.broadcast_to(np.array(chunk.conditions), shape),
        "directions": np.full(shape, name),
        "seed": np.broadcast_to(np.array(chunk.seeds)[:, None], shape),
        "outcome": outcome.outcome(finite, moving),
        "loss": trained.losses[..., -1],
        "chance": trained.chance,
        "stake": trained.stake,
        "stake_error": trained.stake_error,
        "loss_change": fell,
        "geometry_change": moved,
        "distance": code.distance,
        "effective_density": trained.effective_density,
        "linearity": code.linearity,
        "weights": code.weights,
        "responses": code.responses,
        "W": code.W.reshape(*shape, -1),
        "loss_curve": trained.loss_curve,
        **of_recording(plan.sweep.record, trained.recorded_losses, code.recorded),
        **geometry,
        **of_world(plan, chunk, W, code.responses, code.exact),
        columns.HALF: {
            "loss": trained.losses[..., -2],
            **half,
            **of_world(plan, chunk, W_half, code.responses_half, code.exact),
            **code.of_samples_half,
            **trained.measures_half,
            "linearity": code.linearity_half,
        },
        **code.of_samples,
        **trained.measures,
        **objective().parameter_values(trained.own),
    }
    if "readout_unexplained" in values:
        values["mean_readout_unexplained"] = mean_of_known(
            values["readout_unexplained"].astype(np.float64)
        )
    conditions = [plan.conditions[i] for i in chunk.conditions]
    arrays = [
        rows(field, values.get(field.name), conditions, len(chunk.seeds)) for field in schema(plan)
    ]
    return pa.table(arrays, schema=schema(plan))


def of_recording(steps: tuple[int, ...], losses, W) -> dict[str, np.ndarray]:
    """The columns of a recording: its losses (..., steps), its W (..., steps, d_hidden, n)."""
    if not steps:
        return {}
    exact, fallen = W.astype(np.float64), losses.astype(np.float64)
    *_, d_hidden, n_features = W.shape
    values = {
        "recorded_steps": np.broadcast_to(np.array(steps), losses.shape),
        "recorded_loss": losses,
        "recorded_W": W.reshape(*losses.shape[:-1], -1),
        "level_jumps": trajectory.level_jumps(exact),
        "drop_alignment": trajectory.drop_alignment(exact, fallen),
    }
    flat = {"polygon_gap": trajectory.polygon_gap(fallen, n_features)} if d_hidden == 2 else {}
    return values | flat


def of_world(plan: Plan, chunk: Chunk, W, responses, exact: bool) -> dict[str, np.ndarray]:
    """The columns that need to know more than W: the feature world, or responses."""
    from toysup.batch.job import setup_of

    setups = [setup_of(plan.conditions[i]) for i in chunk.conditions]
    used = (W != 0).any(axis=-1, keepdims=True)
    known = {
        "W": W,
        "responses": W if responses is None else np.where(used, responses, 0),
        # The kurtosis of h follows from that of x only where h is W x.
        "feature_kurtosis": np.array(
            [setup.features.excess_kurtosis() if exact else math.nan for setup in setups]
        ),
        "partners": np.stack([setup.features.partners(W.shape[-1]) for setup in setups]),
    }
    return {
        c.name: c.function(*(known[need] for need in c.needs))
        for c in metrics.columns()
        if c.needs != ("W",)
    }


def mean_of_known(values: np.ndarray) -> np.ndarray:
    """Mean over the last axis without its NaNs; NaN where there is nothing else."""
    known = ~np.isnan(values)
    count = known.sum(axis=-1)
    return np.where(known, values, 0).sum(axis=-1) / np.where(count, count, math.nan)


def rows(field: pa.Field, values, conditions, n_seeds: int) -> pa.Array:
    """One column: measured values, or what the conditions say, null where they don't."""
    if values is None and field.name in ("objective", "features", "views", "encoder"):
        return pa.array([getattr(c, field.name) for c in conditions] * n_seeds, field.type)
    if values is None:
        return pa.array([c.settings.get(field.name) for c in conditions] * n_seeds, field.type)
    if pa.types.is_struct(field.type):
        parts = [rows(part, values.get(part.name), conditions, n_seeds) for part in field.type]
        return pa.StructArray.from_arrays(parts, fields=list(field.type))
    flat = np.asarray(values).reshape(len(conditions) * n_seeds, -1)
    if pa.types.is_list(field.type):
        kind = field.type.value_type.to_pandas_dtype()
        return pa.array(list(flat.astype(kind)), field.type)
    return pa.array(flat[:, 0].tolist(), field.type)


def count_diverged(rows: pa.Table) -> int:
    """How many instances diverged, in any of their sets of directions."""
    names = ("condition", "seed", "outcome")
    every = zip(*(rows.column(name).to_pylist() for name in names), strict=True)
    return len({(condition, seed) for condition, seed, o in every if o == outcome.DIVERGED})


def write_part(store: Store, chunk: Chunk, rows: pa.Table) -> None:
    """Publish the rows of a chunk as an immutable part of the run."""
    write_parquet(store.part(chunk.id), rows)

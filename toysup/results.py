"""A trained chunk -> rows of the results, each column with its unit, meaning and source."""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from toysup import metrics, outcome, registry
from toysup.grid import Chunk, Plan
from toysup.metrics.gaussianity import hidden_excess_kurtosis
from toysup.store import Store, write_parquet

OURS = "toysup"


@dataclass(frozen=True)
class Field:
    """A column that is not a metric of the geometry."""

    name: str
    type: pa.DataType
    unit: str
    description: str
    source: str = OURS


LIST = pa.list_(pa.float32())
WHO = (
    Field("condition", pa.int32(), "1", "Number of the condition: every setting but the seed."),
    Field("objective", pa.string(), "1", "The training objective."),
    Field("features", pa.string(), "1", "The feature world that samples come from."),
    Field("views", pa.string(), "1", "How two views were made; null where none are."),
    Field("encoder", pa.string(), "1", "The encoder."),
    Field("directions", pa.string(), "1", "Whose directions the row describes."),
    Field("seed", pa.int64(), "1", "The seed's number; it means the same in every condition."),
)
HOW = (
    Field("outcome", pa.string(), "1", "converged, not converged or diverged."),
    Field(
        "loss",
        pa.float64(),
        "nats or squared units",
        "Mean loss on 32 batches that no step has seen.",
    ),
    Field(
        "loss_change",
        pa.float64(),
        "1",
        "How far the loss is from that of a run of half the length, as a share of its whole fall.",
    ),
    Field(
        "geometry_change",
        pa.float64(),
        "1",
        "How far T and P are from those of a run of half the length: the larger, relative above 1.",
    ),
    Field("distance", pa.float64(), "1", "How far W went from its start, as a share of its norm."),
    Field(
        "effective_density",
        pa.float64(),
        "1",
        "Share of features present in a sample, before views.",
    ),
)
READ_OUT = (
    Field(
        "mean_readout_unexplained",
        pa.float64(),
        "1",
        "Mean over the features of readout_unexplained.",
    ),
    Field(
        "readout_unexplained",
        LIST,
        "1",
        "Share of each feature's variance that the best ReLU read-out from h leaves unexplained.",
    ),
)
RAW = (
    Field("learned_temperature", pa.float64(), "1", "The temperature, where it was trained."),
    Field("W", LIST, "1", "The directions, row-major, d_hidden x n_features."),
    Field("b", LIST, "1", "The decoder's bias; null where there is none.", "Elhage et al. 2022"),
    Field(
        "loss_curve", LIST, "nats or squared units", "The loss at equally spaced steps of the run."
    ),
)


def setting_fields(names: list[str] | None = None) -> list[Field]:
    """A field for each setting there is, or for those of a run."""
    types = {float: pa.float64(), int: pa.int64(), bool: pa.bool_(), str: pa.string()}
    known = all_settings()
    return [
        Field(name, types[known[name].kind], "1", f"Setting: {known[name].doc}.", "the sweep file")
        for name in (known if names is None else names)
    ]


@cache
def all_settings() -> dict[str, registry.Setting]:
    """Every setting of every plugin by name."""
    from toysup import train

    known = registry.settings(train.Size) | registry.settings(train.Training)
    for family in registry.FAMILIES:
        for name in registry.names(family):
            known |= registry.settings(registry.load(family, name))
    return known


def metric_fields() -> list[Field]:
    types = {"float": pa.float64(), "int": pa.int64(), "list": LIST}
    return [
        Field(c.name, types[c.kind], c.unit, c.description, c.source) for c in metrics.columns()
    ]


def fields(settings: list[str] | None = None) -> list[Field]:
    """Every column of the results, in order."""
    return [*WHO, *setting_fields(settings), *HOW, *metric_fields(), *READ_OUT, *RAW]


def describe() -> list[dict[str, str]]:
    """What `toysup schema` shows: each column's name, type, unit, description and source."""
    return [
        {
            "name": field.name,
            "type": str(field.type).replace("list<element: float>", "list<float>"),
            "unit": field.unit,
            "description": field.description,
            "source": field.source,
        }
        for field in fields()
    ]


def schema(plan: Plan) -> pa.Schema:
    """The Arrow schema of a plan's results, with each column's meaning in its metadata."""
    names = list(dict.fromkeys(name for c in plan.conditions for name in c.settings))
    described = [
        pa.field(
            f.name,
            f.type,
            metadata={"description": f.description, "unit": f.unit, "source": f.source},
        )
        for f in fields(names)
    ]
    return pa.schema(described, metadata={"settings": " ".join(names), "title": plan.sweep.title})


def kappa(plan: Plan, condition: int) -> float:
    """The excess kurtosis of one feature under a condition."""
    from toysup.job import setup_of

    return setup_of(plan.conditions[condition]).features.kappa()


def table(plan: Plan, chunk: Chunk, trained) -> pa.Table:
    """The rows of a trained chunk: seeds times conditions."""
    shape = trained.W.shape[:2]
    W = trained.W.astype(np.float64)
    geometry, half = metrics.geometry(W), metrics.geometry(trained.W_half.astype(np.float64))
    kappas = np.array([kappa(plan, i) for i in chunk.conditions])
    finite = np.isfinite(trained.losses[..., -1]) & np.isfinite(W).all(axis=(-2, -1))
    moved = outcome.geometry_change(geometry, half)
    fell = outcome.loss_change(trained.losses)
    unexplained = trained.readout_unexplained
    values = {
        "condition": np.broadcast_to(np.array(chunk.conditions), shape),
        "directions": np.full(shape, "encoder"),
        "seed": np.broadcast_to(np.array(chunk.seeds)[:, None], shape),
        "outcome": outcome.outcome(finite, outcome.still_moving(moved, fell, trained.distance)),
        "loss": trained.losses[..., -1],
        "loss_change": fell,
        "geometry_change": moved,
        "distance": trained.distance,
        "effective_density": trained.effective_density,
        "readout_unexplained": unexplained,
        "mean_readout_unexplained": mean_of_known(unexplained.astype(np.float64)),
        "W": trained.W.reshape(*shape, -1),
        "loss_curve": trained.loss_curve,
        **geometry,
        "hidden_excess_kurtosis": hidden_excess_kurtosis(W, kappas),
    }
    if "b" in trained.own:
        values["b"] = trained.own["b"]
    if "log_scale" in trained.own:
        log_scale = trained.own["log_scale"].astype(np.float64)
        values["learned_temperature"] = np.maximum(
            np.exp(-log_scale), all_settings()["temperature"].low
        )
    conditions = [plan.conditions[i] for i in chunk.conditions]
    arrays = [
        rows(field, values.get(field.name), conditions, len(chunk.seeds)) for field in schema(plan)
    ]
    return pa.table(arrays, schema=schema(plan))


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
    flat = np.asarray(values).reshape(len(conditions) * n_seeds, -1)
    if pa.types.is_list(field.type):
        return pa.array(list(flat.astype(np.float32)), field.type)
    return pa.array(flat[:, 0].tolist(), field.type)


def count_diverged(rows: pa.Table) -> int:
    return rows.column("outcome").to_pylist().count(outcome.DIVERGED)


def write_part(store: Store, chunk: Chunk, rows: pa.Table) -> None:
    """Publish the rows of a chunk as an immutable part of the run."""
    write_parquet(store.part(chunk.id), rows)

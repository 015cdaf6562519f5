"""The values of the columns of the results, by name: from what is measured of a chunk.

Arrays lead with (seeds, conditions).
"""

import math

import numpy as np

from toysup import metrics
from toysup.grid import Chunk, Plan
from toysup.measure import outcome, trajectory
from toysup.measure.codes import CodeMeasurements
from toysup.measure.measurement import FeatureStatistics, RunMeasurements
from toysup.spec.cases import CASE_KEYS


def setting_names(plan: Plan) -> list[str]:
    """The settings of a plan's conditions, in order."""
    return list(dict.fromkeys(name for c in plan.conditions for name in c.settings))


def of_conditions(plan: Plan, chunk: Chunk) -> dict[str, list]:
    """The columns that the conditions say: their plug-ins and settings, a value for each row."""
    conditions = [plan.conditions[i] for i in chunk.conditions]
    plugins = {name: [getattr(c, name) for c in conditions] for name in CASE_KEYS}
    settings = {name: [c.settings.get(name) for c in conditions] for name in setting_names(plan)}
    return {name: v * len(chunk.seeds) for name, v in (plugins | settings).items()}


def of_runs(
    runs: RunMeasurements, directions: str, features: FeatureStatistics
) -> dict[str, np.ndarray | None]:
    """The columns that are measured of the runs of one length, for one set of directions."""
    code = runs.codes[directions]
    readout = code.samples.get("readout_unexplained")
    return {
        "loss": runs.loss,
        **runs.optimality,
        "W": code.W.reshape(*code.W.shape[:2], -1),
        "distance": code.distance,
        "linearity": code.linearity,
        "weights": code.weights,
        "responses": code.responses,
        **metrics.geometry(code.W.astype(np.float64)),
        **of_features(code, features),
        **code.samples,
        "mean_readout_unexplained": None if readout is None else mean_of_known(readout),
        **runs.declared,
    }


def of_outcome(
    plan: Plan, chunk: Chunk, initial_loss, whole: dict, half: dict, parameters: dict
) -> dict:
    """How the runs ended, from the columns of the whole runs and of those of half the length, and
    from the objective's own parameters at the end."""
    good = outcome.in_range(whole["loss"], whole["W"], parameters.values())
    geometry = outcome.geometry_change(whole, half)
    half_gap, gap = (runs.get("optimality_gap", math.nan) for runs in (half, whole))
    known = half_gap - gap  # the least loss is the same for both
    loss = outcome.loss_change(initial_loss, half["loss"], whole["loss"], known)
    rates = np.array([plan.conditions[i].settings["learning_rate"] for i in chunk.conditions])
    moving = outcome.still_moving(geometry, loss, outcome.begun(whole["distance"], rates))
    return {
        "outcome": outcome.outcome(good, moving),
        "loss_change": loss,
        "geometry_change": geometry,
    }


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


def of_features(code: CodeMeasurements, features: FeatureStatistics) -> dict[str, np.ndarray]:
    """The columns that need to know more than W: the feature distributions, or responses."""
    W, responses = code.W.astype(np.float64), code.responses
    used = (W != 0).any(axis=-1, keepdims=True)
    instances, partners = W.shape[:2], features.partners
    # The kurtosis of h follows from that of x only where h is W x.
    kurtosis = np.where(code.exact, features.excess_kurtosis, math.nan)
    known = {
        "W": W,
        "responses": W if responses is None else np.where(used, responses, 0),
        "feature_kurtosis": np.broadcast_to(kurtosis, instances),
        "partners": np.broadcast_to(partners, (*instances, *partners.shape[1:])),
    }
    chosen = [c for c in metrics.columns() if c.needs != ("W",)]

    def of_block(places) -> list[np.ndarray]:
        some = {name: values[places] for name, values in known.items()}
        return [c.function(*(some[need] for need in c.needs)) for c in chosen]

    size = metrics.matrices_at_once(W.shape[-1])
    every = np.arange(math.prod(instances))
    blocks = [every[start : start + size] for start in range(0, len(every), size)]
    parts = [of_block(np.unravel_index(block, instances)) for block in blocks]
    values = (np.concatenate(of_column) for of_column in zip(*parts, strict=True))
    return {
        c.name: v.reshape(*instances, *v.shape[1:]) for c, v in zip(chosen, values, strict=True)
    }


def mean_of_known(values: np.ndarray) -> np.ndarray:
    """Mean over the last axis without its NaNs; NaN where there is nothing else."""
    values = values.astype(np.float64)
    known = ~np.isnan(values)
    count = known.sum(axis=-1)
    return np.where(known, values, 0).sum(axis=-1) / np.where(count, count, math.nan)

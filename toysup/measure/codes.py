"""One set of directions of trained models, measured in the same way whatever a run's length."""

from dataclasses import dataclass
from functools import partial

import jax
import numpy as np

from toysup import train
from toysup.batch.job import Job
from toysup.measure.directions import directions, in_blocks, in_use
from toysup.measure.samples import measure_samples
from toysup.spec.top import ALL


@dataclass(frozen=True)
class CodeMeasurements:
    """One set of directions of the models of one length of run; arrays lead with
    (seeds, conditions).

    `W`, (d_hidden, n_features), has the directions, with zeros in the hidden units that are not in
    use. `samples` has the columns of the results that are measured on samples: none where the
    directions are a decoder's, or where the sweep measures directions alone.
    """

    W: np.ndarray
    distance: np.ndarray  # how far W went from its start, as a share of the norm of that
    exact: bool  # h is W x
    linearity: np.ndarray | None
    weights: np.ndarray | None  # of an encoder that is not linear and has a matrix
    responses: np.ndarray | None
    samples: dict[str, np.ndarray]


def codes_of(job: Job, model) -> dict:
    """The codes (or matrices) of a job's models by the name of their set of directions."""
    return jax.vmap(jax.vmap(lambda setup, model: setup.objective.codes(model)))(job.setups, model)


def measure_code(job: Job, first, half, whole) -> tuple[CodeMeasurements, CodeMeasurements]:
    """One set of directions of the whole runs and of the runs of half the length, from the code (or
    matrix) of the models before training, of the half-length runs and of the whole ones."""
    start, *_ = directions(job, first, needs_variance=False)
    of_whole, of_half = {}, {}
    if isinstance(whole, train.Model) and job.measure == ALL:
        models = (code.replace(extra={}) for code in (whole, half))
        of_whole, of_half = in_blocks(job, measure_samples, job.setups.features, *models)
    measured = partial(measure_directions, job, start)
    return measured(whole, of_whole), measured(half, of_half)


def measure_directions(job: Job, start: np.ndarray, last, samples: dict) -> CodeMeasurements:
    """The directions of the code (or matrix) `last` of trained models that started from `start`."""
    needs_variance = job.conditions[0].objective.switches_units_off
    W, variance, linearity, responses = directions(job, last, needs_variance)
    norm = partial(np.linalg.norm, axis=(-2, -1))
    distance = norm(W - start) / norm(start)
    is_code = isinstance(last, train.Model)
    exact = is_code and job.conditions[0].encoder.linear
    has_matrix = is_code and not exact and job.conditions[0].encoder.has_matrix
    return CodeMeasurements(
        W=in_use(job, W, variance),
        distance=distance,
        exact=exact,
        linearity=np.ones(W.shape[:2]) if exact else linearity,
        weights=job.instances(last.W) if has_matrix else None,
        responses=responses,
        samples=samples,
    )

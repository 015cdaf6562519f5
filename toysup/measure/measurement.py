"""What is measured of the models of a chunk, of whole runs and of runs of half the length alike."""

from dataclasses import dataclass, field

import numpy as np

from toysup import train
from toysup.batch.job import Job
from toysup.measure.codes import CodeMeasurements, codes_of, measure_code
from toysup.measure.directions import in_blocks
from toysup.measure.losses import batches_of, first_batches, measure_losses
from toysup.measure.optimality import optimality
from toysup.measure.samples import measure_declared, measure_density


@dataclass(frozen=True)
class Recorded:
    """What was kept at some steps; arrays lead with (seeds, conditions, steps)."""

    W: dict[str, np.ndarray] = field(default_factory=dict)  # of each set, with (d, n) behind
    losses: np.ndarray | None = None


@dataclass(frozen=True)
class RunMeasurements:
    """What is measured of runs of one length; arrays lead with (seeds, conditions)."""

    loss: np.ndarray
    codes: dict[str, CodeMeasurements]  # of each set of directions
    declared: dict[str, np.ndarray]  # the `measures` of the objective and the features
    optimality: dict[str, np.ndarray]  # how far the loss is from the least that theory knows


@dataclass(frozen=True)
class FeatureStatistics:
    """What the metrics must know of the feature distribution of each condition."""

    excess_kurtosis: np.ndarray  # of one feature, (conditions,)
    partners: np.ndarray  # which features are related, (conditions, n_features, n_features)


@dataclass(frozen=True)
class Measurements:
    """All that is measured of a chunk; arrays lead with (seeds, conditions)."""

    whole: RunMeasurements
    half: RunMeasurements  # of half the length
    initial_loss: np.ndarray
    loss_curve: np.ndarray
    chance: np.ndarray  # the loss of a code that says nothing
    stake: np.ndarray | None  # the loss with random directions, less that of the whole runs
    stake_error: np.ndarray | None  # its standard error, over batches
    effective_density: np.ndarray
    extra_parameters: dict[str, np.ndarray]  # what the objective trains beside the encoder
    recorded: Recorded
    features: FeatureStatistics


NOTHING = Recorded()


def measure(
    job: Job, first, half, whole, recorded: Recorded = NOTHING, random=None
) -> Measurements:
    """What is measured of a chunk, from its states before training, at the end of the half-length
    runs, and at the end of the whole runs; from what was `recorded` of the whole runs; and from the
    states with `random` directions, where there are any."""
    models = [state.model for state in (first, half, whole)]
    compared = models if random is None else [*models, random.model]
    batches, few = batches_of(job), first_batches(job.conditions[0])
    measured = measure_losses(job.machine, batches, job.setups, job.check_keys, compared, few)
    losses, error, chance = (job.instances(measured[name]) for name in ("loss", "error", "chance"))
    initial_loss, half_loss, whole_loss, *random_loss = np.moveaxis(losses, -1, 0)
    codes = [codes_of(job, model) for model in models]
    both = {name: measure_code(job, *(of[name] for of in codes)) for name in codes[-1]}
    half_optimality, whole_optimality = optimality(job, half.model, whole.model)
    extra = {name: v for name, v in whole.model.extra.items() if hasattr(v, "shape")}
    return Measurements(
        whole=RunMeasurements(
            loss=whole_loss,
            codes={name: code for name, (code, _) in both.items()},
            declared=declared_of(job, whole.model),
            optimality=whole_optimality,
        ),
        half=RunMeasurements(
            loss=half_loss,
            codes={name: code for name, (_, code) in both.items()},
            declared=declared_of(job, half.model),
            optimality=half_optimality,
        ),
        initial_loss=initial_loss,
        loss_curve=job.instances(whole.loss_curve)[..., : train.curve_points(job.steps)],
        chance=chance,
        stake=None if random is None else random_loss[0] - whole_loss,
        stake_error=None if random is None else error,
        effective_density=in_blocks(job, measure_density, job.setups.features),
        extra_parameters={name: job.instances(values) for name, values in extra.items()},
        recorded=recorded,
        features=feature_statistics(job),
    )


def declared_of(job: Job, model) -> dict[str, np.ndarray]:
    """The `measures` of one model of each instance; none where nobody declares any."""
    setup = job.conditions[0]
    if not (setup.objective.measures or setup.features.measures):
        return {}
    return in_blocks(job, measure_declared, job.setups, model)


def feature_statistics(job: Job) -> FeatureStatistics:
    """What the metrics must know of the feature distributions of a job's conditions."""
    distributions = [setup.features for setup in job.conditions]
    return FeatureStatistics(
        excess_kurtosis=np.array([features.excess_kurtosis() for features in distributions]),
        partners=masks_of(distributions, job.n_features),
    )


def masks_of(distributions: list, n_features: int) -> np.ndarray:
    """The partners of each distribution, (conditions, n_features, n_features): one mask for all of
    them where they are the same, as each takes n_features^2 bytes."""
    first, *others = distributions
    mask = first.partners(n_features)
    if all(np.array_equal(mask, other.partners(n_features)) for other in others):
        return np.broadcast_to(mask, (len(distributions), *mask.shape))
    return np.stack([features.partners(n_features) for features in distributions])

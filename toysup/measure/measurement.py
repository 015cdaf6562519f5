"""What is measured of the models of a chunk: losses, directions, read-outs, shapes of the code."""

from dataclasses import dataclass, field
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from toysup import train
from toysup.batch.devices import in_turn
from toysup.batch.job import Job
from toysup.grid.limits import READOUT_SAMPLES
from toysup.measure.directions import directions, in_blocks, in_use
from toysup.measure.normality import normality
from toysup.measure.readout import linear_unexplained, readout_unexplained
from toysup.spec.top import ALL

# For the losses. With fewer, two runs that ended alike differ by more than outcome.LOSS_TOLERANCE
# where a loss falls little, as InfoNCE's does under masks.
CHECK_SAMPLES = 2**16
MOST_CHECK_BATCHES = 512


@dataclass(frozen=True)
class Recorded:
    """What was kept at some steps; arrays lead with (seeds, conditions, steps)."""

    W: dict[str, np.ndarray] = field(default_factory=dict)  # of each set, with (d, n) behind
    losses: np.ndarray | None = None


@dataclass(frozen=True)
class Code:
    """One set of directions of a chunk's models; arrays lead with (seeds, conditions).

    `W`, (d_hidden, n_features), has the directions, with zeros in the hidden units that are not in
    use; what ends in `_half` is of the runs of half the length. `of_samples` has the columns of the
    results that are measured on samples; none where the directions are a decoder's, or where the
    sweep asks for directions alone.
    """

    W: np.ndarray
    W_half: np.ndarray
    distance: np.ndarray
    exact: bool  # h is W x
    linearity: np.ndarray | None
    linearity_half: np.ndarray | None
    weights: np.ndarray | None  # of an encoder that is not linear and has a matrix
    responses: np.ndarray | None
    responses_half: np.ndarray | None
    of_samples: dict[str, np.ndarray]
    of_samples_half: dict[str, np.ndarray]
    recorded: np.ndarray | None  # W at the recorded steps, (..., steps, d_hidden, n_features)


@dataclass(frozen=True)
class Trained:
    """The outcome of a chunk; arrays lead with (seeds, conditions)."""

    codes: dict[str, Code]
    own: dict[str, np.ndarray]
    loss_curve: np.ndarray
    losses: np.ndarray  # before training, of the short runs, of the long ones
    chance: np.ndarray  # the loss of a code that says nothing
    stake: np.ndarray | None  # the loss with random directions, less that of the long runs
    stake_error: np.ndarray | None  # its standard error, over batches
    effective_density: np.ndarray
    measures: dict[str, np.ndarray]
    measures_half: dict[str, np.ndarray]
    recorded_losses: np.ndarray | None  # (..., steps)


NOTHING = Recorded()


def losses_at_once(job: Job) -> int:
    """How many models the program that measures losses takes: before training, of the short run, of
    the long one, and where there is one, with random directions."""
    return 4 if job.turned else 3


def check_batches(setup) -> int:
    """How many batches a loss is measured on."""
    return min(MOST_CHECK_BATCHES, -(-CHECK_SAMPLES // setup.training.batch_size))


def check_losses(setup, model, key):
    """The loss of a model on each of some batches that no step has seen."""
    return train.losses_on_fresh_batches(setup, model, key, check_batches(setup))


@partial(jax.jit, static_argnums=0)
def measure_losses(machine, setups, keys, models):
    """On batches that no step has seen: the mean loss of each of `models`, (units, lanes, models),
    the standard error of the difference of the last two, and the loss at chance."""

    def one_lane(setup, key, models):
        losses = lax.map(lambda model: check_losses(setup, model, key), models)
        apart, batches = losses[-1] - losses[-2], losses.shape[1]
        chance = lambda _, x: setup.objective.chance(x, setup.size.d_hidden)  # noqa: E731
        return {
            "loss": jnp.mean(losses, axis=1),
            "error": jnp.std(apart, ddof=min(1, batches - 1)) / batches**0.5,
            "chance": jnp.mean(train.on_fresh_batches(setup, key, batches, chance)),
        }

    beside = jax.tree.map(lambda *leaves: jnp.stack(leaves, axis=2), *models)
    return in_turn(machine, jax.vmap(one_lane, in_axes=(0, None, 0)), setups, keys, beside)


@partial(jax.jit, static_argnums=0)
def measure_own(machine, setups, keys, models):
    """What the objective or the world alone measures: by name, each (units, lanes, ...)."""

    def one_lane(setup, key, model):
        batch_key, own_key = jax.random.split(jax.random.fold_in(key, train.MEASURE))
        large = setup.training.replace(batch_size=READOUT_SAMPLES)
        x = train.fresh_batch(setup.replace(training=large), batch_key)
        found = setup.objective.measure(model, own_key, x)

        def loss(world):
            return jnp.mean(check_losses(setup.replace(features=world), model, key))

        return found | setup.features.measure(model, setup.size.n_features, loss)

    return in_turn(machine, jax.vmap(one_lane, in_axes=(0, None, 0)), setups, keys, models)


@partial(jax.jit, static_argnums=(0, 1))
def measure_density(machine, n_features, features, keys):
    """The share of features present in a large sample, a number for each instance."""

    def one_instance(features, key):
        fit_key, _ = jax.random.split(jax.random.fold_in(key, train.READOUT))
        return jnp.mean(features.sample(fit_key, n_features, READOUT_SAMPLES) != 0)

    return in_turn(machine, one_instance, features, keys)


@partial(jax.jit, static_argnums=(0, 1))
def measure_samples(machine, n_features, features, keys, models, half):
    """The columns of `Code.of_samples` by name, and those of `Code.of_samples_half`.

    A unit is a single instance here: what it reads would not fit the cache beside that of another.
    """

    def one_instance(features, key, model, half):
        key = jax.random.fold_in(key, train.READOUT)
        (fit_key, fresh_key), shape = jax.random.split(key), (n_features, READOUT_SAMPLES)
        x, fresh = features.sample(fit_key, *shape), features.sample(fresh_key, *shape)
        z, fresh_z = (features.latents(key, *shape) for key in (fit_key, fresh_key))

        def shape_of(h, fresh_h):
            random_gap, worst_gap = normality(h, x)
            found = {"random_quantile_gap": random_gap, "worst_quantile_gap": worst_gap}
            if z is not None:
                found["latent_unexplained"] = linear_unexplained(h, z, fresh_h, fresh_z)
            return found

        h, fresh_h = model.encode(x), model.encode(fresh)
        readout = {"readout_unexplained": readout_unexplained(h, x, fresh_h, fresh)}
        return readout | shape_of(h, fresh_h), shape_of(half.encode(x), half.encode(fresh))

    return in_turn(machine, one_instance, features, keys, models, half)


def measure_code(job: Job, first, half, last, recorded) -> Code:
    """One set of directions, from the code (or matrix) of the models before training, of the short
    runs and of the long ones; `recorded` is what was kept of it."""
    needs_variance = job.conditions[0].objective.switches_units_off
    start, *_ = directions(job, first, needs_variance=False)
    W_half, variance, linearity_half, responses_half = directions(job, half, needs_variance)
    W_half = in_use(job, W_half, variance)
    W, variance, linearity, responses = directions(job, last, needs_variance)
    norm = partial(np.linalg.norm, axis=(-2, -1))
    distance = norm(W - start) / norm(start)
    is_code, (of_samples, of_samples_half) = isinstance(last, train.Model), ({}, {})
    if is_code and job.measure == ALL:
        codes = (code.replace(own={}) for code in (last, half))
        of_samples, of_samples_half = in_blocks(job, measure_samples, job.setups.features, *codes)
    exact = is_code and job.conditions[0].encoder.linear
    has_matrix = is_code and not exact and job.conditions[0].encoder.has_matrix
    return Code(
        W=in_use(job, W, variance),
        W_half=W_half,
        distance=distance,
        exact=exact,
        linearity=np.ones(W.shape[:2]) if exact else linearity,
        linearity_half=np.ones(W.shape[:2]) if exact else linearity_half,
        weights=job.instances(last.W) if has_matrix else None,
        responses=responses,
        responses_half=responses_half,
        of_samples=of_samples,
        of_samples_half=of_samples_half,
        recorded=recorded,
    )


def measure(job: Job, first, half, last, recorded: Recorded = NOTHING, random=None) -> Trained:
    """What is known of a chunk: from the states before training, of the short runs at their end,
    and of the long ones; what was recorded of these on the way, and the states with `random`
    directions."""
    models = [state.model for state in (first, half, last)]
    compared = models if random is None else [*models, random.model]
    found = measure_losses(job.machine, job.setups, job.check_keys, compared)
    losses, error, chance = (job.instances(found[name]) for name in ("loss", "error", "chance"))
    each_lane = jax.vmap(jax.vmap(lambda setup, model: setup.objective.codes(model)))
    codes = [each_lane(job.setups, model) for model in models]
    measures, one = [{}, {}], job.conditions[0]
    if one.objective.measures or one.features.measures:
        measures = [measure_own(job.machine, job.setups, job.keys, m) for m in models[1:]]
    measures_half, measures = (
        {name: job.instances(values) for name, values in found.items()} for found in measures
    )
    return Trained(
        codes={
            name: measure_code(job, *(found[name] for found in codes), recorded.W.get(name))
            for name in codes[-1]
        },
        own={name: job.instances(v) for name, v in last.model.own.items() if hasattr(v, "shape")},
        loss_curve=job.instances(last.loss_curve),
        losses=losses[..., :3],
        chance=chance,
        stake=None if random is None else losses[..., 3] - losses[..., 2],
        stake_error=None if random is None else error,
        effective_density=in_blocks(job, measure_density, job.setups.features),
        measures=measures,
        measures_half=measures_half,
        recorded_losses=recorded.losses,
    )

"""The losses of the models of a chunk, on batches that no step has seen."""

import jax
import jax.numpy as jnp
from jax import lax

from toysup import train
from toysup.batch.devices import map_units
from toysup.batch.job import Job
from toysup.batch.programs import quick_jit
from toysup.measure import optimality

# With fewer, two runs that ended alike differ by more than outcome.LOSS_TOLERANCE where a loss
# falls little, as InfoNCE's does under masks.
CHECK_SAMPLES = 2**16
MOST_CHECK_BATCHES = 512
# How much the loss falls in training need not be known as well as what the longer run gained.
FIRST_SHARE = 8
# Where theory knows the loss, restarts are compared by that, and so is the run of half the length.
# Of 2,560 runs of a phase diagram none ended otherwise than with four times the samples, and the
# measured losses were 0.005 nats apart.
KNOWN_SHARE = 16


def losses_at_once(job: Job) -> int:
    """How many models the program that measures losses takes: before training, of the short run, of
    the long one, and where there is one, with random directions."""
    return 4 if job.has_random_run else 3


def check_batches(setup) -> int:
    """How many batches a loss is measured on."""
    return min(MOST_CHECK_BATCHES, -(-CHECK_SAMPLES // setup.training.batch_size))


def check_losses(setup, model, key):
    """The loss of a model on each of some batches that no step has seen."""
    return train.losses_on_fresh_batches(setup, model, key, check_batches(setup))


def first_batches(setup) -> int:
    """On how many of these the loss before training is measured."""
    return -(-check_batches(setup) // FIRST_SHARE)


def batches_of(job: Job) -> int:
    """On how many batches the losses of a job's models are measured."""
    every = check_batches(job.conditions[0])
    return -(-every // KNOWN_SHARE) if optimality.is_known(job) else every


@quick_jit(static_argnums=(0, 1))
def measure_losses(machine, batches, setups, keys, models, batches_of_first):
    """On `batches` that no step has seen: the mean loss of each of `models`, which are (units,
    lanes, models), the standard error of the difference of the last two, and the loss at chance.

    The first model is only looked at on the first `batches_of_first` batches. Its loss is then that
    of the second model plus the mean difference of the two on these batches.
    """

    def one_lane(setup, key, models):
        count = jax.tree.leaves(models)[0].shape[0]

        def on_batch(key, x, number):
            def look(place, losses):
                model = jax.tree.map(lambda leaf: leaf[place], models)
                return losses.at[place].set(train.batch_loss(setup, model, key, x))

            first = jnp.where(number < batches_of_first, 0, 1)
            losses = lax.fori_loop(first, count, look, jnp.full(count, jnp.nan))
            return losses, setup.objective.chance(x, setup.size.d_hidden)

        losses, chance = train.on_fresh_batches(setup, key, batches, on_batch)
        apart = losses[:, -1] - losses[:, -2]
        mean = jnp.mean(losses, axis=0)
        seen = jnp.arange(batches) < batches_of_first
        more = jnp.mean(losses[:, 0] - losses[:, 1], where=seen)
        return {
            "loss": mean.at[0].set(jnp.where(batches_of_first < batches, mean[1] + more, mean[0])),
            "error": jnp.std(apart, ddof=min(1, batches - 1)) / batches**0.5,
            "chance": jnp.mean(chance),
        }

    beside = jax.tree.map(lambda *leaves: jnp.stack(leaves, axis=2), *models)
    return map_units(machine, jax.vmap(one_lane, in_axes=(0, None, 0)), setups, keys, beside)

"""What is measured on a large sample: read-outs, normality, density, what a plug-in declares."""

from operator import itemgetter

import jax
import jax.numpy as jnp
from jax import lax

from toysup import train
from toysup.batch.devices import map_units
from toysup.batch.programs import quick_jit
from toysup.grid.limits import READOUT_SAMPLES
from toysup.measure.losses import check_losses
from toysup.measure.normality import normality
from toysup.measure.readout import linear_unexplained, readout_unexplained


@quick_jit(static_argnums=(0, 1))
def measure_declared(machine, n_features, needed, setups, keys, models):
    """The `measures` that the objective and the feature distribution declare, by name."""

    def one_instance(setup, key, model):
        batch_key, objective_key = jax.random.split(jax.random.fold_in(key, train.MEASURE))
        large = setup.training.replace(batch_size=READOUT_SAMPLES)
        x = train.fresh_batch(setup.replace(training=large), batch_key)
        of_objective = setup.objective.measure(model, objective_key, x)

        def loss(features):
            return jnp.mean(check_losses(setup.replace(features=features), model, key))

        return of_objective | setup.features.measure(model, n_features, loss)

    return map_units(machine, one_instance, setups, keys, models, needed=needed)


@quick_jit(static_argnums=(0, 1))
def measure_density(machine, n_features, needed, features, keys):
    """The share of features present in a large sample, a number for each instance."""

    def one_instance(features, key):
        fit_key, _ = jax.random.split(jax.random.fold_in(key, train.READOUT))
        return jnp.mean(features.sample(fit_key, n_features, READOUT_SAMPLES) != 0)

    return map_units(machine, one_instance, features, keys, needed=needed)


@quick_jit(static_argnums=(0, 1))
def measure_samples(machine, n_features, needed, features, keys, whole, half):
    """`CodeMeasurements.samples` of the models of whole runs, and of those of half the length.

    A unit is a single instance here: what it reads would not fit the cache beside that of another.
    """

    def one_instance(features, key, whole, half):
        key = jax.random.fold_in(key, train.READOUT)
        keys, shape = jax.random.split(key), (n_features, READOUT_SAMPLES)
        fit_key, fresh_key = keys
        x, fresh = lax.map(lambda key: features.sample(key, *shape), keys)
        z, fresh_z = (features.latents(key, *shape) for key in (fit_key, fresh_key))

        def shape_of(model):
            h = model.encode(x)
            random_gap, worst_gap = normality(h, x)
            values = {"random_quantile_gap": random_gap, "worst_quantile_gap": worst_gap}
            if z is not None:
                fresh_h = model.encode(fresh)
                values["latent_unexplained"] = linear_unexplained(h, z, fresh_h, fresh_z)
            return values

        both = jax.tree.map(lambda *leaves: jnp.stack(leaves), whole, half)
        of_whole, of_half = (jax.tree.map(itemgetter(i), lax.map(shape_of, both)) for i in range(2))
        read = readout_unexplained(whole.encode(x), x, whole.encode(fresh), fresh)
        return of_whole | {"readout_unexplained": read}, of_half

    return map_units(machine, one_instance, features, keys, whole, half, needed=needed)

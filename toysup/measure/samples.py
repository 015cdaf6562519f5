"""What is measured on a large sample: read-outs, normality, density, what a plug-in declares."""

from functools import partial

import jax
import jax.numpy as jnp

from toysup import train
from toysup.batch.devices import map_units
from toysup.grid.limits import READOUT_SAMPLES
from toysup.measure.losses import check_losses
from toysup.measure.normality import normality
from toysup.measure.readout import linear_unexplained, readout_unexplained


@partial(jax.jit, static_argnums=0)
def measure_declared(machine, setups, keys, models):
    """The `measures` that the objective and the feature distribution declare: by name, each
    (units, lanes, ...)."""

    def one_lane(setup, key, model):
        batch_key, objective_key = jax.random.split(jax.random.fold_in(key, train.MEASURE))
        large = setup.training.replace(batch_size=READOUT_SAMPLES)
        x = train.fresh_batch(setup.replace(training=large), batch_key)
        of_objective = setup.objective.measure(model, objective_key, x)

        def loss(features):
            return jnp.mean(check_losses(setup.replace(features=features), model, key))

        return of_objective | setup.features.measure(model, setup.size.n_features, loss)

    return map_units(machine, jax.vmap(one_lane, in_axes=(0, None, 0)), setups, keys, models)


@partial(jax.jit, static_argnums=(0, 1))
def measure_density(machine, n_features, features, keys):
    """The share of features present in a large sample, a number for each instance."""

    def one_instance(features, key):
        fit_key, _ = jax.random.split(jax.random.fold_in(key, train.READOUT))
        return jnp.mean(features.sample(fit_key, n_features, READOUT_SAMPLES) != 0)

    return map_units(machine, one_instance, features, keys)


@partial(jax.jit, static_argnums=(0, 1))
def measure_samples(machine, n_features, features, keys, whole, half):
    """`CodeMeasurements.samples` of the models of whole runs, and of those of half the length.

    A unit is a single instance here: what it reads would not fit the cache beside that of another.
    """

    def one_instance(features, key, whole, half):
        key = jax.random.fold_in(key, train.READOUT)
        (fit_key, fresh_key), shape = jax.random.split(key), (n_features, READOUT_SAMPLES)
        x, fresh = features.sample(fit_key, *shape), features.sample(fresh_key, *shape)
        z, fresh_z = (features.latents(key, *shape) for key in (fit_key, fresh_key))

        def shape_of(h, fresh_h):
            random_gap, worst_gap = normality(h, x)
            values = {"random_quantile_gap": random_gap, "worst_quantile_gap": worst_gap}
            if z is not None:
                values["latent_unexplained"] = linear_unexplained(h, z, fresh_h, fresh_z)
            return values

        h, fresh_h = whole.encode(x), whole.encode(fresh)
        readout = {"readout_unexplained": readout_unexplained(h, x, fresh_h, fresh)}
        return readout | shape_of(h, fresh_h), shape_of(half.encode(x), half.encode(fresh))

    return map_units(machine, one_instance, features, keys, whole, half)

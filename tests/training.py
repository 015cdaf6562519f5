"""Short runs of single cells for the tests that hold trained models against known answers."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from toysup import registry, train
from toysup.batch.job import seed_key
from toysup.batch.programs import quick_jit


def setup(
    objective="mse",
    views=None,
    features="independent",
    encoder="linear",
    *,
    n_features=5,
    d_hidden=2,
    **settings,
):
    """A Setup from names and bare settings, as a sweep file would give them."""
    settings |= {"n_features": n_features, "d_hidden": d_hidden}
    used = set()

    def build(cls):
        mine = {name: settings[name] for name in registry.settings(cls) if name in settings}
        used.update(mine)
        return cls(**mine)

    made = train.Setup(
        size=build(train.Size),
        training=build(train.Training),
        features=build(registry.load("features", features)),
        views=build(registry.load("views", views)) if views else None,
        encoder=build(registry.load("encoders", encoder)),
        objective=build(registry.load("objectives", objective)),
    )
    assert used == set(settings), f"nothing takes {set(settings) - used}"
    return made


def stack(setups):
    """Setups of equal static settings as one pytree with a leading axis."""
    return jax.tree.map(lambda *leaves: jnp.asarray(leaves, jnp.float32), *setups)


def run(setup, key, steps):
    """The state of one instance after its first steps."""
    start = train.init(setup, key)
    return lax.fori_loop(0, steps, lambda i, state: train.step(setup, key, state, i, steps), start)


def keys_of(seeds):
    return jnp.stack([seed_key(0, seed) for seed in range(seeds)])


# One small program each, where every operation by itself would be one for every shape.


@quick_jit(optimised=False)
def untrained(setup, key):
    """The model of an instance before its first step."""
    return train.init(setup, key).model


@quick_jit(optimised=False)
def encoded(model, x):
    """The codes of samples."""
    return model.encode(x)


@quick_jit(optimised=False)
def loss_of(objective, model, key, batch):
    """The loss of a batch."""
    return objective.loss(model, key, batch)


@quick_jit(optimised=False)
def loss_and_slopes(objective, model, key, batch):
    """The loss of a batch, and its gradient in the model."""
    return jax.value_and_grad(lambda model: objective.loss(model, key, batch))(model)


@quick_jit(optimised=False)
def measures_of(objective, model, key, batch):
    """What an objective measures of a batch, by name."""
    return objective.measure(model, key, batch)


@quick_jit
def _trained(setup, keys, steps):
    return jax.vmap(lambda key: run(setup, key, steps))(keys)


def trained(setup, seeds=4):
    """The final states of some seeds of one setup, leading axis (seeds,)."""
    return _trained(setup, keys_of(seeds), setup.training.steps)


@quick_jit(optimised=False, static_argnums=3)
def _final_losses(setup, models, keys, batches):
    losses = partial(train.losses_on_fresh_batches, setup, batches=batches)
    return jax.vmap(losses)(models, keys)


def final_losses(setup, states, batches=200):
    """The mean loss of each trained seed on batches that no step has seen, (seeds,)."""
    found = _final_losses(setup, states.model, keys_of(len(states.loss_curve)), batches)
    return np.asarray(found, np.float64).mean(axis=1)


def lowest(setup, states):
    """W of the lowest-loss seed, (d_hidden, n_features)."""
    return np.asarray(states.model.W[final_losses(setup, states).argmin()], np.float64)

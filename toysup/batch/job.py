"""The instances of a chunk as compiled programs on the devices of a machine.

A unit of work is one seed of a group of conditions: lanes side by side under `vmap`, for which
a seed's uniforms are drawn once.
"""

import math
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.sharding import NamedSharding
from jax.sharding import PartitionSpec as P

from toysup import registry, train
from toysup.batch import stake
from toysup.batch.devices import machine, map_units
from toysup.batch.programs import quick_jit
from toysup.grid import Chunk, Plan
from toysup.grid.conditions import Condition
from toysup.kernels.threefry import GENERATOR
from toysup.spec.top import ALL


def setup_of(condition: Condition) -> train.Setup:
    """The training setup of a condition: its plugins, with their settings filled in."""

    def build(cls):
        return cls(**{name: condition.settings[name] for name in registry.settings(cls)})

    views = registry.load("views", condition.views) if condition.views else None
    return train.Setup(
        size=build(train.Size),
        training=build(train.Training),
        features=build(registry.load("features", condition.features)),
        views=build(views) if views else None,
        encoder=build(registry.load("encoders", condition.encoder)),
        objective=build(registry.load("objectives", condition.objective)),
    )


def stacked(setups: list[train.Setup], lanes: int) -> train.Setup:
    """Setups as one pytree of (lanes,) leaves; the last one pads the rest."""
    padded = setups + [setups[-1]] * (lanes - len(setups))
    return jax.tree.map(lambda *leaves: np.asarray(leaves, np.float32), *padded)


EVERY_SEED = 2**32 - 1  # in the place of a seed's number, which is never as large


def seed_key(sweep_seed: int, seed: int) -> jax.Array:
    """The key of a seed number: the same in every cell of the sweep."""
    return folded(sweep_seed, np.uint32(seed))


@quick_jit(static_argnums=0)
def folded(sweep_seed, seed):
    return jax.random.fold_in(jax.random.key(sweep_seed, impl=GENERATOR), seed)


@quick_jit(static_argnums=0)
def init_units(machine, setups, keys):
    """The states before the first step, (units, lanes)."""

    def one_unit(setups, key):
        return jax.vmap(lambda setup: train.init(setup, key))(setups)

    return map_units(machine, one_unit, setups, keys)


@partial(jax.jit, static_argnums=0, donate_argnums=3)
def train_units(machine, setups, keys, states, start, stop, steps, encoder_rate):
    """The states after steps start, ..., stop - 1 of runs of `steps`; see `train.step`.

    Where a run is cut changes no result.
    """

    def one_unit(setups, key, states):
        def one_step(i, states):
            def step(setup, state):
                return train.step(setup, key, state, i, steps, encoder_rate)

            return jax.vmap(step)(setups, states)

        return lax.fori_loop(start, stop, one_step, states)

    return map_units(machine, one_unit, setups, keys, states)


@quick_jit(static_argnums=(0, 4))
def random_units(machine, setups, keys, states, steps):
    """Trained states with random directions, at the start of runs of `steps`."""

    def one_unit(setups, key, states):
        return jax.vmap(partial(stake.random_state, key=key, steps=steps))(setups, states)

    return map_units(machine, one_unit, setups, keys, states)


@jax.jit
def copied(states):
    """Training writes over the states that it is given."""
    return jax.tree.map(jnp.copy, states)


class Job:
    """A chunk laid out over a machine: its (seeds, lanes) instances as (units, group).

    Each instance is trained for `steps`, and compared with one of `short` steps. The two have their
    first `shared` steps in common. Where the encoder has directions, `has_random_run` is true: the
    instance is also compared with one of random directions, which trains for `refit` more steps.
    """

    def __init__(self, plan: Plan, chunk: Chunk, devices: int | None = None):
        stack = plan.stacks[chunk.stack]
        self.shape, self.group = (len(chunk.seeds), chunk.lanes), stack.group
        self.machine = machine(stack, devices)
        self.conditions = [setup_of(plan.conditions[i]) for i in chunk.conditions]
        self.real = np.s_[:, : len(self.conditions)]
        self.n_features = stack.static["n_features"]
        self.measure = plan.sweep.measure
        training = self.conditions[0].training
        self.steps, self.short = training.steps, (training.steps + 1) // 2
        self.shared = training.shared_steps(self.short)
        model = stake.shapes_of(self.conditions[0])
        self.has_random_run = self.measure == ALL and self.conditions[0].encoder.has_matrix
        self.refit = stake.refit_steps(model, self.steps) if self.has_random_run else 0
        self.keys = self.keys_of(plan.sweep.seed, chunk.seeds)
        # Restarts are compared by their loss, so that it is of the same samples for all of them.
        self.check_keys = self.keys_of(plan.sweep.seed, [EVERY_SEED] * len(chunk.seeds))
        self.setups = jax.tree.map(
            lambda leaf: self.shard(self.to_units(np.broadcast_to(leaf, self.shape))),
            stacked(self.conditions, chunk.lanes),
        )

    def keys_of(self, sweep_seed: int, seeds):
        """The keys of seed numbers, (units,)."""
        words = np.stack([jax.random.key_data(seed_key(sweep_seed, seed)) for seed in seeds])
        by_lane = np.broadcast_to(words[:, None], (*self.shape, 2))
        return jax.random.wrap_key_data(self.shard(self.to_units(by_lane)[:, 0]), impl=GENERATOR)

    @property
    def work(self) -> int:
        """The steps that are taken for each instance."""
        return self.steps + self.short - self.shared + self.refit

    def to_units(self, array):
        """(seeds, lanes, ...) as (units, group, ...), with padding that fills the machine."""
        units = array.reshape(-1, self.group, *array.shape[2:])
        devices = self.machine.devices
        together = devices * min(self.machine.at_once, -(-len(units) // devices))
        return np.concatenate([units, units[-1:].repeat(-len(units) % together, axis=0)])

    def shard(self, array):
        """(units, ...) shared out over the devices."""
        return jax.device_put(array, NamedSharding(self.machine.mesh, P("units")))

    def instances(self, array):
        """(units, group, ...) as (seeds, conditions, ...), on the host."""
        real = np.asarray(array)[: math.prod(self.shape) // self.group]
        return real.reshape(*self.shape, *real.shape[2:])[self.real]

    @property
    def models(self) -> train.Setup:
        """The setups without what they draw samples from: those that differ in nothing else share
        the programs that look at models alone."""
        return self.setups.replace(features=None, views=None)

    def init(self):
        return init_units(self.machine, self.models, self.keys)

    def train(self, states, start: int, stop: int, steps: int, encoder_rate: float = 1.0):
        here = self.machine, self.setups, self.keys
        return train_units(*here, states, start, stop, steps, encoder_rate)

    def random(self, states):
        """Trained states with random directions; what stands beside them is to be trained again."""
        return random_units(self.machine, self.models, self.keys, states, max(1, self.refit))

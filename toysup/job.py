"""The instances of a chunk as compiled programs on the devices of a machine.

A unit of work is one seed of a group of conditions: lanes side by side under `vmap`, for which
a seed's uniforms are drawn once.
"""

import math
from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.sharding import NamedSharding
from jax.sharding import PartitionSpec as P

from toysup import registry, train
from toysup.devices import in_turn, machine
from toysup.grid import Chunk, Condition, Plan
from toysup.grid.limits import READOUT_SAMPLES
from toysup.kernels.threefry import GENERATOR
from toysup.readout import readout_unexplained

CHECK_BATCHES = 32
READOUTS = 4  # instances in a call, on each device


@dataclass(frozen=True)
class Trained:
    """The outcome of a chunk: arrays that lead with (seeds, conditions)."""

    W: np.ndarray
    W_half: np.ndarray
    own: dict[str, np.ndarray]
    loss_curve: np.ndarray
    losses: np.ndarray
    distance: np.ndarray
    effective_density: np.ndarray
    readout_unexplained: np.ndarray


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


def seed_key(sweep_seed: int, seed: int) -> jax.Array:
    """The key of a seed number: the same in every cell of the sweep."""
    return folded(sweep_seed, np.uint32(seed))


@partial(jax.jit, static_argnums=0)
def folded(sweep_seed, seed):
    return jax.random.fold_in(jax.random.key(sweep_seed, impl=GENERATOR), seed)


@partial(jax.jit, static_argnums=0)
def init_units(machine, setups, keys):
    """The states before the first step, (units, lanes)."""

    def one_unit(setups, key):
        return jax.vmap(lambda setup: train.init(setup, key))(setups)

    return in_turn(machine, one_unit, setups, keys)


@partial(jax.jit, static_argnums=0, donate_argnums=3)
def train_units(machine, setups, keys, states, start, stop, steps):
    """The states after steps start, ..., stop - 1 of runs of `steps`.

    Where a run is cut changes no result.
    """

    def one_unit(setups, key, states):
        def one_step(i, states):
            step = lambda setup, state: train.step(setup, key, state, i, steps)  # noqa: E731
            return jax.vmap(step)(setups, states)

        return lax.fori_loop(start, stop, one_step, states)

    return in_turn(machine, one_unit, setups, keys, states)


@partial(jax.jit, static_argnums=0)
def measure_losses(machine, setups, keys, models):
    """The mean loss of each of `models`, (units, lanes, models), on batches no step has seen."""

    def one_lane(setup, key, models):
        loss = lambda model: train.loss_on_fresh_batches(setup, model, key, CHECK_BATCHES)  # noqa: E731
        return lax.map(loss, models)

    beside = jax.tree.map(lambda *leaves: jnp.stack(leaves, axis=2), *models)
    return in_turn(machine, jax.vmap(one_lane, in_axes=(0, None, 0)), setups, keys, beside)


@partial(jax.jit, static_argnums=0)
def measure_readouts(machine, features, keys, models):
    """The density of the features in a large sample, and what a read-out leaves unexplained.

    A unit is a single instance here: what it reads would not fit the cache beside that of another.
    """

    def one_instance(features, key, model):
        n_features = model.W.shape[1]
        fit_key, fresh_key = jax.random.split(jax.random.fold_in(key, train.READOUT))
        x = features.sample(fit_key, n_features, READOUT_SAMPLES)
        fresh = features.sample(fresh_key, n_features, READOUT_SAMPLES)
        unexplained = readout_unexplained(model.encode(x), x, model.encode(fresh), fresh)
        return jnp.mean(x > 0), unexplained

    return in_turn(machine, one_instance, features, keys, models)


class Job:
    """A chunk laid out over a machine: its (seeds, lanes) instances cut into (units, group).

    Each instance is trained for `steps`, and compared with one of `short` steps, with which it
    has the first `shared` in common.
    """

    def __init__(self, plan: Plan, chunk: Chunk, devices: int | None = None):
        stack = plan.stacks[chunk.stack]
        self.shape, self.group = (len(chunk.seeds), chunk.lanes), stack.group
        self.machine = machine(stack, devices)
        setups = [setup_of(plan.conditions[i]) for i in chunk.conditions]
        self.real = np.s_[:, : len(setups)]
        training = setups[0].training
        self.steps, self.short = training.steps, (training.steps + 1) // 2
        self.shared = training.shared_steps(self.short)
        words = np.stack(
            [jax.random.key_data(seed_key(plan.sweep.seed, seed)) for seed in chunk.seeds]
        )
        by_lane = np.broadcast_to(words[:, None], (*self.shape, 2))
        self.keys = jax.random.wrap_key_data(self.placed(self.cut(by_lane)[:, 0]), impl=GENERATOR)
        self.setups = jax.tree.map(
            lambda leaf: self.placed(self.cut(np.broadcast_to(leaf, self.shape))),
            stacked(setups, chunk.lanes),
        )

    @property
    def work(self) -> int:
        """The steps that are taken for each instance."""
        return self.steps + self.short - self.shared

    def cut(self, array):
        """(seeds, lanes, ...) as (units, group, ...), with padding that fills the machine."""
        units = array.reshape(-1, self.group, *array.shape[2:])
        devices = self.machine.devices
        together = devices * min(self.machine.at_once, -(-len(units) // devices))
        return np.concatenate([units, units[-1:].repeat(-len(units) % together, axis=0)])

    def placed(self, array):
        """(units, ...) shared out over the devices."""
        return jax.device_put(array, NamedSharding(self.machine.mesh, P("units")))

    def instances(self, array):
        """(units, group, ...) as (seeds, conditions, ...), on the host."""
        real = np.asarray(array)[: math.prod(self.shape) // self.group]
        return real.reshape(*self.shape, *real.shape[2:])[self.real]

    def init(self):
        return init_units(self.machine, self.setups, self.keys)

    def train(self, states, start: int, stop: int, steps: int):
        return train_units(self.machine, self.setups, self.keys, states, start, stop, steps)

    def losses(self, models):
        """`measure_losses` of some models of each lane."""
        return measure_losses(self.machine, self.setups, self.keys, models)

    def readouts(self, model):
        """`measure_readouts` of every lane, a block at a time: one program for all chunks."""
        per_unit = len(self.keys), self.group
        words = np.asarray(jax.random.key_data(self.keys))[:, None].repeat(self.group, axis=1)
        lanes = jax.tree.map(
            lambda leaf: np.asarray(leaf).reshape(-1, *leaf.shape[2:]),
            (self.setups.features, words, model.replace(own={})),
        )
        block, found = READOUTS * self.machine.devices, []
        for start in range(0, math.prod(per_unit), block):
            places = np.arange(start, start + block).clip(max=math.prod(per_unit) - 1)
            features, words, models = jax.tree.map(lambda leaf, at=places: leaf[at], lanes)
            keys = jax.random.wrap_key_data(words, impl=GENERATOR)
            found.append(measure_readouts(self.machine, features, keys, models))
        whole = (np.concatenate(parts)[: math.prod(per_unit)] for parts in zip(*found, strict=True))
        return [array.reshape(*per_unit, *array.shape[1:]) for array in whole]

    def measure(self, first, half, last) -> Trained:
        """What is known of the chunk: from the states before training, of the short runs at
        their end, and of the long ones."""
        models = [state.model for state in (first, half, last)]
        losses = self.losses(models)
        density, unexplained = self.readouts(last.model)
        start, W_half, W = (self.instances(model.W) for model in models)
        norm = partial(np.linalg.norm, axis=(-2, -1))
        return Trained(
            W=W,
            W_half=W_half,
            own={name: self.instances(value) for name, value in last.model.own.items()},
            loss_curve=self.instances(last.loss_curve),
            losses=self.instances(losses),
            distance=norm(W - start) / norm(start),
            effective_density=self.instances(density),
            readout_unexplained=self.instances(unexplained),
        )

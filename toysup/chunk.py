"""One chunk of a plan: some conditions times some seeds, trained together and measured.

Groups of lanes side by side under `vmap`, one group and one seed after the other, seeds shared
out over devices. A seed's uniforms are drawn once for all of its conditions, and a group's
working set fits the cache.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.sharding import AxisType, NamedSharding
from jax.sharding import PartitionSpec as P

from toysup import registry, train
from toysup.grid import Chunk, Condition, Plan
from toysup.grid.limits import READOUT_SAMPLES
from toysup.readout import readout_unexplained

SEGMENT_SECONDS = 1.0
FIRST_SEGMENT = 20  # steps; timed to size the next one
CHECK_BATCHES = 32


@dataclass(frozen=True)
class Progress:
    """What a running chunk tells after each segment."""

    step: int
    steps: int
    instances: int
    loss: float
    diverged: int


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


def stack(setups: list[train.Setup], lanes: int) -> train.Setup:
    """Setups as one pytree with a leading axis of `lanes`; the last one pads the rest."""
    padded = setups + [setups[-1]] * (lanes - len(setups))
    return jax.tree.map(lambda *leaves: jnp.asarray(leaves, jnp.float32), *padded)


def seed_key(sweep_seed: int, seed: int) -> jax.Array:
    """The key of a seed number: the same in every cell of the sweep."""
    return jax.random.fold_in(jax.random.key(sweep_seed), seed)


@cache
def mesh() -> jax.sharding.Mesh:
    """All local devices along one axis."""
    return jax.make_mesh((jax.local_device_count(),), ("seeds",), axis_types=(AxisType.Auto,))


def over_seeds(one_seed: Callable, setups, keys, states, *numbers):
    """`one_seed(setups, key, states, *numbers)` for each seed: in parallel over devices, in turn
    on each, so that what one seed works on stays in the cache.

    Setups lead with (lanes,), keys with (seeds,), states with (seeds, lanes), as does the result.
    """

    def on_one_device(setups, keys, states, *numbers):
        return lax.map(lambda pair: one_seed(setups, *pair, *numbers), (keys, states))

    specs = (P(), P("seeds"), P("seeds"), *(P() for _ in numbers))
    sharded = jax.shard_map(
        on_one_device, mesh=mesh(), in_specs=specs, out_specs=P("seeds"), check_vma=False
    )
    return sharded(setups, keys, states, *numbers)


def in_groups(one_lane: Callable, setups, states, group: int):
    """`one_lane(setup, state)` for all lanes, `group` at a time.

    A group's program has one shape whatever the number of lanes: XLA rounds differently for
    different shapes, so this is what makes a lane independent of how many others there are.
    What depends on no lane, such as the uniform draws, XLA takes out of the loop over groups.
    """
    return lax.map(lambda pair: one_lane(*pair), (setups, states), batch_size=group)


@partial(jax.jit, static_argnames="group")
def init_chunk(setups, keys, blank, group):
    """The states before the first step; `blank` is anything of shape (seeds, lanes)."""

    def one_seed(setups, key, blank):
        return in_groups(lambda setup, _: train.init(setup, key), setups, blank, group)

    return over_seeds(one_seed, setups, keys, blank)


@partial(jax.jit, static_argnames="group", donate_argnums=2)
def train_chunk(setups, keys, states, start, stop, group):
    """The states after steps start, ..., stop - 1. Where a run is cut changes no result."""

    def one_seed(setups, key, states, start, stop):
        def one_step(i, states):
            step = lambda setup, state: train.step(setup, key, state, i)  # noqa: E731
            return in_groups(step, setups, states, group)

        return lax.fori_loop(start, stop, one_step, states)

    return over_seeds(one_seed, setups, keys, states, start, stop)


@partial(jax.jit, static_argnames="group")
def measure_chunk(setups, keys, states, group):
    """`measure` of every instance."""

    def one_seed(setups, key, states):
        measured = lambda setup, state: measure(setup, key, state)  # noqa: E731
        return in_groups(measured, setups, states, group)

    return over_seeds(one_seed, setups, keys, states)


def measure(setup, key, state):
    """What is known of a trained instance beyond its weights, on samples no step has seen."""
    first = train.init(setup, key).model
    models = jax.tree.map(lambda *leaves: jnp.stack(leaves), first, state.half.model, state.model)
    losses = lax.map(
        lambda model: train.loss_on_fresh_batches(setup, model, key, CHECK_BATCHES), models
    )
    fit_key, fresh_key = jax.random.split(jax.random.fold_in(key, train.READOUT))
    x = setup.features.sample(fit_key, setup.size.n_features, READOUT_SAMPLES)
    fresh = setup.features.sample(fresh_key, setup.size.n_features, READOUT_SAMPLES)
    unexplained = readout_unexplained(state.model.encode(x), x, state.model.encode(fresh), fresh)
    moved = jnp.linalg.norm(state.model.W - first.W) / jnp.linalg.norm(first.W)
    return losses, moved, jnp.mean(x > 0), unexplained


def run(
    plan: Plan,
    chunk: Chunk,
    report: Callable[[Progress], None] = lambda progress: None,
) -> Trained:
    """Train and measure a chunk. `report` hears of each segment, and may raise to stop."""
    setups = [setup_of(plan.conditions[i]) for i in chunk.conditions]
    steps = setups[0].training.steps
    stacked = stack(setups, chunk.lanes)
    devices, group = mesh().size, plan.stacks[chunk.stack].group
    seeds = list(chunk.seeds) + [chunk.seeds[-1]] * (-len(chunk.seeds) % devices)
    by_seed = NamedSharding(mesh(), P("seeds"))
    keys = jax.device_put(jnp.stack([seed_key(plan.sweep.seed, seed) for seed in seeds]), by_seed)
    state = init_chunk(stacked, keys, jnp.zeros((len(seeds), chunk.lanes)), group)
    real = np.s_[: len(chunk.seeds), : len(setups)]

    done, length = 0, FIRST_SEGMENT
    state = train_chunk(stacked, keys, state, 0, 0, group)
    while done < steps:
        began = time.perf_counter()
        stop = min(steps, done + length)
        state = train_chunk(stacked, keys, state, done, stop, group)
        curve = np.asarray(state.loss_curve)[real]
        spent = time.perf_counter() - began
        length = max(1, min(int((stop - done) * SEGMENT_SECONDS / spent), 100 * length))
        done = stop
        finite = np.isfinite(curve[..., : 1 + (done - 1) * curve.shape[-1] // steps]).all(axis=-1)
        filled = max(0, done * curve.shape[-1] // steps - 1)
        loss = curve[..., filled][finite].mean() if finite.any() else np.nan
        report(Progress(done, steps, finite.size, float(loss), int((~finite).sum())))

    losses, moved, density, unexplained = measure_chunk(stacked, keys, state, group)
    pick = lambda array: np.asarray(array)[real]  # noqa: E731
    return Trained(
        W=pick(state.model.W),
        W_half=pick(state.half.model.W),
        own={name: pick(value) for name, value in state.model.own.items()},
        loss_curve=pick(state.loss_curve),
        losses=pick(losses),
        distance=pick(moved),
        effective_density=pick(density),
        readout_unexplained=pick(unexplained),
    )

"""Training ONE instance: init, one optimiser step, the loss. Knows no objective by name.

`vmap` over a stack of `Setup`s is the sweep: every traced setting is a leaf of this pytree.
"""

from functools import partial
from typing import TYPE_CHECKING, Any, cast

import jax
import jax.numpy as jnp
import optax
from flax import linen as nn
from flax import struct
from jax import lax

from toysup.registry import setting

INIT, DATA, CHECK, READOUT, DIRECTIONS, MEASURE, RANDOM = range(7)
SAMPLES, LOSS = range(2)
CURVE_POINTS = 100
COOLDOWN = 0.2  # of the steps. Haegele et al. 2024 find a fifth enough
WARMUP = 0.05  # of the steps: 2,500 of 50,000 in Henighan et al. 2023


@struct.dataclass
class Size:
    """The shape of the toy model: n_features into d_hidden dimensions."""

    n_features: int = setting(20, "how many features there are", low=1)
    d_hidden: int = setting(5, "how many dimensions the code has", low=1)


@struct.dataclass
class Training:
    """Adam; no weight decay unless it is asked for, as decay moves features into superposition."""

    steps: int = setting(5000, "optimiser steps", low=1, high=10**7)
    batch_size: int = setting(1024, "samples a step", low=1)
    learning_rate: float = setting(
        3e-3,
        "Adam's peak step size; 0 leaves a model as it starts, as a control",
        traced=True,
        low=0.0,
    )
    schedule: str = setting(
        "cosine",
        "the learning rate over the run: constant, to zero along a cosine or a line, or constant "
        "with a cooldown to zero over the last fifth; warmup: up along a line over the first "
        "twentieth, then to zero along a cosine",
        choices=("constant", "linear", "cosine", "cooldown", "warmup"),
    )
    weight_decay: float = setting(
        0.0, "decoupled weight decay, on every parameter", traced=True, low=0.0
    )

    def rate(self, step, steps):
        """The learning rate of a step, counted from 0, in a run of `steps`."""
        done = step / steps
        shape = {
            "constant": lambda: 1.0,
            "linear": lambda: 1 - done,
            "cosine": lambda: (1 + jnp.cos(jnp.pi * done)) / 2,
            "cooldown": lambda: jnp.minimum(1.0, (1 - done) / COOLDOWN),
            "warmup": lambda: jnp.where(
                done < WARMUP,
                done / WARMUP,
                (1 + jnp.cos(jnp.pi * (done - WARMUP) / (1 - WARMUP))) / 2,
            ),
        }[self.schedule]
        return self.learning_rate * shape()

    def shared_steps(self, steps):
        """How many first steps a run of `steps` has in common with any longer one."""
        shares = {"constant": 1.0, "cooldown": 1 - COOLDOWN}
        return int(shares.get(self.schedule, 0.0) * steps)

    def optimizer(self, steps):
        """The optimiser of a run of `steps`."""
        return optax.chain(
            optax.scale_by_adam(),
            optax.add_decayed_weights(self.weight_decay),
            optax.scale_by_learning_rate(lambda step: self.rate(step, steps)),
        )


@struct.dataclass
class Setup:
    """One cell of a sweep without its seed: everything that a training run depends on."""

    size: Size
    training: Training
    features: Any
    views: Any
    encoder: Any
    objective: Any


@struct.dataclass
class Model:
    """A trained system: an encoder, and what its objective trains beside it (`extra`)."""

    module: nn.Module = struct.field(pytree_node=False)
    encoder: dict
    extra: dict

    if TYPE_CHECKING:  # struct.dataclass adds it, and does not say so

        def replace(self, **changes: Any) -> "Model": ...

    def encode(self, x):
        """h, (d_hidden, batch), of x, (n_features, batch)."""
        return self.module.apply({"params": self.encoder}, x)

    @property
    def W(self):
        """The encoder's matrix, (d_hidden, n_features)."""
        return self.encoder["W"]


@struct.dataclass
class State:
    """A run under way: a model, its optimiser's state, and the loss at equally spaced steps.

    Most steps need only the gradient, which is cheaper without the loss. The curve has the same
    length for any number of steps, so that one program trains them all: `curve_points` of it count.
    """

    model: Model
    optimizer: Any
    loss_curve: jax.Array


def init(setup, key):
    """The state before the first step. The same key gives the same W under every objective."""
    encoder_key, extra_key = jax.random.split(jax.random.fold_in(key, INIT))
    size, steps = setup.size, setup.training.steps
    module = setup.encoder.module(size.n_features, size.d_hidden)
    params = module.init(encoder_key, jnp.zeros((size.n_features, 1)))["params"]
    extra = setup.objective.init(extra_key, module, size.n_features, size.d_hidden)
    model = setup.objective.start(Model(module, params, extra))
    return start_of_run(setup, model, steps)


def start_of_run(setup, model, steps):
    """The state before the first step of a run of `steps` that starts from a model."""
    optimizer = setup.training.optimizer(steps).init(model)
    return State(model, optimizer, jnp.zeros(CURVE_POINTS))


def curve_points(steps):
    """At how many steps of a run of `steps` the loss is kept."""
    return min(CURVE_POINTS, steps)


def fresh_batch(setup, key):
    """What the objective looks at: x, or its two views, `(n_features, batch)` each."""
    sample_key, view_key = jax.random.split(jax.random.fold_in(key, SAMPLES))
    shape = setup.size.n_features, setup.training.batch_size
    if setup.objective.pairs:
        return setup.views.pair(sample_key, view_key, setup.features, *shape)
    return setup.features.sample(sample_key, *shape)


def batch_loss(setup, model, key, x):
    """The loss on a batch."""
    return setup.objective.loss(model, jax.random.fold_in(key, LOSS), x)


def step(setup, key, state, i, steps, encoder_rate=1.0):
    """Step i of a run of `steps`: the state after it.

    `encoder_rate` multiplies the encoder's step: at 0 it stands still, and the rest is trained.
    """
    step_key = jax.random.fold_in(jax.random.fold_in(key, DATA), i)
    x = fresh_batch(setup, step_key)
    loss = partial(batch_loss, setup, key=step_key, x=x)
    update, optimizer = setup.training.optimizer(steps).update(
        jax.grad(loss)(state.model), state.optimizer, state.model
    )
    update = update.replace(encoder=jax.tree.map(lambda u: encoder_rate * u, update.encoder))
    points = jnp.minimum(CURVE_POINTS, steps)
    curve = lax.cond(
        i * points % steps < points,
        lambda curve: curve.at[i * points // steps].set(loss(state.model)),
        lambda curve: curve,
        state.loss_curve,
    )
    model = cast(Model, optax.apply_updates(state.model, update))  # what it is given
    return State(model, optimizer, curve)


def on_fresh_batches(setup, key, batches, function):
    """`function(key, x, number)` of `batches` batches, counted from 0, that no step has seen; the
    same for equal keys."""
    keys = jax.random.split(jax.random.fold_in(key, CHECK), batches)

    def of_one(key_and_number):
        key, number = key_and_number
        return function(key, fresh_batch(setup, key), number)

    return lax.map(of_one, (keys, jnp.arange(batches)))


def losses_on_fresh_batches(setup, model, key, batches):
    """The loss on each of `batches` batches that no step has seen, (batches,)."""
    return on_fresh_batches(setup, key, batches, lambda k, x, _: batch_loss(setup, model, k, x))

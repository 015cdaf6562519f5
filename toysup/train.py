"""Training ONE instance: init, one optimiser step, the loss. Knows no objective by name.

`vmap` over a stack of `Setup`s is the sweep: every traced setting is a leaf of this pytree.
"""

from typing import Any

import jax
import jax.numpy as jnp
import optax
from flax import linen as nn
from flax import struct
from jax import lax

from toysup.registry import setting

INIT, DATA, CHECK, READOUT = range(4)
SAMPLES, LOSS = range(2)
CURVE_POINTS = 100


@struct.dataclass
class Size:
    """The shape of the toy model: n_features into d_hidden dimensions."""

    n_features: int = setting(20, "how many features the world has", low=1)
    d_hidden: int = setting(5, "how many dimensions the code has", low=1)


@struct.dataclass
class Training:
    """Adam; no weight decay unless it is asked for, as decay moves features into superposition."""

    steps: int = setting(5000, "optimiser steps", low=1, high=10**7)
    batch_size: int = setting(1024, "samples a step", low=1)
    learning_rate: float = setting(3e-3, "Adam's peak step size", above=0.0)
    schedule: str = setting(
        "cosine",
        "the learning rate over the run: to zero along a cosine or a line, or constant",
        choices=("constant", "linear", "cosine"),
    )
    weight_decay: float = setting(0.0, "decoupled weight decay, on every parameter", low=0.0)

    def rate(self, step, steps):
        """The learning rate of a step, counted from 0, in a run of `steps`."""
        done = step / steps
        shape = {
            "constant": lambda: 1.0,
            "linear": lambda: 1 - done,
            "cosine": lambda: (1 + jnp.cos(jnp.pi * done)) / 2,
        }[self.schedule]
        return self.learning_rate * shape()

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
    """A trained system: an encoder, and what its objective trains beside it (`own`)."""

    module: nn.Module = struct.field(pytree_node=False)
    encoder: dict
    own: dict

    def encode(self, x):
        """h, (d_hidden, batch), of x, (n_features, batch)."""
        return self.module.apply({"params": self.encoder}, x)

    @property
    def W(self):
        """The encoder's matrix, (d_hidden, n_features)."""
        return self.encoder["W"]


@struct.dataclass
class Learner:
    """A model with its optimiser's state."""

    model: Model
    optimizer: Any


@struct.dataclass
class State:
    """A run under way, and beside it one of half the length, for the convergence check.

    The short run sees the same samples and has a whole schedule of its own: comparing it with the
    long one asks what the second half of the steps was good for, whatever the schedule.
    """

    full: Learner
    half: Learner
    loss_curve: jax.Array

    @property
    def model(self):
        return self.full.model


def init(setup, key):
    """The state before the first step. The same key gives the same W under every objective."""
    encoder_key, own_key = jax.random.split(jax.random.fold_in(key, INIT))
    size = setup.size
    module = setup.encoder.module(size.d_hidden)
    params = module.init(encoder_key, jnp.zeros((size.n_features, 1)))["params"]
    own = setup.objective.init(own_key, size.n_features, size.d_hidden)
    model = Model(module, params, own)
    steps = setup.training.steps
    learner = Learner(model, setup.training.optimizer(steps).init(model))
    return State(learner, learner, jnp.zeros(min(CURVE_POINTS, steps)))


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


def learn(setup, key, x, learner, steps):
    """A learner of `steps` steps in all after one more, and its loss before it."""
    loss, gradient = jax.value_and_grad(lambda model: batch_loss(setup, model, key, x))(
        learner.model
    )
    update, optimizer = setup.training.optimizer(steps).update(
        gradient, learner.optimizer, learner.model
    )
    return Learner(optax.apply_updates(learner.model, update), optimizer), loss


def step(setup, key, state, i):
    """Step i: the state after it."""
    steps, points = setup.training.steps, len(state.loss_curve)
    step_key = jax.random.fold_in(jax.random.fold_in(key, DATA), i)
    x = fresh_batch(setup, step_key)
    full, loss = learn(setup, step_key, x, state.full, steps)
    short = (steps + 1) // 2
    half = lax.cond(
        i < short,
        lambda learner: learn(setup, step_key, x, learner, short)[0],
        lambda learner: learner,
        state.half,
    )
    point = i * points // steps
    width = jnp.ceil((point + 1) * steps / points) - jnp.ceil(point * steps / points)
    return State(full, half, state.loss_curve.at[point].add(loss / width))


def loss_on_fresh_batches(setup, model, key, batches):
    """The mean loss over `batches` batches that no step has seen; the same ones for equal keys."""
    keys = jax.random.split(jax.random.fold_in(key, CHECK), batches)
    losses = lax.map(lambda key: batch_loss(setup, model, key, fresh_batch(setup, key)), keys)
    return jnp.mean(losses)

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
CURVE_POINTS = 100


@struct.dataclass
class Size:
    """The shape of the toy model: n_features into d_hidden dimensions."""

    n_features: int = setting(20, "how many features the world has", low=1)
    d_hidden: int = setting(5, "how many dimensions the code has", low=1)


@struct.dataclass
class Training:
    """Adam; no weight decay unless it is asked for, as decay moves features into superposition."""

    steps: int = setting(5000, "optimiser steps", low=1)
    batch_size: int = setting(1024, "samples a step", low=1)
    learning_rate: float = setting(3e-3, "Adam's peak step size", above=0.0)
    schedule: str = setting(
        "cosine",
        "the learning rate over the run: to zero along a cosine or a line, or constant",
        choices=("constant", "linear", "cosine"),
    )
    weight_decay: float = setting(0.0, "decoupled weight decay, on every parameter", low=0.0)

    def rate(self, step):
        """The learning rate of a step, counted from 0."""
        done = step / self.steps
        shape = {
            "constant": lambda: 1.0,
            "linear": lambda: 1 - done,
            "cosine": lambda: (1 + jnp.cos(jnp.pi * done)) / 2,
        }[self.schedule]
        return self.learning_rate * shape()

    def optimizer(self):
        return optax.chain(
            optax.scale_by_adam(),
            optax.add_decayed_weights(self.weight_decay),
            optax.scale_by_learning_rate(self.rate),
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
class State:
    """A run under way. `halfway` is the model at half of the steps, for the convergence check."""

    model: Model
    optimizer: Any
    halfway: Model
    loss_curve: jax.Array


def init(setup, key):
    """The state before the first step. The same key gives the same W under every objective."""
    encoder_key, own_key = jax.random.split(jax.random.fold_in(key, INIT))
    size = setup.size
    module = setup.encoder.module(size.d_hidden)
    params = module.init(encoder_key, jnp.zeros((size.n_features, 1)))["params"]
    own = setup.objective.init(own_key, size.n_features, size.d_hidden)
    model = Model(module, params, own)
    curve = jnp.zeros(min(CURVE_POINTS, setup.training.steps))
    return State(model, setup.training.optimizer().init(model), model, curve)


def batch_loss(setup, model, key):
    """The loss on one fresh batch."""
    data_key, loss_key = jax.random.split(key)
    shape = setup.size.n_features, setup.training.batch_size
    if setup.objective.pairs:
        x = setup.views.pair(data_key, setup.features, *shape)
    else:
        x = setup.features.sample(data_key, *shape)
    return setup.objective.loss(model, loss_key, x)


def step(setup, key, state, i):
    """Step i: the state after it."""
    step_key = jax.random.fold_in(jax.random.fold_in(key, DATA), i)
    loss, gradient = jax.value_and_grad(lambda model: batch_loss(setup, model, step_key))(
        state.model
    )
    update, optimizer = setup.training.optimizer().update(gradient, state.optimizer, state.model)
    model = optax.apply_updates(state.model, update)
    at_half = i + 1 == (setup.training.steps + 1) // 2
    halfway = jax.tree.map(lambda new, old: jnp.where(at_half, new, old), model, state.halfway)
    points = len(state.loss_curve)
    point = i * points // setup.training.steps
    first, last = point * setup.training.steps / points, (point + 1) * setup.training.steps / points
    width = jnp.ceil(last) - jnp.ceil(first)
    return State(model, optimizer, halfway, state.loss_curve.at[point].add(loss / width))


def loss_on_fresh_batches(setup, model, key, batches):
    """The mean loss over `batches` batches that no step has seen; the same ones for equal keys."""
    keys = jax.random.split(jax.random.fold_in(key, CHECK), batches)
    return jnp.mean(lax.map(lambda key: batch_loss(setup, model, key), keys))

"""What is at stake in the directions: the loss without them, and the loss without any code.

The trained model is held against one with random directions: each column of the encoder's W is
turned to a direction drawn at random and keeps its length, and what the objective trains beside the
encoder (a bias, a decoder, a second tower, a critic) is trained again while the encoder stands
still. Where that costs nothing, the directions do not matter to the loss, and whatever geometry
they have was not learned.
"""

import jax
import jax.numpy as jnp

from toysup import train
from toysup.kernels.unit import unit_columns

REFIT = 0.2  # of the steps of the run, to train again what stands beside the encoder


def shapes_of(setup) -> train.Model:
    """The model of a setup, with shapes in place of its arrays."""
    return jax.eval_shape(train.init, setup, jax.random.key(0)).model


def refit_steps(model: train.Model, steps: int) -> int:
    """How long what stands beside the encoder is trained again; 0 where there is nothing."""
    return max(1, int(REFIT * steps)) if jax.tree.leaves(model.extra) else 0


def random_directions(model: train.Model, key) -> train.Model:
    """The model with every column of W, (d_hidden, n_features), turned at random."""
    W = model.encoder["W"]
    key = jax.random.fold_in(key, train.RANDOM)
    u = unit_columns(jax.random.normal(key, W.shape))
    return model.replace(encoder=model.encoder | {"W": u * jnp.linalg.norm(W, axis=0)})


def random_state(setup, state: train.State, key, steps: int) -> train.State:
    """A run of `steps` that starts from a trained state with random directions."""
    return train.start_of_run(setup, random_directions(state.model, key), steps)

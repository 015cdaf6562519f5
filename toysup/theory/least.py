"""The least loss of codes of a size, found by descents from many starts."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, Protocol

import jax
import jax.experimental
import jax.numpy as jnp
import numpy as np
from jax import lax

# Since 0.8 jax has it under its own name.
enable_x64 = (
    jax.enable_x64 if hasattr(jax, "enable_x64") else jax.experimental.enable_x64  # pyright: ignore[reportAttributeAccessIssue]
)

SEED = 0
STARTS_AN_ENTRY, FEWEST_STARTS, MOST_STARTS = 4, 24, 48
SIZES = (0.3, 1.0, 3.0)  # of the first matrices: a code that is too large or too small is flat
SHORT = (0.1, 0.003)  # the length of a feature that is all but ignored
NOISE = 0.1
FIRST_STEP = 0.3  # of the length of the first matrix
FOLLOWED = 4  # of the best that differ, how many are followed to their end
SAME = 1e-4  # nats
ENOUGH, TINY_STEP = 1e-4, 1e-3  # of the fall that a step's slope promises; of a whole step


# Takes a function of one case, and all cases, which lead with (cases,); gives its results of all.
Across = Callable[[Callable, Any], Any]


class Objective(Protocol):
    """A loss of matrices. Compared by value, as programs are kept by it."""

    def over(self, case, rough: bool) -> Any:
        """What the loss of a case is a mean over; with `rough`, less of it where that helps."""
        ...

    def loss(self, W: jax.Array, over) -> jax.Array:
        """That of one matrix."""
        ...

    def starts(self, d_hidden: int) -> np.ndarray:
        """Matrices to descend from, (count, rows, columns)."""
        ...


class Descent(NamedTuple):
    """At most so many steps, until two of them lower the loss by less than `gain`. So many descents
    go side by side, and end with the longest of them."""

    steps: int
    gain: float
    together: int = 1


ROUGH, EXACT = Descent(25, 1e-6, together=8), Descent(200, 1e-9)


def starts(m: int, n: int) -> np.ndarray:
    """Matrices (count, m, n), in turn: spread ones and random ones, and both again with one feature
    much shorter than the others."""
    rng, found = np.random.default_rng([SEED, n, m]), []
    count = min(MOST_STARTS, max(FEWEST_STARTS, STARTS_AN_ENTRY * m * n))
    for k in range(count + -count % ROUGH.together):
        W, short = rng.standard_normal((m, n)), k % 4 >= 2
        if k % 2 == 0:
            W = spread(W) + short * NOISE * rng.standard_normal((m, n))
        if short:
            W[:, k // 4 % n] *= SHORT[k // 4 // n % len(SHORT)]
        found.append(SIZES[k % len(SIZES)] * W)
    return np.stack(found)


def spread(W: np.ndarray) -> np.ndarray:
    """Directions near those of W whose mean is about 0: a simplex, where there is one more of them
    than dimensions, to which few random starts lead where features are dense. W itself where none
    are found: one direction, or two alike in one dimension."""
    found = W
    for _ in range(10):
        found = found / np.maximum(np.linalg.norm(found, axis=0), 1e-9)
        found = found - found.mean(axis=1, keepdims=True)
    return found if found.any() else W


class State(NamedTuple):
    """Where a descent is. `inverse` is what is known of the inverse of the second derivatives."""

    steps: jax.Array
    w: jax.Array
    loss: jax.Array
    slope: jax.Array
    inverse: jax.Array
    length: jax.Array  # of the next step, as a share of a whole one
    scaled: jax.Array  # whether `inverse` has the scale of the loss
    stalled: jax.Array  # how many steps in a row have gained nothing


def descent(loss: Callable[[jax.Array], jax.Array], w: jax.Array, steps, gain) -> State:
    """The end of a descent of a vector by BFGS.

    Each step takes one gradient: where the loss does not fall, the next is a quarter as long. So
    descents side by side do not wait for each other's line searches, which takes jax.scipy's ten
    times as long.
    """
    loss_and_slope, one = jax.value_and_grad(loss), jnp.eye(w.size, dtype=w.dtype)

    def step(now: State) -> State:
        direction = -now.inverse @ now.slope
        w = now.w + now.length * direction
        loss, slope = loss_and_slope(w)
        promised = now.length * jnp.minimum(now.slope @ direction, 0)
        falls = loss <= now.loss + ENOUGH * promised
        moved, turned = w - now.w, slope - now.slope
        curved = moved @ turned > 1e-5 * jnp.linalg.norm(moved) * jnp.linalg.norm(turned)
        scale = (moved @ turned) / jnp.where(curved, turned @ turned, 1)
        inverse = jnp.where(now.scaled | ~curved, now.inverse, scale * one)
        gains = falls & (now.loss - loss >= gain)
        tries = ~falls & (now.length >= TINY_STEP)
        return State(
            now.steps + 1,
            jnp.where(falls, w, now.w),
            jnp.where(falls, loss, now.loss),
            jnp.where(falls, slope, now.slope),
            jnp.where(curved, updated(inverse, moved, turned), inverse),
            jnp.where(falls, 1, now.length / 4),
            now.scaled | curved,
            jnp.where(gains, 0, jnp.where(tries, now.stalled, now.stalled + 1)),
        )

    def goes_on(now: State):
        return (now.steps < steps) & (now.stalled < 2)

    first_loss, first_slope = loss_and_slope(w)
    length = FIRST_STEP * jnp.linalg.norm(w) / jnp.maximum(jnp.linalg.norm(first_slope), 1e-12)
    first = State(
        jnp.int32(0), w, first_loss, first_slope, one * jnp.minimum(1, length),
        jnp.ones((), w.dtype), jnp.bool_(False), jnp.int32(0),
    )  # fmt: skip
    return lax.while_loop(goes_on, step, first)


def updated(inverse: jax.Array, moved: jax.Array, turned: jax.Array) -> jax.Array:
    """What BFGS knows of the inverse of the second derivatives after a step."""
    share = 1 / jnp.where(moved @ turned == 0, 1, moved @ turned)
    leaves = jnp.eye(moved.size, dtype=moved.dtype) - share * jnp.outer(moved, turned)
    return leaves @ inverse @ leaves.T + share * jnp.outer(moved, moved)


def descents(loss, W: jax.Array, how: Descent, wanted: Any = True) -> tuple[jax.Array, jax.Array]:
    """The ends of the descents of matrices (count, m, n) and their losses, the least first. Those
    that are not `wanted`, (count,), stay where they are."""

    def one(start):
        W, wanted = start
        steps = jnp.where(wanted, how.steps, 0)
        end = descent(lambda w: loss(w.reshape(W.shape)), W.ravel(), steps, how.gain)
        return end.loss, end.w.reshape(W.shape)

    starts = W, jnp.broadcast_to(wanted, len(W))
    losses, W = lax.map(one, starts, batch_size=how.together if how.together > 1 else None)
    order = jnp.argsort(losses)
    return losses[order], W[order]


def search(objective: Objective, d_hidden: int, case) -> tuple[jax.Array, jax.Array]:
    """The least loss of a case that is found, and its matrix.

    All descents but the last are in single precision, over what is rough.
    """
    rough = jax.tree.map(jnp.float32, objective.over(case, rough=True))
    begun = jnp.float32(objective.starts(d_hidden))
    losses, W = descents(lambda W: objective.loss(W, rough), begun, ROUGH)
    apart = jnp.append(True, jnp.diff(losses) > SAME)
    best = jnp.flatnonzero(apart, size=FOLLOWED, fill_value=0)
    wanted = jnp.arange(FOLLOWED) < apart.sum()
    exact = objective.over(case, rough=False)
    losses, W = descents(lambda W: objective.loss(W, exact), W[best].astype(float), EXACT, wanted)
    return losses[0], W[0]


def in_turn(one: Callable, cases):
    return lax.map(one, cases)


@partial(jax.jit, static_argnums=(0, 1, 2))
def searches(objective: Objective, d_hidden: int, across: Across, cases):
    return across(partial(search, objective, d_hidden), cases)


def search_each(
    objective: Objective, d_hidden: int, across: Across, cases
) -> tuple[np.ndarray, np.ndarray]:
    """The least losses of cases, (cases,), and their matrices, (cases, rows, columns)."""
    with enable_x64(True):
        return jax.device_get(searches(objective, d_hidden, across, cases))


@partial(jax.jit, static_argnums=(0, 1))
def losses_of(objective: Objective, across: Across, cases, matrices):
    def of_case(case_and_matrices):
        case, matrices = case_and_matrices
        over = objective.over(case, rough=False)
        # One by one, so that no bit of a loss depends on how many others there are.
        return lax.map(lambda W: objective.loss(W, over), matrices)

    return across(of_case, (cases, matrices))


def losses_of_each(objective: Objective, across: Across, cases, matrices: np.ndarray) -> np.ndarray:
    """The losses of matrices (cases, count, rows, columns), (cases, count), in double precision."""
    with enable_x64(True):
        return jax.device_get(losses_of(objective, across, cases, matrices))

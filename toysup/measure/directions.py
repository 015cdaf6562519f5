"""The directions of the features in a code: exact, or by least squares over a large sample.

Those of a linear encoder without bias, and of a decoder or a generator, are a matrix. Those of any
other encoder are the least-squares coefficients of h on x over a large fresh sample.
"""

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from toysup import train
from toysup.batch.devices import map_units
from toysup.batch.job import Job
from toysup.batch.programs import quick_jit
from toysup.grid.limits import READOUT_SAMPLES
from toysup.kernels.threefry import GENERATOR

AT_ONCE = 4  # instances in a call, on each device
# With more floats in x, a call takes one: it waits for the last, and is filled up with copies.
LARGE_SAMPLE = 2**24
MOMENT_BLOCKS = 4  # of READOUT_SAMPLES samples, for the least squares
LEAST_EIGENVALUE = 1e-6  # of the covariance of x, relative: along less, x did not vary


@quick_jit(static_argnums=(0, 1))
def measure_moments(machine, n_features, needed, features, keys, models):
    """The covariance of (x, h), (n_features + d_hidden) squared, over a large sample, and the
    responses to single features: h of each alone at 1, less h of none, or of it at -1 where
    features are signed; (d_hidden, n_features)."""

    def one_instance(features, key, model):
        def both(key):
            x = features.sample(key, n_features, READOUT_SAMPLES)
            return jnp.concatenate([x, model.encode(x)])

        keys = jax.random.split(jax.random.fold_in(key, train.DIRECTIONS), MOMENT_BLOCKS)
        near = both(keys[0]).mean(axis=1, keepdims=True)  # float32 squares need small numbers

        def more(sums, key):
            y = both(key) - near
            return (sums[0] + y.sum(axis=1), sums[1] + y @ y.T), None

        zeros = jnp.zeros(len(near)), jnp.zeros((len(near), len(near)))
        (first, second), _ = lax.scan(more, zeros, keys)
        count = MOMENT_BLOCKS * READOUT_SAMPLES
        mean = first / count
        most = jnp.eye(n_features)
        least = -most if features.signed else jnp.zeros((n_features, 1))
        responses = model.encode(most) - model.encode(least)
        return second / count - jnp.outer(mean, mean), responses

    return map_units(machine, one_instance, features, keys, models, needed=needed)


def least_squares(covariance: np.ndarray, n_features: int) -> tuple[np.ndarray, np.ndarray]:
    """The coefficients of h on x, (..., d_hidden, n_features), and their R^2 over all of h, (...).

    `covariance` is that of (x, h). The R^2 is 1 for a linear encoder. A feature that never varied
    has a column of zeros. NaN where anything is not finite, and R^2 also where h does not vary.
    """
    finite = np.all(np.isfinite(covariance), axis=(-2, -1), keepdims=True)
    known = np.where(finite, covariance, 0).astype(np.float64)
    xx = known[..., :n_features, :n_features]
    hx, hh = known[..., n_features:, :n_features], known[..., n_features:, n_features:]
    W = hx @ np.linalg.pinv(xx, rcond=LEAST_EIGENVALUE, hermitian=True)
    explained, whole = (W * hx).sum(axis=(-2, -1)), np.trace(hh, axis1=-2, axis2=-1)
    linearity = np.divide(explained, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
    return np.where(finite, W, np.nan), np.where(finite[..., 0, 0], linearity, np.nan)


def in_blocks(job: Job, program: Callable, *per_lane):
    """`program` of every instance, (seeds, conditions, ...) on the host: a block at a time, so that
    it is compiled for no other size, and shared out evenly. `per_lane` lead with (units, lanes).
    """
    words = np.asarray(jax.random.key_data(job.keys))[:, None].repeat(job.group, axis=1)
    leaves, structure = jax.tree.flatten((words, per_lane))
    flat = [np.asarray(leaf).reshape(-1, *leaf.shape[2:]) for leaf in leaves]
    real = np.arange(math.prod(job.shape)).reshape(job.shape)[job.real]
    at_once = AT_ONCE if job.n_features * READOUT_SAMPLES <= LARGE_SAMPLE else 1
    # Of two devices, which take half of a block each, one gets the instances 0, 2, 4, ... and the
    # other 1, 3, 5, ...: so a block that is not full keeps both busy.
    block = np.arange(at_once * job.machine.devices).reshape(at_once, -1).T.reshape(-1)
    results = []
    for start in range(0, real.size, block.size):
        needed = start + block < real.size
        places = real.reshape(-1)[(start + block).clip(max=real.size - 1)]
        words, some = jax.tree.unflatten(structure, [leaf[places] for leaf in flat])
        features, *rest = some
        keys = jax.random.wrap_key_data(words, impl=GENERATOR)
        results.append(program(job.machine, job.n_features, needed, features, keys, *rest))
    in_turn = np.argsort(block)

    def whole(*parts):
        every = np.concatenate([np.asarray(part)[in_turn] for part in parts])
        return every[: real.size].reshape(*real.shape, *parts[0].shape[1:])

    return jax.tree.map(whole, *results)


def matrix(job: Job, code) -> np.ndarray:
    """The matrix of one set, (seeds, conditions, d_hidden, n_features), on the host: that of an
    encoder takes each feature as large as its distribution makes it."""
    if not isinstance(code, train.Model):
        return job.instances(code)
    return job.instances(code.W) * scales_of(job)


def scales_of(job: Job) -> np.ndarray:
    """How large each condition's distribution makes each feature, (conditions, 1, n_features)."""
    scales = np.stack([setup.features.scales(job.n_features) for setup in job.conditions])
    return scales[:, None, :].astype(np.float32)


def directions(job: Job, code, needs_variance: bool) -> tuple:
    """W, (seeds, conditions, d_hidden, n_features), of one set; the variance of each hidden unit,
    its linearity and its responses, each None where nobody asks."""
    if not isinstance(code, train.Model):
        return matrix(job, code), None, None, None
    linear, features = job.conditions[0].encoder.linear, job.setups.features
    if linear and not needs_variance:
        return matrix(job, code), None, None, None
    covariance, responses = in_blocks(job, measure_moments, features, code.replace(extra={}))
    variance = np.diagonal(covariance, axis1=-2, axis2=-1)[..., job.n_features :]
    if linear:
        return matrix(job, code), variance, None, None
    W, linearity = least_squares(covariance, job.n_features)
    return W.astype(np.float32) * scales_of(job), variance, linearity, responses


def in_use(job: Job, W: np.ndarray, variance: np.ndarray | None) -> np.ndarray:
    """W with zeros in the hidden units that the objective says are not in use."""
    if variance is None:
        return W
    for place, setup in enumerate(job.conditions):
        used = np.asarray(setup.objective.in_use(variance[:, place]))
        W[:, place] = np.where(used[..., None] | np.isnan(W[:, place]), W[:, place], 0)
    return W

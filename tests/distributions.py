"""Large samples of feature distributions, for tests of them: one program for each shape."""

import jax
import numpy as np

from tests.training import keys_of, stack
from toysup.batch.programs import quick_jit

KEY = keys_of(1)[0]


@quick_jit(optimised=False, static_argnums=(1, 2))
def _drawn(features, n_features, batch):
    return features.sample(KEY, n_features, batch)


@quick_jit(optimised=False, static_argnums=(1, 2))
def _latents(features, n_features, batch):
    return features.latents(KEY, n_features, batch)


@quick_jit(optimised=False)
def _resampled(features, x):
    return features.resample_amplitudes(jax.random.fold_in(KEY, 1), x)


@quick_jit(optimised=False, static_argnums=(1, 2))
def _side_by_side(distributions, n_features, batch):
    def both(features):
        x = features.sample(KEY, n_features, batch)
        return x, features.resample_amplitudes(KEY, x)

    return jax.vmap(both)(distributions)


@quick_jit(optimised=False, static_argnums=(2, 3))
def _pair(views, features, n_features, batch):
    return views.pair(*jax.random.split(jax.random.key(0)), features, n_features, batch)


def pair(views, features, n_features, batch):
    """The two views of the same samples."""
    return tuple(map(np.asarray, _pair(views, features, n_features, batch)))


def sample(features, n_features, batch):
    """x, (n_features, batch), in float64."""
    return np.asarray(_drawn(features, n_features, batch), np.float64)


def latents(features, n_features, batch):
    """The latent variables behind the same samples."""
    return np.asarray(_latents(features, n_features, batch), np.float64)


def resampled(features, x):
    """x with fresh amplitudes."""
    return np.asarray(_resampled(features, x), np.float64)


def check_lanes(distributions, n_features=5, batch=64):
    """Distributions of equal static settings are finite side by side, and what each is alone."""
    x, fresh = _side_by_side(stack(distributions), n_features, batch)
    assert np.isfinite(x).all()
    assert np.isfinite(fresh).all()
    np.testing.assert_array_equal(fresh > 0, x > 0)
    for lane, features in zip(x, distributions, strict=True):
        np.testing.assert_allclose(lane, sample(features, n_features, batch), rtol=1e-5, atol=1e-7)
    return np.asarray(x)


def assert_same_draws(x, expected):
    """The same features are present, at the same amplitudes but for rounding."""
    np.testing.assert_array_equal(x > 0, expected > 0)
    np.testing.assert_allclose(x, expected, rtol=1e-6)

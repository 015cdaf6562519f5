import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests.training import encoded, setup, untrained
from toysup.batch.programs import quick_jit
from toysup.encoders import conv
from toysup.encoders.conv import Conv

RNG = np.random.default_rng(0)
circular_convolution = quick_jit(conv.circular_convolution)


def by_loops(kernel, x):
    channels, size, kinds = kernel.shape
    positions, batch = x.shape[1:]
    y = np.zeros((channels, positions, batch))
    for c in range(channels):
        for q in range(positions):
            for t in range(size):
                for k in range(kinds):
                    y[c, q] += kernel[c, t, k] * x[k, (q + t - size // 2) % positions]
    return y


@pytest.mark.slow
@pytest.mark.parametrize(("size", "positions"), [(1, 5), (3, 5), (4, 5), (3, 3), (1, 1)])
def test_convolution_by_loops(size, positions):
    kernel, x = RNG.normal(size=(4, size, 2)), RNG.uniform(size=(2, positions, 6))
    found = circular_convolution(jnp.asarray(kernel), jnp.asarray(x))
    np.testing.assert_allclose(found, by_loops(kernel, x), rtol=1e-4, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("shift", [1, 2, -1])
def test_rolling_the_positions_rolls_the_feature_maps(shift):
    kernel, x = jnp.asarray(RNG.normal(size=(4, 3, 2))), jnp.asarray(RNG.uniform(size=(2, 5, 6)))
    rolled = circular_convolution(kernel, jnp.roll(x, shift, axis=1))
    expected = jnp.roll(circular_convolution(kernel, x), shift, axis=1)
    np.testing.assert_allclose(rolled, expected, rtol=1e-5, atol=1e-6)


def model(**settings):
    made = setup(encoder="conv", n_features=6, d_hidden=2, positions=3, channels=4, **settings)
    return untrained(made, jax.random.key(0))


@pytest.mark.slow
def test_conv_encoder_is_a_convolution_relus_and_a_head():
    made = model()
    params = {name: RNG.normal(size=value.shape) for name, value in made.encoder.items()}
    made = made.replace(encoder={name: jnp.asarray(v) for name, v in params.items()})
    x = RNG.uniform(size=(6, 5))
    in_space = np.stack([x[:3], x[3:]])  # feature 3 * kind + place
    maps = np.maximum(by_loops(params["kernel"], in_space) + params["b"][:, None, None], 0)
    h = np.einsum("dcq,cqs->ds", params["A"].reshape(2, 4, 3), maps) + params["c"][:, None]
    np.testing.assert_allclose(encoded(made, x), h, rtol=1e-4, atol=1e-5)


@pytest.mark.slow
def test_a_kind_looks_the_same_to_a_head_that_adds_up_places():
    made = model()
    even = jnp.repeat(made.encoder["A"].reshape(2, 4, 3)[..., :1], 3, axis=2).reshape(2, 12)
    made = made.replace(encoder=made.encoder | {"A": even})
    h = encoded(made, jnp.eye(6))
    np.testing.assert_allclose(h[:, :3], h[:, [0, 0, 0]], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(h[:, 3:], h[:, [3, 3, 3]], rtol=1e-4, atol=1e-6)
    assert not np.allclose(h[:, 0], h[:, 3], rtol=1e-2)


@pytest.mark.long
def test_dead_channels_have_a_finite_gradient():
    made = model()
    dead = made.replace(encoder=made.encoder | {"kernel": -jnp.abs(made.encoder["kernel"])})
    x = jax.random.uniform(jax.random.key(1), (6, 8))
    slope = quick_jit(jax.grad(lambda one: jnp.sum(one.encode(x))))(dead).encoder
    assert all(np.isfinite(leaf).all() for leaf in slope.values())
    np.testing.assert_array_equal(slope["kernel"], 0)
    np.testing.assert_allclose(slope["c"], 8)


def test_positions_divide_the_features_and_the_kernel_goes_round_once():
    settings = {"n_features": 6, "positions": 3, "kernel_size": 3, "channels": 4}
    assert Conv.incompatibility(settings) is None
    assert Conv.incompatibility(settings | {"positions": 5}) == (
        "cannot lay out 6 features over 5 positions: use 1, 2, 3 or 6 of them"
    )
    assert Conv.incompatibility(settings | {"n_features": 1}).endswith("use 1 of them")
    assert "at most 3" in Conv.incompatibility(settings | {"kernel_size": 4})

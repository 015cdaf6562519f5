import re
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests import training
from tests.kernels.test_sparse_product import SIZES, sparse, with_tiles
from toysup.batch.job import seed_key
from toysup.kernels import sparse_product as sparse_module
from toysup.kernels import sparse_reconstruction as reconstruction_module
from toysup.kernels.reconstruction import FEW_DIMENSIONS, squared_error
from toysup.kernels.sparse_product import many_features
from toysup.kernels.sparse_reconstruction import behind_relu
from toysup.vectors import usable

# What the bias adds to outputs of about unit size: all are above 0, half of them, few, and none.
BIASES = [20.0, 0.0, -1.5, -20.0]


def arguments(n_features, d_hidden, batch, bias=0.0, density=0.05):
    rng = np.random.default_rng(0)
    V = rng.normal(size=(d_hidden, n_features)) / np.sqrt(d_hidden)
    b = bias + 0.1 * rng.normal(size=n_features)
    h, importance = rng.normal(size=(d_hidden, batch)), rng.uniform(size=n_features)
    V, b, h, importance = (part.astype(np.float32) for part in (V, b, h, importance))
    return V, b, h, sparse(rng, n_features, batch, density), importance


def one_by_one(V, b, h, x, importance):
    """The error and its gradient by V, b and h in float64, one sample after the other."""
    total, by_V, by_b, by_h = 0.0, np.zeros(V.shape), np.zeros(b.shape), np.zeros(h.shape)
    V, h = V.astype(np.float64), h.astype(np.float64)
    for j in range(x.shape[1]):
        y = h[:, j] @ V + b
        error = np.maximum(y, 0) - x[:, j]
        total += np.sum(importance * error**2)
        slope = np.where(y > 0, 2 * importance * error, 0)
        by_V += np.outer(h[:, j], slope)
        by_b += slope
        by_h[:, j] = V @ slope
    return total, by_V, by_b, by_h


@pytest.mark.some(2)
@pytest.mark.slow
@pytest.mark.parametrize("bias", BIASES)
@pytest.mark.parametrize(("n_features", "d_hidden", "batch"), SIZES)
def test_error_and_gradient_are_those_of_one_sample_after_the_other(
    n_features, d_hidden, batch, bias
):
    given = arguments(n_features, d_hidden, batch, bias)
    found, expected = jax.jit(partial(behind_relu, True))(*given), one_by_one(*given)
    np.testing.assert_allclose(behind_relu(False, *given)[0], expected[0], rtol=2e-6)
    np.testing.assert_allclose(found[0], expected[0], rtol=2e-6)
    for one, other in zip(found[1:], expected[1:], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5 * np.abs(other).max())


def textbook(V, b, h, x, importance):
    return jnp.sum(importance[:, None] * (x - jax.nn.relu(V.T @ h + b[:, None])) ** 2)


@pytest.mark.slow
def test_a_decoder_of_many_features_has_the_error_and_gradient_of_the_textbook():
    given = arguments(many_features(), FEW_DIMENSIONS + 1, 200, density=1.0)
    (fast, slopes), (plain, exact) = (
        jax.jit(jax.value_and_grad(error, range(5)))(*given)
        for error in (partial(squared_error, True), textbook)
    )
    np.testing.assert_allclose(fast, plain, rtol=1e-5)
    for one, other in zip(slopes, exact, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5 * np.abs(other).max())


def kernels_of(rectified, n_features, d_hidden):
    """The kernels that a training of the decoder calls."""
    given = arguments(n_features, d_hidden, 64)
    text = jax.jit(jax.grad(partial(squared_error, rectified))).lower(*given).as_text()
    return set(re.findall("toysup_([a-z_]+)_", text))


@pytest.mark.long
def test_the_kernel_is_for_many_features_behind_a_relu(monkeypatch):
    many, dimensions = many_features(), FEW_DIMENSIONS + 1
    monkeypatch.setattr(sparse_module, "avx2", lambda: True)
    assert kernels_of(True, many, dimensions) == {"sparse_reconstruction"}
    assert kernels_of(True, many, FEW_DIMENSIONS) == {"reconstruction"}
    assert not kernels_of(True, many - 1, dimensions)
    assert not kernels_of(False, many, dimensions)
    monkeypatch.setattr(sparse_module, "avx2", lambda: False)
    assert not kernels_of(True, many, dimensions + 1)
    monkeypatch.setattr(sparse_module, "avx2", lambda: True)
    monkeypatch.setattr(usable, "usable", lambda: False)
    assert not kernels_of(True, many, dimensions + 2)


@pytest.mark.slow
def test_what_is_worked_on_at_once_changes_no_bit_of_the_gradient_by_weights_and_codes(monkeypatch):
    given, function = arguments(103, 50, 300), partial(behind_relu, True)
    modules = sparse_module, reconstruction_module
    wide, narrow = with_tiles(monkeypatch, modules, function, *given)
    for place in (1, 3):
        np.testing.assert_array_equal(wide[place], narrow[place])
    np.testing.assert_allclose(wide[0], narrow[0], rtol=1e-6)
    np.testing.assert_allclose(wide[2], narrow[2], rtol=1e-4, atol=1e-4)


@pytest.mark.slow
def test_an_output_of_exactly_zero_has_no_gradient():
    V, _, h, x, importance = arguments(100, 20, 40)
    found = behind_relu(True, 0 * V, np.zeros(100, np.float32), h, x, importance)
    assert not any(np.asarray(part).any() for part in found[1:])


@pytest.mark.slow
def test_a_sample_that_is_not_a_number_leaves_no_number():
    V, b, h, x, importance = arguments(100, 20, 40)
    h[0, 3] = np.nan
    total, by_V, _, by_h = behind_relu(True, V, b, h, x, importance)
    assert np.isnan(total)
    assert np.isnan(by_V).all()
    assert np.isnan(by_h[:, 3]).all()
    assert np.isfinite(np.delete(by_h, 3, axis=1)).all()


@pytest.mark.long
def test_an_instance_has_the_same_bits_beside_others():
    alone = [arguments(100, 20, 150, bias) for bias in (0.0, -1.5, 20.0)]
    function = partial(behind_relu, True)
    together = jax.jit(jax.vmap(function))(*map(np.stack, zip(*alone, strict=True)))
    for k, given in enumerate(alone):
        for one, other in zip(together, jax.jit(function)(*given), strict=True):
            np.testing.assert_array_equal(one[k], other)


@pytest.mark.long
def test_models_of_many_features_are_trained_as_by_the_plain_program(monkeypatch):
    monkeypatch.setattr(sparse_module, "avx2", lambda: True)  # right on any processor
    sizes = {"n_features": many_features(), "d_hidden": 20, "batch_size": 256}
    densities = [
        training.setup(feature_probability=p, importance_decay=0.99, **sizes) for p in (0.01, 1.0)
    ]

    key = seed_key(0, 1)

    def trained():
        def one(setup):
            return training.run(setup, key, 50).model

        return jax.jit(jax.vmap(one))(training.stack(densities))

    fast = trained()
    monkeypatch.setattr(usable, "usable", lambda: False)
    plain = trained()
    np.testing.assert_allclose(fast.W, plain.W, atol=1e-4)
    np.testing.assert_allclose(fast.extra["b"], plain.extra["b"], atol=1e-4)
    assert (fast.W != plain.W).any()


@pytest.mark.slow
def test_an_importance_that_is_infinite_leaves_no_number_and_writes_behind_no_array():
    rng = np.random.default_rng(0)
    V, h = (rng.normal(size=shape).astype(np.float32) for shape in ((9, 5), (9, 37)))
    x, b = np.zeros((5, 37), np.float32), np.ones(5, np.float32)
    importance = np.array([1, 1, np.inf, 1, 1], np.float32)
    total, _, _, by_h = jax.jit(partial(behind_relu, True))(V, b, h, x, importance)
    assert not np.isfinite(total)
    assert by_h.shape == h.shape

import re
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from toysup.kernels import sparse_product as sparse_module
from toysup.kernels.product import FEW_DIMENSIONS, product
from toysup.kernels.sparse_product import many_features, sparse_outer_product, sparse_product
from toysup.vectors import call, usable

# (n_features, d_hidden, batch): whole vectors, blocks and groups of features, and what is left over
SIZES = [(100, 32, 512), (101, 11, 300), (103, 100, 50), (5, 130, 7), (1, 1, 1)]


def sparse(rng, n_features, batch, density):
    """Samples of independent features in [0, 1)."""
    present = rng.random((n_features, batch)) < density
    return np.where(present, rng.random((n_features, batch)), 0).astype(np.float32)


def one_by_one(W, x):
    """W x in float64: what is present, added one after the other."""
    h = np.zeros((len(W), x.shape[1]))
    for i, j in zip(*x.nonzero(), strict=True):
        h[:, j] += x[i, j] * W[:, i].astype(np.float64)
    return h


def outer_one_by_one(slope, x):
    """slope x^T in float64, in the same way."""
    found = np.zeros((len(slope), len(x)))
    for i, j in zip(*x.nonzero(), strict=True):
        found[:, i] += x[i, j] * slope[:, j].astype(np.float64)
    return found


@pytest.mark.some(2)
@pytest.mark.slow
@pytest.mark.parametrize("density", [0.0, 0.05, 1.0])
@pytest.mark.parametrize(("n_features", "d_hidden", "batch"), SIZES)
def test_both_products_are_what_is_present_added_up(n_features, d_hidden, batch, density):
    rng = np.random.default_rng(0)
    x = sparse(rng, n_features, batch, density)
    W, slope = (rng.normal(size=(d_hidden, k)).astype(np.float32) for k in (n_features, batch))
    for found, expected in (
        (sparse_product(W, x), one_by_one(W, x)),
        (sparse_outer_product(slope, x), outer_one_by_one(slope, x)),
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def with_tiles(monkeypatch, modules, function, *arguments):
    """What a function of kernels gives with the wide tiles of modules, and the narrow ones."""
    found = []
    for name in ("WIDE", "NARROW"):
        for module in modules:
            monkeypatch.setattr(module, "tile", partial(getattr, module, name))
        call.compiled.cache_clear()
        found.append(jax.jit(lambda *given: function(*given))(*arguments))
    call.compiled.cache_clear()
    return found


@pytest.mark.slow
def test_what_is_worked_on_at_once_changes_no_bit(monkeypatch):
    rng = np.random.default_rng(2)
    x = sparse(rng, 103, 300, 0.1)
    W, slope = (rng.normal(size=(50, k)).astype(np.float32) for k in x.shape)

    def both(W, slope, x):
        return sparse_product(W, x), sparse_outer_product(slope, x)

    wide, narrow = with_tiles(monkeypatch, [sparse_module], both, W, slope, x)
    for one, other in zip(wide, narrow, strict=True):
        np.testing.assert_array_equal(one, other)


def gradient_with(product):
    return jax.jit(jax.value_and_grad(lambda W, x: jnp.sum(jnp.sin(product(W, x)))))


@pytest.mark.slow
def test_an_encoder_of_many_features_has_the_value_and_gradient_of_the_plain_product():
    rng = np.random.default_rng(1)
    x = sparse(rng, many_features(), 256, 0.05)
    W = rng.normal(size=(FEW_DIMENSIONS + 1, many_features())).astype(np.float32)
    (value, slope), (plain, exact) = (gradient_with(p)(W, x) for p in (product, jnp.matmul))
    np.testing.assert_allclose(value, plain, rtol=1e-5)
    np.testing.assert_allclose(slope, exact, rtol=1e-4, atol=1e-4)


def kernels_of(n_features, d_hidden):
    """The kernels that a training of the encoder calls."""
    W, x = np.ones((d_hidden, n_features), np.float32), np.ones((n_features, 64), np.float32)
    text = gradient_with(product).lower(W, x).as_text()
    return set(re.findall("toysup_([a-z_]+)_", text))


@pytest.mark.slow
def test_the_kernels_are_for_many_features_in_many_dimensions(monkeypatch):
    many, dimensions = many_features(), FEW_DIMENSIONS + 1
    monkeypatch.setattr(sparse_module, "avx2", lambda: True)
    assert kernels_of(many, dimensions) == {"sparse_product", "sparse_outer_product"}
    assert kernels_of(many, FEW_DIMENSIONS) == {"product"}
    assert not kernels_of(many - 1, dimensions)
    monkeypatch.setattr(sparse_module, "avx2", lambda: False)
    assert not kernels_of(many, dimensions + 1)
    monkeypatch.setattr(sparse_module, "avx2", lambda: True)
    monkeypatch.setattr(usable, "usable", lambda: False)
    assert not kernels_of(many, dimensions + 2)


@pytest.mark.slow
def test_an_empty_sample_has_the_code_zero():
    W, x = np.ones((20, 120), np.float32), np.zeros((120, 40), np.float32)
    x[:, 3] = 1
    h = np.asarray(sparse_product(W, x))
    assert h[:, 3].all()
    assert not np.delete(h, 3, axis=1).any()


@pytest.mark.slow
def test_a_feature_that_is_not_a_number_leaves_no_number_in_its_sample():
    W, x = np.ones((20, 120), np.float32), np.zeros((120, 40), np.float32)
    x[7, 3] = np.nan
    bad = np.isnan(sparse_product(W, x))
    assert bad[:, 3].all()
    assert not np.delete(bad, 3, axis=1).any()
    assert np.isnan(sparse_outer_product(np.ones((20, 40), np.float32), x)[:, 7]).all()


@pytest.mark.slow
def test_an_instance_has_the_same_bits_beside_others():
    rng = np.random.default_rng(2)
    x = np.stack([sparse(rng, 100, 64, density) for density in (0.02, 1.0, 0.3)])
    W = rng.normal(size=(3, 20, 100)).astype(np.float32)
    together = jax.jit(jax.vmap(sparse_product))(W, x)
    for k in range(3):
        np.testing.assert_array_equal(together[k], jax.jit(sparse_product)(W[k], x[k]))

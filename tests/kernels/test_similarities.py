from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests.cross_entropy import assert_is_textbooks, embeddings, textbook
from toysup.kernels.similarities import (
    LARGEST_SIMILARITY,
    SMALLEST_BATCH,
    in_memory,
    in_registers,
    pair_cross_entropy,
)

both = jax.jit(jax.value_and_grad(pair_cross_entropy, (0, 1)))
alone = jax.jit(pair_cross_entropy)
fast, plain = (jax.jit(partial(way, True)) for way in (in_registers, in_memory))


@pytest.mark.some(2)
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["random", "near", "opposed"])
@pytest.mark.parametrize(
    ("d_hidden", "batch"),
    [(5, 256), (24, 64), (25, 64), (1, 64), (2, 65), (5, 63), (2, 2)],
)
def test_value_and_gradient_are_the_textbooks(kind, d_hidden, batch):
    for temperature in (0.01, 0.0125, 0.1, 0.5, 5):
        a, b = embeddings(kind, d_hidden, batch, temperature)
        assert_is_textbooks(a, b, both(a, b))
        np.testing.assert_allclose(alone(a, b), both(a, b)[0], rtol=1e-5)


@pytest.mark.long
@pytest.mark.parametrize("way", [fast, plain], ids=["in_registers", "in_memory"])
@pytest.mark.parametrize("loss", [1e-8, 1e-4, 1])
def test_a_small_loss_keeps_its_precision(way, loss):
    # Orthogonal pairs: the loss is ln(1 + (batch - 1) exp(-scale)).
    scale = np.log(SMALLEST_BATCH - 1) - np.log(np.expm1(loss))
    eye = jnp.eye(SMALLEST_BATCH, dtype=jnp.float32)
    value, *slopes = way(scale * eye, eye)
    np.testing.assert_allclose(value, loss, rtol=1e-5)
    assert_is_textbooks(scale * eye, eye, (value, slopes))


@pytest.mark.long
def test_a_processor_and_a_card_find_the_same():
    for temperature in (0.01, 0.05, 1):
        a, b = embeddings("random", 7, 70, temperature)
        for gradient in (False, True):
            ways = (partial(way, gradient) for way in (in_registers, in_memory))
            found, expected = (jax.jit(way)(a, b) for way in ways)
            for one, other in zip(found, expected, strict=True):
                np.testing.assert_allclose(one, other, rtol=3e-5, atol=3e-5 * np.abs(other).max())


@pytest.mark.slow
def test_the_gradient_scales_with_what_becomes_of_the_loss():
    a, b = embeddings("random", 5, 64, 0.1)
    tripled = jax.jit(jax.grad(lambda a, b: 3 * pair_cross_entropy(a, b)))(a, b)
    np.testing.assert_allclose(tripled, 3 * both(a, b)[1][0], rtol=1e-5)


@pytest.mark.long
@pytest.mark.parametrize("batch", [2, 64, 100])
def test_embeddings_at_one_place_or_of_no_length_are_told_by_chance(batch):
    for b in (jnp.zeros((5, batch)), jnp.ones((5, batch)) / np.sqrt(5)):
        for sign in (1, -1):
            value, slopes = both(sign * LARGEST_SIMILARITY * b, b)
            assert np.isfinite(slopes).all()
            if sign == 1 or batch < SMALLEST_BATCH:
                np.testing.assert_allclose(value, np.log(batch), rtol=2e-5)


@pytest.mark.long
def test_the_largest_similarities_of_either_sign_neither_overflow_nor_vanish():
    signs = np.where(np.random.default_rng(2).uniform(size=(64, 64)) < 0.5, -1.0, 1.0)
    signs[0], signs[:, 1] = 1, 1
    a, b = jnp.asarray(LARGEST_SIMILARITY * signs.T, jnp.float32), jnp.eye(64, dtype=jnp.float32)
    for way in (fast, plain):
        value, *slopes = way(a, b)
        assert_is_textbooks(a, b, (value, slopes))


@pytest.mark.long
def test_a_row_opposed_to_all_is_taken_for_less_opposed_and_stays_finite():
    similarity = np.full((64, 64), 20.0)
    similarity[0] = -LARGEST_SIMILARITY
    a, b = jnp.asarray(similarity.T, jnp.float32), jnp.eye(64, dtype=jnp.float32)
    expected = textbook(a, b)[0]
    value, *slopes = fast(a, b)
    # Of 128 searches one seems as hard as among partners at -70.
    np.testing.assert_allclose(value - expected, (100 - 70) / 128, rtol=0.03)
    assert np.isfinite(slopes).all()
    np.testing.assert_allclose(in_memory(False, a, b)[0], expected, rtol=1e-6)


@pytest.mark.long
@pytest.mark.parametrize("batch", [32, 64])
def test_a_sample_that_is_not_a_number_leaves_no_number(batch):
    a, b = embeddings("random", 5, batch, 0.1)
    value, slopes = both(a.at[0, 3].set(jnp.nan), b)
    assert np.isnan(value)
    assert np.isnan(slopes).all()

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests.cross_entropy import assert_is_textbooks, embeddings, textbook
from toysup.kernels.unbounded import in_memory, in_registers, unbounded_cross_entropy
from toysup.vectors import usable

both = jax.jit(jax.value_and_grad(unbounded_cross_entropy, (0, 1)))
alone = jax.jit(unbounded_cross_entropy)
fast, plain = (jax.jit(partial(way, True)) for way in (in_registers, in_memory))


def whole_numbers(d_hidden, batch, largest):
    """Vectors of whole numbers, whose products of about `largest` float32 holds exactly."""
    rng, size = np.random.default_rng(1), round(np.sqrt(largest / d_hidden))
    a, b = rng.integers(-size, size, (2, d_hidden, batch), endpoint=True)
    return jnp.asarray(a, jnp.float32), jnp.asarray(b, jnp.float32)


@pytest.mark.some(2)
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["random", "near", "opposed"])
@pytest.mark.parametrize(
    ("d_hidden", "batch"),
    [
        *((1, 128), (2, 65), (5, 256), (6, 63), (25, 64), (2, 2)),
        *(pytest.param(*size, marks=pytest.mark.long) for size in ((5, 40), (24, 17))),
    ],
)
def test_value_and_gradient_are_the_textbooks(kind, d_hidden, batch):
    for temperature in (1e6, 5, 0.1, 0.02):
        a, b = embeddings(kind, d_hidden, batch, temperature)
        assert_is_textbooks(a, b, both(a, b))
        np.testing.assert_allclose(alone(a, b), both(a, b)[0], rtol=1e-5)


@pytest.mark.long
@pytest.mark.parametrize("largest", [50, 1e3, 1e4, 1e6])
@pytest.mark.parametrize(
    ("d_hidden", "batch"),
    [pytest.param(*size, marks=pytest.mark.long) for size in ((1, 33), (2, 64))] + [(7, 70)],
)
def test_similarities_far_beyond_the_range_of_an_exponential_are_right(d_hidden, batch, largest):
    a, b = whole_numbers(d_hidden, batch, largest)
    for way in (fast, plain):
        value, *slopes = way(a, b)
        assert_is_textbooks(a, b, (value, slopes))


@pytest.mark.slow
def test_rows_and_columns_of_very_different_sizes_are_each_right():
    # The largest similarity is 1e-3 in the first rows, and 1e6 in the last: no shift serves both.
    a, b = whole_numbers(3, 64, 50)
    sizes = np.float32(2) ** np.linspace(-12, 14, 64).round()
    for first, second in ((a * sizes, b), (a, b * sizes)):
        value, *slopes = fast(first, second)
        assert_is_textbooks(first, second, (value, slopes))


@pytest.mark.some(1)
@pytest.mark.slow
@pytest.mark.parametrize("loss", [1e-30, 1e-8, 1e-4, 1])
@pytest.mark.parametrize("level", [pytest.param(0, marks=pytest.mark.long), 4096])
def test_a_small_loss_keeps_its_precision(loss, level):
    # The own pair is above the others, which are at a level, by so much that the loss is this.
    batch = 16
    above = np.float32(np.log(batch - 1) - np.log(np.expm1(loss)))
    above = np.float32(level + above) - np.float32(level)
    a = jnp.asarray(np.vstack([np.eye(batch) * above, np.full(batch, level)]), jnp.float32)
    b = jnp.asarray(np.vstack([np.eye(batch), np.ones(batch)]), jnp.float32)
    for way in (fast, plain):
        value, *slopes = way(a, b)
        assert_is_textbooks(a, b, (value, slopes))


@pytest.mark.long
def test_a_row_opposed_to_all_is_as_opposed_as_it_is():
    similarity = np.full((64, 64), 20.0)
    similarity[0] = -1000
    a, b = jnp.asarray(similarity.T, jnp.float32), jnp.eye(64, dtype=jnp.float32)
    value, *slopes = fast(a, b)
    assert_is_textbooks(a, b, (value, slopes))


@pytest.mark.long
def test_equal_embeddings_are_told_by_chance():
    for a in (jnp.zeros((5, 70)), jnp.full((5, 70), 1e4), jnp.full((5, 70), -1e4)):
        value, slopes = both(a, jnp.ones((5, 70)))
        np.testing.assert_allclose(value, np.log(70), rtol=2e-5)
        assert np.isfinite(slopes).all()


@pytest.mark.slow
def test_the_gradient_scales_with_what_becomes_of_the_loss():
    a, b = embeddings("random", 5, 64, 0.1)
    tripled = jax.jit(jax.grad(lambda a, b: 3 * unbounded_cross_entropy(a, b)))(a, b)
    np.testing.assert_allclose(tripled, 3 * both(a, b)[1][0], rtol=1e-5)


@pytest.mark.long
def test_with_kernels_off_it_is_the_plain_program(monkeypatch):
    a, b = embeddings("random", 5, 40, 0.1)
    found = unbounded_cross_entropy(a, b)
    monkeypatch.setattr(usable, "usable", lambda: False)
    off = jax.jit(lambda a, b: unbounded_cross_entropy(a, b)).lower(a, b)
    assert "toysup_unbounded" not in off.as_text()
    np.testing.assert_allclose(off.compile()(a, b), found, rtol=1e-5)
    np.testing.assert_allclose(found, textbook(a, b)[0], rtol=1e-5)


@pytest.mark.slow
def test_a_sample_that_is_not_a_number_leaves_no_number():
    a, b = embeddings("random", 5, 40, 0.1)
    value, slopes = both(a.at[0, 3].set(jnp.nan), b)
    assert np.isnan(value)
    assert np.isnan(slopes).all()

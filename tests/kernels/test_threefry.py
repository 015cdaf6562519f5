import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from toysup.kernels import threefry as module
from toysup.kernels.threefry import GENERATOR, random_bits, threefry

PI = (0x13198A2E, 0x03707344), (0x243F6A88, 0x85A308D3)
ZEROS, ONES = ((0, 0), (0, 0)), ((0xFFFFFFFF,) * 2, (0xFFFFFFFF,) * 2)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rounds", "words", "expected"),
    [
        (13, ZEROS, (0x9D1C5EC6, 0x8BD50731)),
        (13, ONES, (0xFD36D048, 0x2D17272C)),
        (13, PI, (0xBA3E4725, 0xF27D669E)),
        (20, ZEROS, (0x6B200159, 0x99BA4EFE)),
        (20, ONES, (0x1CB996FC, 0xBB002BE7)),
        (20, PI, (0xC4923A9C, 0x483DF7A0)),
    ],
)
def test_words_are_those_of_the_authors_known_answers(rounds, words, expected):
    key, counter = (jnp.array(pair, jnp.uint32) for pair in words)
    assert tuple(int(word) for word in threefry(key, counter, rounds)) == expected


@pytest.mark.some(1)
@pytest.mark.slow
@pytest.mark.parametrize("purpose", [module.DRAW, module.SPLIT, module.FOLD])
@pytest.mark.parametrize("count", [1, 37])
def test_the_kernel_finds_the_words_of_the_plain_program(purpose, count):
    keys = jnp.array([[1, 2], [0xFFFFFFFF, 0x7F800001]], jnp.uint32)
    first = jnp.array([0xFFFFFFF0, 5], jnp.uint32)  # counts on from 0 after the largest
    ways = module.in_registers, module.in_memory
    fast, plain = (jax.vmap(lambda k, f, way=way: way(purpose, count, k, f)) for way in ways)
    np.testing.assert_array_equal(fast(keys, first), plain(keys, first))


def key(number=0):
    return jax.random.key(number, impl=GENERATOR)


@pytest.mark.slow
def test_uniforms_are_uniform_in_every_bit_and_unrelated_to_their_neighbours():
    u = np.asarray(jax.random.uniform(key(), (2**20,)), np.float64)
    counts = np.bincount((u * 1024).astype(int), minlength=1024)
    assert stats.chisquare(counts).pvalue > 1e-4
    bits = np.asarray(jax.random.bits(key(1), (2**20,)))
    shares = [np.mean((bits >> place) & 1) for place in range(32)]
    np.testing.assert_allclose(shares, 0.5, atol=5 * 0.5 / 2**10)
    for lag in (1, 2, 20, 1024, 2**19):
        assert abs(np.corrcoef(u[:-lag], u[lag:])[0, 1]) < 5 / 2**9.5


@pytest.mark.long
def test_neighbouring_keys_steps_and_seeds_draw_unrelated_numbers():
    base = key()
    keys = [jax.random.fold_in(base, i) for i in range(8)]
    keys += [*jax.random.split(base, 4), *(key(number) for number in (1, 2, 3, 2**31 - 1, -1))]
    draws = np.stack([np.asarray(jax.random.uniform(k, (2**16,))) for k in keys])
    related = np.corrcoef(draws)[np.triu_indices(len(keys), 1)]
    assert np.abs(related).max() < 5.5 / 2**8
    assert len({tuple(np.asarray(jax.random.key_data(k)).tolist()) for k in keys}) == len(keys)


@pytest.mark.slow
def test_a_draw_is_the_same_alone_compiled_and_beside_other_keys():
    keys = jax.random.split(key(), 3)
    draw = lambda k: jax.random.uniform(k, (5, 7))  # noqa: E731
    together = jax.vmap(draw)(keys)
    for i in range(3):
        np.testing.assert_array_equal(together[i], draw(keys[i]))
        np.testing.assert_array_equal(together[i], jax.jit(draw)(keys[i]))


@pytest.mark.slow
@pytest.mark.parametrize("width", [8, 16, 32])
def test_bits_have_the_width_and_number_that_are_asked_for(width):
    words = jnp.array([1, 2], jnp.uint32)
    bits = random_bits(words, width, (3, 5))
    assert bits.dtype == f"uint{width}"
    assert bits.shape == (3, 5)
    assert random_bits(words, width, ()).shape == ()
    assert random_bits(words, width, (0,)).shape == (0,)


@pytest.mark.slow
def test_normals_have_the_moments_of_a_standard_normal():
    z = np.asarray(jax.random.normal(key(5), (2**18,)), np.float64)
    assert abs(z.mean()) < 5 / 2**9
    assert abs(z.var() - 1) < 5 * np.sqrt(2) / 2**9
    assert stats.kstest(z[:10_000], "norm").pvalue > 1e-4

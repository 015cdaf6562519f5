"""Random bits from a counter and a key: Threefry-2x32, written as straight-line code.

`jax.random` works with these keys as with its own. Its own implementation runs a loop over the
rounds and throws one of each two words away, which took a quarter of the training time.
"""

import math

import jax.numpy as jnp
from jax import lax
from jax.extend.random import define_prng_impl

from toysup.kernels.memory import written

ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
PARITY = 0x1BD11BDA
# The fewest that pass BigCrush. Its authors recommend 20 for a margin, which cost twice the time.
ROUNDS = 13
# The first word of the counter: what is made of a key for one purpose is never made for another.
DRAW, SPLIT, FOLD = range(3)


def threefry(key, counter, rounds=ROUNDS):
    """The two words, uint32, at a counter of two words, under a key (..., 2).

    Source: Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3".
    """
    schedule = key[..., 0], key[..., 1], key[..., 0] ^ key[..., 1] ^ jnp.uint32(PARITY)
    x, y = counter[0] + schedule[0], counter[1] + schedule[1]
    for number in range(rounds):
        turn = ROTATIONS[number // 4 % 2][number % 4]
        x = x + y
        y = ((y << jnp.uint32(turn)) | (y >> jnp.uint32(32 - turn))) ^ x
        if number % 4 == 3:
            part = number // 4 + 1
            x = x + schedule[part % 3]
            y = y + schedule[(part + 1) % 3] + jnp.uint32(part)
    return x, y


def seed(number):
    """The key of an integer."""
    number = jnp.asarray(number)
    high = lax.shift_right_logical(number, jnp.full_like(number, 32)) if number.itemsize > 4 else 0
    return jnp.stack([jnp.uint32(high), number.astype(jnp.uint32)])


def split(key, shape):
    """Keys, `(*shape, 2)`, made of one."""
    number = lax.iota(jnp.uint32, math.prod(shape))
    words = threefry(key, (jnp.full_like(number, SPLIT), number))
    return jnp.stack(words, axis=-1).reshape(*shape, 2)


def fold_in(key, number):
    """The key of a key and an integer."""
    number = jnp.uint32(number)
    return jnp.stack(threefry(key, (jnp.full_like(number, FOLD), number)))


def random_bits(key, width, shape):
    """Unsigned integers of `width` bits: 8, 16 or 32. Nothing here computes in 64."""
    if width > 32:
        raise NotImplementedError(f"{width} random bits at a time")
    count = math.prod(shape)
    number = lax.iota(jnp.uint32, (count + 1) // 2)
    counter = jnp.full_like(number, DRAW), number
    bits = written(key, lambda: jnp.concatenate(threefry(key, counter)))
    bits = bits[:count].reshape(shape)
    return bits.astype(f"uint{width}") if width < 32 else bits


GENERATOR = define_prng_impl(
    key_shape=(2,),
    seed=seed,
    split=split,
    random_bits=random_bits,
    fold_in=fold_in,
    name="toysup_threefry",
    tag="tts",
)

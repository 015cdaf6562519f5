"""Random bits from a counter and a key: Threefry-2x32, written as straight-line code.

`jax.random` works with these keys as with its own. Its own implementation runs a loop over the
rounds and throws one of each two words away, which took a quarter of the training time. XLA needs
as long to compile the rounds as for the rest of a step, so on a processor they are a kernel.
"""

import math
from functools import partial

import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.extend.random import define_prng_impl

from toysup.kernels.memory import written
from toysup.vectors.call import Kernel
from toysup.vectors.code import Array, Code
from toysup.vectors.usable import chosen
from toysup.vectors.vector import Words, whole_vectors

ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
PARITY = 0x1BD11BDA
# The fewest that pass BigCrush. Its authors recommend 20 for a margin, which cost twice the time.
ROUNDS = 13
# The first word of the counter: what is made of a key for one purpose is never made for another.
DRAW, SPLIT, FOLD = range(3)


def threefry(key, counter, rounds=ROUNDS):
    """The two words at a counter of two words, under a key of two words.

    Words are uint32 arrays of jax or `Words` of a kernel: both are added, shifted and joined alike.

    Source: Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3".
    """
    schedule = *key, key[0] ^ key[1] ^ np.uint32(PARITY)
    x, y = counter[0] + schedule[0], counter[1] + schedule[1]
    for number in range(rounds):
        turn = ROTATIONS[number // 4 % 2][number % 4]
        x = x + y
        y = ((y << np.uint32(turn)) | (y >> np.uint32(32 - turn))) ^ x
        if number % 4 == 3:
            part = number // 4 + 1
            x = x + schedule[part % 3]
            y = y + schedule[(part + 1) % 3] + np.uint32(part)
    return x, y


def words(purpose, key, first, count):
    """The words at `count` counters, (2, count), that begin with the number `first`."""
    first = jnp.asarray(first, jnp.uint32)
    ways = (partial(way, purpose, count) for way in (in_registers, in_memory))
    return chosen(*ways, key, first, dtype=jnp.uint32)


def in_registers(purpose, count, key, first):
    room = 2, whole_vectors(count)
    (found,) = KERNEL(key, first[None], results=(room,), purpose=purpose)
    return found[:, :count]


def in_memory(purpose, count, key, first):
    number = first + lax.iota(jnp.uint32, count)

    def compute():
        return jnp.stack(threefry((key[0], key[1]), (jnp.full_like(number, purpose), number)))

    return written(key, compute) if purpose == DRAW else compute()


def write(code: Code, key: Array, first: Array, found: Array, purpose: int):
    """The two words at each counter, a row each."""
    both, start = (key[0].words, key[1].words), first[0].words

    def at(span):
        counter = Words.of(code, purpose), start + span.numbers
        for row, part in enumerate(threefry(both, counter)):
            found[row, span] = part.vector

    code.each_span(found.shape[1], at)


KERNEL = Kernel("threefry", write, jnp.uint32)


def seed(number):
    """The key of an integer."""
    number = jnp.asarray(number)
    high = lax.shift_right_logical(number, jnp.full_like(number, 32)) if number.itemsize > 4 else 0
    return jnp.stack([jnp.uint32(high), number.astype(jnp.uint32)])


def split(key, shape):
    """Keys, `(*shape, 2)`, made of one."""
    return words(SPLIT, key, 0, math.prod(shape)).T.reshape(*shape, 2)


def fold_in(key, number):
    """The key of a key and an integer."""
    return words(FOLD, key, number, 1)[:, 0]


def random_bits(key, width, shape):
    """Unsigned integers of `width` bits: 8, 16 or 32. Nothing here computes in 64."""
    if width > 32:
        raise NotImplementedError(f"{width} random bits at a time")
    count = math.prod(shape)
    bits = words(DRAW, key, 0, (count + 1) // 2).reshape(-1)[:count].reshape(shape)
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

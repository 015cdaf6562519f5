"""Every kernel in memory that it may not leave: `python -m tests.faults.every_kernel 1 17`.

See `guarded`. The numbers are sizes; without any it is all from 1 to 70, more than four vectors.
"""

import itertools
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from unittest import mock

import jax
import jax.numpy as jnp

from tests.faults.guarded import Call, check
from toysup.kernels import (
    potential,
    product,
    reconstruction,
    similarities,
    softplus,
    sort,
    unbounded,
)
from toysup.vectors import call

SIZES = range(1, 71)
DIMENSIONS = (2, 6)


def calls(operation: Callable, *shapes: call.Shape) -> list[Call]:
    """What kernels an operation calls, of arrays of some shapes."""
    made = []

    def record(*key):
        made.append(Call(*key))
        return "recorded"

    with mock.patch.object(call, "compiled", record):
        jax.eval_shape(operation, *(jax.ShapeDtypeStruct(shape, jnp.float32) for shape in shapes))
    return made


def operations(d: int, size: int) -> Iterator[list[Call]]:
    """What each operation with a kernel calls, for `size` samples in d dimensions."""
    n = 3
    pair, features = ((d, size),) * 2, (n, size)
    for gradient in (False, True):
        for entropy in (similarities, unbounded):
            yield calls(partial(entropy.in_registers, gradient), *pair)
        for rectified in (False, True):
            error = partial(reconstruction.in_registers, gradient, rectified)
            yield calls(error, (d, n), (n,), (d, size), features, (n,))
    yield calls(softplus.in_registers, *pair)
    yield calls(lambda z: potential.in_registers(z, 1.0), (d, size))
    yield calls(product.in_registers, (d, size), features)
    yield calls(sort.in_registers, (size, d))


def main(sizes: Iterable[int]) -> None:
    """Each kernel at these sizes; prints each before it is called."""
    seen = set()
    for size, d in itertools.product(sizes, DIMENSIONS):
        for made in itertools.chain.from_iterable(operations(d, size)):
            if made not in seen:
                seen.add(made)
                print(f"{made.kernel.name} {made.operands} {dict(made.settings)}", flush=True)
                check(made)
    print(len(seen), "kernels stayed in their memory")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SIZES)

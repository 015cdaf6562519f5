"""Programs that run once for each model, which wait for their compiler longer than they run."""

from collections.abc import Callable
from functools import cache, partial, wraps

import jax

# XLA's older code for fused loops takes a third less time to compile. Training keeps the newer: it
# is up to twice as fast.
OPTIONS = {"xla_cpu_use_fusion_emitters": False}


def quick_jit(function: Callable | None = None, **options) -> Callable:
    """`jax.jit` with options that make compilation quick, where this XLA knows them."""
    if function is None:
        return partial(quick_jit, **options)
    program = cache(lambda: jax.jit(function, compiler_options=known(), **options))

    @wraps(function)
    def call(*arguments):
        return program()(*arguments)

    return call


@cache
def known() -> dict[str, bool]:
    """The options, or none where XLA refuses them."""
    try:
        jax.jit(lambda: 0, compiler_options=OPTIONS)()
    except jax.errors.JaxRuntimeError:
        return {}
    return OPTIONS

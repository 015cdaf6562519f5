"""Programs that run once for each model, which wait for their compiler longer than they run."""

from collections.abc import Callable
from functools import cache, partial, wraps

import jax

# XLA's older code for fused loops takes a third less time to compile. Training keeps the newer: it
# is up to twice as fast.
OPTIONS: dict[str, bool | int] = {"xla_cpu_use_fusion_emitters": False}
# Half of that again, for programs that run a few times on a few numbers.
UNOPTIMISED = OPTIONS | {"xla_backend_optimization_level": 0}


def quick_jit(function: Callable | None = None, optimised: bool = True, **options) -> Callable:
    """`jax.jit` with options that make compilation quick, where this XLA knows them.

    Of what is not `optimised`, a lane may differ in its last bits from the same lane alone.
    """
    if function is None:
        return partial(quick_jit, optimised=optimised, **options)
    program = cache(lambda: jax.jit(function, compiler_options=known(optimised), **options))

    @wraps(function)
    def call(*arguments):
        return program()(*arguments)

    return call


@cache
def known(optimised: bool) -> dict[str, bool | int]:
    """The options, or none where XLA refuses them."""
    options = OPTIONS if optimised else UNOPTIMISED
    try:
        jax.jit(lambda: 0, compiler_options=options)()
    except jax.errors.JaxRuntimeError:
        return {}
    return options

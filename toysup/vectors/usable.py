"""Whether kernels run here: tried out once, on numbers whose answer is known."""

import os
import sys
from collections.abc import Callable
from functools import cache

import jax
import jax.numpy as jnp
import numpy as np

from toysup.vectors.call import Kernel
from toysup.vectors.code import Array, Code
from toysup.vectors.vector import WIDTH

SWITCH = "TOYSUP_KERNELS"  # "off": the same in XLA's own loops


@cache
def usable() -> bool:
    """Whether kernels are on, and what they compute is right. Says so in a line where it is not."""
    if os.environ.get(SWITCH, "").lower() == "off" or a_card_may_run():
        return False
    try:
        fault = None if doubles() else "they compute something else"
    except Exception as error:
        fault = " ".join(f"{type(error).__name__}: {error}".split())
    if fault:
        line = f"toysup: its kernels do not run here ({fault}); XLA's own loops take their place"
        print(f"{line}, which are slower. {SWITCH}=off is silent.", file=sys.stderr)
    return not fault


def a_card_may_run() -> bool:
    """Whether anything but the processor may run a program: kernels are made for processors."""
    named = jax.config.values["jax_platforms"]
    return jax.default_backend() != "cpu" or named not in (None, "", "cpu")


def double(code: Code, x: Array, y: Array) -> None:
    """The program that is tried out: y = 2 x."""
    code.each_span(WIDTH, lambda span: y.__setitem__(span, x[span] * 2.0))


def doubles() -> bool:
    """Whether a compiled kernel doubles some numbers. Compiled ahead, so that it may be asked for
    while another program is traced."""
    x = np.arange(WIDTH, dtype=np.float32)
    kernel = Kernel("double", double)
    program = jax.jit(lambda x: kernel(x, results=((WIDTH,),))[0])
    return np.array_equal(program.lower(x).compile()(x), 2 * x)


def chosen(
    fast: Callable, plain: Callable, *arguments, where: bool = True, dtype: type = jnp.float32
):
    """`fast`, which calls a kernel, `where` that is worth it, if all arguments are of `dtype`;
    `plain` elsewhere, and where kernels are off or do not run."""
    fits = all(jnp.result_type(argument) == dtype for argument in arguments)
    return fast(*arguments) if where and fits and usable() else plain(*arguments)

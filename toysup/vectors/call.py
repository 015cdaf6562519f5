"""A kernel written in `code` as an operation of jax: compiled once a shape, called by XLA."""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import jax
import jax.numpy as jnp
from llvmlite import ir

from toysup.vectors.code import POINTER, Array, Code
from toysup.vectors.compiler import address, capsule
from toysup.vectors.vector import whole_vectors
from toysup.vectors.xla import handler

Shape = tuple[int, ...]
HANDLER = "handler"
known = set()  # names that XLA has been told of
compiling = threading.Lock()  # two threads would tell XLA of one name twice


@dataclass(frozen=True)
class Kernel:
    """An operation on arrays of `dtype`, float32 or uint32. `write(code, *arrays, **settings)`
    writes its program for one instance; the arrays are its operands, its results and its scratch.

    `vmap` runs it for one instance after the other. All of them work on the first one's scratch,
    but XLA sets memory aside for each. It has no derivative of its own.
    """

    name: str
    write: Callable
    dtype: type = jnp.float32

    def __call__(
        self,
        *operands: jax.Array,
        results: tuple[Shape, ...],
        scratch: tuple[Shape, ...] = (),
        **settings,
    ) -> tuple[jax.Array, ...]:
        """The results. TypeError for operands of another type."""
        takes = jnp.dtype(self.dtype)
        for operand in operands:
            if operand.dtype != takes:
                raise TypeError(f"kernel {self.name}: takes {takes}, not {operand.dtype}")
        shapes = tuple(operand.shape for operand in operands)
        with compiling:
            name = compiled(self, shapes, results, scratch, tuple(settings.items()))
        kinds = [jax.ShapeDtypeStruct(shape, takes) for shape in (*results, *scratch)]
        call = jax.ffi.ffi_call(name, kinds, vmap_method="broadcast_all")
        return tuple(call(*operands)[: len(results)])


def padded(x):
    """x with zeros behind, so that its last axis is whole vectors."""
    spare = whole_vectors(x.shape[-1]) - x.shape[-1]
    return jnp.pad(x, [(0, 0)] * (x.ndim - 1) + [(0, spare)]) if spare else x


@cache
def compiled(
    kernel: Kernel,
    operands: tuple[Shape, ...],
    results: tuple[Shape, ...],
    scratch: tuple[Shape, ...],
    settings: tuple[tuple, ...],
) -> str:
    """The name under which XLA knows a kernel for arrays of these shapes."""
    module = ir.Module(kernel.name)
    instance = program(module, kernel, (*operands, *results, *scratch), dict(settings))
    handler(module, HANDLER, instance, operands, results, scratch)
    # By what it does: XLA keeps programs, with this name in them, for later processes.
    name = f"toysup_{kernel.name}_{hashlib.sha256(str(module).encode()).hexdigest()[:16]}"
    if name not in known:
        jax.ffi.register_ffi_target(name, capsule(address(module, HANDLER)), platform="cpu")
        known.add(name)
    return name


def program(module: ir.Module, kernel: Kernel, shapes, settings: dict) -> ir.Function:
    """The kernel for one instance: a function of pointers to its arrays."""
    kind = ir.FunctionType(ir.VoidType(), [POINTER] * len(shapes))
    function = ir.Function(module, kind, "instance")
    for argument in function.args:
        argument.add_attribute("noalias")
    code = Code(ir.IRBuilder(function.append_basic_block()))
    arrays = [Array(code, *pair) for pair in zip(function.args, shapes, strict=True)]
    kernel.write(code, *arrays, **settings)
    code.builder.ret_void()
    return function

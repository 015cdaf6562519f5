"""A kernel written in `code` as an operation of jax: compiled once a shape, called by XLA.

XLA calls a C function, and this is one, written in LLVM's language like the kernel. What the two
agree on is in xla/ffi/api/c_api.h, which comes with jaxlib: the structures below are its first
fields, which no later version moves.
"""

import ctypes
import hashlib
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import jax
import jax.numpy as jnp
import llvmlite.binding as llvm
from jax import lax
from llvmlite import ir

from toysup.kernels.code import FLOAT, INTEGER, WORD, Array, Code, integer, whole_vectors

POINTER = ir.PointerType()


def structure(*fields: ir.Type) -> ir.Type:
    return ir.LiteralStructType(fields)


VERSION = structure(INTEGER, POINTER, WORD, WORD)  # ..., major, minor
API = structure(INTEGER, POINTER, VERSION)
METADATA = structure(INTEGER, VERSION, WORD)  # ..., traits
EXTENSION = structure(INTEGER, WORD, POINTER, POINTER)  # ..., metadata
BUFFERS = structure(INTEGER, POINTER, INTEGER, POINTER, POINTER)  # ..., count, kinds, buffers
BUFFER = structure(INTEGER, POINTER, WORD, POINTER, INTEGER, POINTER)  # ..., data, rank, lengths
FRAME = structure(INTEGER, POINTER, POINTER, POINTER, WORD, BUFFERS, BUFFERS)
# Fields of FRAME.
ASKED, ITS_API, OPERANDS, RESULTS = 1, 2, 5, 6

Shape = tuple[int, ...]
running = []  # the compiled programs, which are freed with their objects
one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Kernel:
    """An operation on float32 arrays. `write(code, *arrays, **settings)` writes its program for one
    instance; the arrays are its operands, its results and its scratch.

    `vmap` runs it for one instance after the other, with one scratch for all of them.
    """

    name: str
    write: Callable

    def __call__(
        self, *operands, results: list[Shape], scratch: tuple[Shape, ...] = (), **settings
    ):
        """The results."""
        shapes = tuple(operand.shape for operand in operands)
        with one_at_a_time:
            name = compiled(
                self, shapes, tuple(results), tuple(scratch), tuple(sorted(settings.items()))
            )
        kinds = [jax.ShapeDtypeStruct(shape, jnp.float32) for shape in (*results, *scratch)]
        call = jax.ffi.ffi_call(name, kinds, vmap_method="broadcast_all")
        return tuple(call(*operands)[: len(results)])


def chosen(fast: Callable, plain: Callable, worth: bool, *arguments):
    """`fast`, which calls a kernel, on a processor where that is worth it; `plain` elsewhere, and
    for other arrays than those of float32."""
    if not worth or jnp.result_type(*arguments) != jnp.float32:
        return plain(*arguments)
    return lax.platform_dependent(*arguments, cpu=fast, default=plain)


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
    asked = repr((operands, results, scratch, settings)).encode()
    name = f"toysup_{kernel.name}_{hashlib.sha256(asked).hexdigest()[:16]}"
    module = ir.Module(name)
    instance = program(module, kernel, (*operands, *results, *scratch), dict(settings))
    handler(module, name, instance, operands, results, scratch)
    jax.ffi.register_ffi_target(name, capsule(address(module, name)), platform="cpu")
    return name


def program(module: ir.Module, kernel: Kernel, shapes, settings: dict) -> ir.Function:
    """The kernel for one instance: a function of pointers to its arrays."""
    kind = ir.FunctionType(ir.VoidType(), [POINTER] * len(shapes))
    function = ir.Function(module, kind, "instance")
    for argument in function.args:
        argument.add_attribute("noalias")
    code = Code(module, ir.IRBuilder(function.append_basic_block()))
    arrays = [Array(code, *pair) for pair in zip(function.args, shapes, strict=True)]
    kernel.write(code, *arrays, **settings)
    code.builder.ret_void()
    return function


def handler(module: ir.Module, name: str, instance: ir.Function, operands, results, scratch):
    """The function that XLA calls, for any number of instances: what leads the operands' shapes."""
    function = ir.Function(module, ir.FunctionType(POINTER, [POINTER]), name)
    code = Code(module, ir.IRBuilder(function.append_basic_block()))
    builder, (frame,), done = code.builder, function.args, ir.Constant(POINTER, None)

    def field(pointer, kind, *path):
        path = [ir.Constant(WORD, number) for number in (0, *path)]
        return builder.gep(pointer, path, source_etype=kind)

    def read(pointer, kind, *path):
        found = kind
        for number in path:
            found = found.elements[number]
        return builder.load(field(pointer, kind, *path), typ=found)

    asked = read(frame, FRAME, ASKED)
    with builder.if_then(builder.icmp_unsigned("!=", asked, done)):
        # Not a call yet: XLA asks for which version this was written. For its own.
        metadata, api = read(asked, EXTENSION, 3), read(frame, FRAME, ITS_API)
        for part in (2, 3):
            builder.store(read(api, API, 2, part), field(metadata, METADATA, 1, part))
        builder.store(ir.Constant(WORD, 0), field(metadata, METADATA, 2))
        builder.ret(done)

    def buffers(which, count):
        list_of_them = read(frame, FRAME, which, 4)
        places = [
            builder.gep(list_of_them, [integer(k)], source_etype=POINTER) for k in range(count)
        ]
        return [builder.load(place, typ=POINTER) for place in places]

    given = buffers(OPERANDS, len(operands))
    data = [
        read(buffer, BUFFER, 3) for buffer in given + buffers(RESULTS, len(results) + len(scratch))
    ]
    lengths, leading = read(given[0], BUFFER, 5), builder.alloca(INTEGER)
    builder.store(integer(1), leading)

    def count(axis):
        length = builder.load(builder.gep(lengths, [axis], source_etype=INTEGER), typ=INTEGER)
        builder.store(builder.mul(builder.load(leading, typ=INTEGER), length), leading)

    code.loop(0, builder.sub(read(given[0], BUFFER, 4), integer(len(operands[0]))), 1, count)
    floats = [math.prod(shape) for shape in (*operands, *results)] + [0] * len(scratch)

    def run(number):
        builder.call(
            instance,
            [
                builder.gep(start, [builder.mul(number, integer(step))], source_etype=FLOAT)
                for start, step in zip(data, floats, strict=True)
            ],
        )

    code.loop(0, builder.load(leading, typ=INTEGER), 1, run)
    builder.ret(done)


def address(module: ir.Module, name: str) -> int:
    """Where the compiled function of a module is."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    features = llvm.get_host_cpu_features()
    if features.get("avx512f"):  # some have vectors of 512 bits, and are taken to like 256 better
        features["prefer-256-bit"] = False
    processor = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=features.flatten(), opt=3, jit=True
    )
    parsed = llvm.parse_assembly(str(module))
    parsed.verify()
    passes = llvm.create_pass_builder(processor, llvm.create_pipeline_tuning_options(speed_level=3))
    passes.getModulePassManager().run(parsed, passes)
    engine = llvm.create_mcjit_compiler(parsed, processor)
    engine.finalize_object()
    running.append(engine)
    return engine.get_function_address(name)


def capsule(pointer: int):
    """A C function's address as Python passes it on."""
    new = ctypes.pythonapi.PyCapsule_New
    new.restype, new.argtypes = (
        ctypes.py_object,
        (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p),
    )
    return new(pointer, None, None)

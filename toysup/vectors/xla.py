"""The C function that XLA calls for a kernel, written in LLVM's language like the kernel.

What the two agree on is in xla/ffi/api/c_api.h, which comes with jaxlib. The structures below are
its first fields, by version 0.1 of that file; XLA refuses the function where it has gone on to
others.
"""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

from llvmlite import ir

from toysup.vectors.code import FLOAT_BYTES, POINTER, Code
from toysup.vectors.vector import FLOAT, INTEGER, WORD, integer

BIT, NULL = ir.IntType(1), ir.Constant(POINTER, None)
VERSION = {2: 0, 3: 1}  # major and minor, by their places in API_VERSION


def structure(*fields: ir.Type) -> ir.Type:
    return ir.LiteralStructType(fields)


API_VERSION = structure(INTEGER, POINTER, WORD, WORD)
METADATA = structure(INTEGER, API_VERSION, WORD)  # ..., traits
EXTENSION = structure(INTEGER, WORD, POINTER, POINTER)  # ..., type, next, metadata
BUFFERS = structure(INTEGER, POINTER, INTEGER, POINTER, POINTER)  # ..., size, types, args or rets
BUFFER = structure(INTEGER, POINTER, WORD, POINTER, INTEGER, POINTER)  # ..., data, rank, dims
CALL_FRAME = structure(INTEGER, POINTER, POINTER, POINTER, WORD, BUFFERS, BUFFERS)
# Fields of CALL_FRAME.
EXTENSION_START, ARGS, RETS = 1, 5, 6


def field(builder: ir.IRBuilder, pointer: ir.Value, kind: ir.Type, *path: int) -> ir.Value:
    """Where a field of a structure is."""
    return builder.gep(pointer, [ir.Constant(WORD, k) for k in (0, *path)], source_etype=kind)


def read(builder: ir.IRBuilder, pointer: ir.Value, kind: ir.Type, *path: int) -> ir.Value:
    """What is in it."""
    place = field(builder, pointer, kind, *path)
    found: Any = kind  # a structure, but for the last
    for k in path:
        found = found.elements[k]
    return builder.load(place, typ=found)


def handler(module: ir.Module, name: str, instance: ir.Function, operands, results, scratch):
    """The function that XLA calls, for any number of instances: what leads the operands' shapes.

    An instance with the operands of the one before it gets a copy of its results: the conditions of
    a sweep are filled up with copies of the last one, until a group is full.
    """
    function = ir.Function(module, ir.FunctionType(POINTER, [POINTER]), name)
    code = Code(ir.IRBuilder(function.append_basic_block()))
    builder, (frame,) = code.builder, function.args
    answer_version(builder, frame)
    given = buffers(builder, frame, ARGS, len(operands))
    made = buffers(builder, frame, RETS, len(results) + len(scratch))
    starts = [read(builder, buffer, BUFFER, 3) for buffer in (*given, *made)]
    # Every instance works on the first one's scratch.
    steps = [math.prod(shape) for shape in (*operands, *results)] + [0] * len(scratch)

    def places_of(number):
        return [
            builder.gep(start, [builder.mul(number, integer(step))], source_etype=FLOAT)
            for start, step in zip(starts, steps, strict=True)
        ]

    def run(number):
        here, before = places_of(number), places_of(code.minus(number, 1))
        pairs = list(zip(here, before, steps, strict=True))[: len(operands) + len(results)]
        is_copy = builder.icmp_signed(">", number, integer(0))
        for pair in pairs[: len(operands)]:
            is_copy = and_then(builder, is_copy, partial(same_bits, builder, *pair))
        with builder.if_else(is_copy) as (copy, new):
            with copy:
                for pair in pairs[len(operands) :]:
                    copy_bits(builder, *pair)
            with new:
                builder.call(instance, here)

    code.loop(0, number_of_instances(code, given[0], len(operands[0])), 1, run)
    builder.ret(NULL)


def and_then(builder: ir.IRBuilder, first: ir.Value, second: Callable) -> ir.Value:
    """Whether both are true; the second one is not looked at where the first is false."""
    before = builder.block
    with builder.if_then(first):
        found, inside = second(), builder.block
    both = builder.phi(BIT)
    both.add_incoming(ir.Constant(BIT, False), before)
    both.add_incoming(found, inside)
    return both


def same_bits(builder: ir.IRBuilder, one: ir.Value, other: ir.Value, floats: int) -> ir.Value:
    """Whether so many floats are alike in both places."""
    kind = ir.FunctionType(WORD, [POINTER, POINTER, INTEGER])
    compare = known(builder.module, "memcmp", kind)
    difference = builder.call(compare, [one, other, integer(FLOAT_BYTES * floats)])
    return builder.icmp_signed("==", difference, ir.Constant(WORD, 0))


def copy_bits(builder: ir.IRBuilder, to: ir.Value, source: ir.Value, floats: int) -> None:
    """Copy so many floats."""
    kind = ir.FunctionType(POINTER, [POINTER, POINTER, INTEGER])
    builder.call(known(builder.module, "memcpy", kind), [to, source, integer(FLOAT_BYTES * floats)])


def known(module: ir.Module, name: str, kind: ir.FunctionType) -> ir.Function:
    """A function of C's library."""
    return module.globals.get(name) or ir.Function(module, kind, name)


def answer_version(builder: ir.IRBuilder, frame: ir.Value) -> None:
    """Return, having said for which version this is written, if that is all that is asked."""
    extension = read(builder, frame, CALL_FRAME, EXTENSION_START)
    with builder.if_then(builder.icmp_unsigned("!=", extension, NULL)):
        metadata = read(builder, extension, EXTENSION, 3)
        for k, number in VERSION.items():
            place = field(builder, metadata, METADATA, 1, k)
            builder.store(ir.Constant(WORD, number), place)
        builder.store(ir.Constant(WORD, 0), field(builder, metadata, METADATA, 2))
        builder.ret(NULL)


def buffers(builder: ir.IRBuilder, frame: ir.Value, which: int, count: int) -> list[ir.Value]:
    """The operands or the results of a call."""
    first = read(builder, frame, CALL_FRAME, which, 4)
    places = [builder.gep(first, [integer(k)], source_etype=POINTER) for k in range(count)]
    return [builder.load(place, typ=POINTER) for place in places]


def number_of_instances(code: Code, buffer: ir.Value, rank: int) -> ir.Value:
    """The product of the lengths of a buffer's axes before its last `rank`."""
    builder = code.builder
    lengths, product = read(builder, buffer, BUFFER, 5), builder.alloca(INTEGER)
    builder.store(integer(1), product)

    def times(axis):
        length = builder.load(builder.gep(lengths, [axis], source_etype=INTEGER), typ=INTEGER)
        builder.store(builder.mul(builder.load(product, typ=INTEGER), length), product)

    code.loop(0, code.minus(read(builder, buffer, BUFFER, 4), rank), 1, times)
    return builder.load(product, typ=INTEGER)

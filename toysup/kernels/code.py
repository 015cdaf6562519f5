"""The language of the innermost loops: vectors of floats, compiled by LLVM for this processor.

XLA hands what one loop computes to the next through memory. A kernel in this language says itself
what stays in registers. It is a Python function that writes the program of one instance: a Python
loop is unrolled, and `Code.each` is a loop of the program.
"""

from collections.abc import Callable

import numpy as np
from llvmlite import ir

# Floats in a vector. A processor with shorter ones takes several for it, and rounds alike.
WIDTH = 16

FLOAT, INTEGER, WORD = ir.FloatType(), ir.IntType(64), ir.IntType(32)
VECTOR, WORDS = ir.VectorType(FLOAT, WIDTH), ir.VectorType(WORD, WIDTH)
MASK = ir.VectorType(ir.IntType(1), WIDTH)
# Bytes between addresses that a float can be at; those of vectors are not known to be rounder.
FLOAT_BYTES = 4
# A product and a sum may be rounded once, where the processor can.
FUSED = ("contract",)


def whole_vectors(count: int) -> int:
    """The floats of as many vectors as `count` floats take."""
    return -(-count // WIDTH) * WIDTH


def integer(value) -> ir.Value:
    return ir.Constant(INTEGER, value) if isinstance(value, int) else value


class Vector:
    """WIDTH floats of the program. A Python number beside one stands for a vector of it."""

    def __init__(self, code: "Code", value: ir.Value):
        self.code, self.value = code, value

    def _with(self, operation: str, other) -> "Vector":
        do = getattr(self.code.builder, operation)
        return Vector(self.code, do(self.value, self.code.vector(other).value, flags=FUSED))

    def __add__(self, other):
        return self._with("fadd", other)

    def __sub__(self, other):
        return self._with("fsub", other)

    def __mul__(self, other):
        return self._with("fmul", other)

    def __truediv__(self, other):
        return self._with("fdiv", other)

    @property
    def total(self) -> ir.Value:
        """The sum of its floats, as a float: of halves, of halves of that, and so on."""
        builder, left, width = self.code.builder, self.value, WIDTH
        while width > 1:
            width //= 2
            halves = [
                builder.shuffle_vector(
                    left, left, ir.Constant(ir.VectorType(WORD, width), list(places))
                )
                for places in (range(width), range(width, 2 * width))
            ]
            left = builder.fadd(*halves)
        return builder.extract_element(left, ir.Constant(WORD, 0))

    def within(self, bound: float) -> "Vector":
        """Cut off at the bound, on either side of 0. NaN stays NaN."""
        cut = self
        for sign, limit in ((">", bound), ("<", -bound)):
            limit = self.code.vector(limit)
            beyond = self.code.builder.fcmp_ordered(sign, cut.value, limit.value)
            cut = self.code.select(beyond, limit, cut)
        return cut

    def rounded(self) -> "Vector":
        """To the nearest integers."""
        return self.code.intrinsic(f"llvm.rint.v{WIDTH}f32", self)

    def doubled(self, times: "Vector") -> "Vector":
        """Times 2^times, for integers `times` with which no float leaves the range of a float."""
        builder = self.code.builder
        exponent = builder.shl(builder.fptosi(times.value, WORDS), ir.Constant(WORDS, [23] * WIDTH))
        bits = builder.add(builder.bitcast(self.value, WORDS), exponent)
        return Vector(self.code, builder.bitcast(bits, VECTOR))

    def ordered(self, other: "Vector") -> tuple["Vector", "Vector"]:
        """The smaller and the larger of the two, float by float."""
        below = self.code.builder.fcmp_ordered("<", self.value, other.value)
        return self.code.select(below, self, other), self.code.select(below, other, self)

    def where_positive(self, other: "Vector") -> "Vector":
        """0 where it is 0 or below, and the other vector elsewhere, as where it is NaN."""
        zero = self.code.vector(0.0)
        above = self.code.builder.fcmp_unordered(">", self.value, zero.value)
        return self.code.select(above, other, zero)


class Span:
    """Neighbouring columns that a vector holds: the first one, and how many there really are."""

    def __init__(self, code: "Code", start, width: int = WIDTH):
        self.code, self.start, self.width = code, integer(start), width

    def keep(self, vector: Vector) -> Vector:
        """The vector, with 0 in place of columns that there are not, whatever they hold."""
        if self.width == WIDTH:
            return vector
        there = ir.Constant(MASK, [i < self.width for i in range(WIDTH)])
        return self.code.select(there, vector, self.code.vector(0.0))

    def without(self, row, vector: Vector) -> Vector:
        """The vector, with 0 in the column of the same number as `row`."""
        return self.code.select(self._is_at(row), self.code.vector(0.0), vector)

    def turned(self, row, vector: Vector) -> Vector:
        """The vector, with the other sign in the column of the same number as `row`."""
        return self.code.select(self._is_at(row), vector * -1.0, vector)

    def _is_at(self, row) -> ir.Value:
        builder = self.code.builder
        place = builder.trunc(builder.sub(integer(row), self.start), WORD)
        numbers = ir.Constant(WORDS, list(range(WIDTH)))
        return builder.icmp_signed("==", numbers, self.code.repeated(place, WORDS))


class Sum:
    """A vector that is added to while the program runs: in a register, if there is one left."""

    def __init__(self, code: "Code"):
        self.code = code
        with code.builder.goto_entry_block():
            self.place = code.builder.alloca(VECTOR)
        code.builder.store(code.vector(0.0).value, self.place)

    def add(self, vector: Vector) -> None:
        self.code.builder.store((self.vector + vector).value, self.place)

    @property
    def vector(self) -> Vector:
        return Vector(self.code, self.code.builder.load(self.place, typ=VECTOR))

    @property
    def total(self) -> ir.Value:
        return self.vector.total


class Array:
    """Floats in memory, of a known shape. Where its last axis is read in vectors, it is as long as
    `whole_vectors` of them."""

    def __init__(self, code: "Code", pointer: ir.Value, shape: tuple[int, ...]):
        self.code, self.pointer, self.shape = code, pointer, shape

    def _address(self, place) -> ir.Value:
        builder, offset = self.code.builder, integer(0)
        for index, length in zip(place, self.shape, strict=True):
            index = index.start if isinstance(index, Span) else integer(index)
            offset = builder.add(builder.mul(offset, integer(length)), index)
        return builder.gep(self.pointer, [offset], source_etype=FLOAT)

    def __getitem__(self, place) -> Vector:
        """The vector at a place that ends with a Span; the float at any other, repeated."""
        place = place if isinstance(place, tuple) else (place,)
        builder, address = self.code.builder, self._address(place)
        if isinstance(place[-1], Span):
            return Vector(self.code, builder.load(address, typ=VECTOR, align=FLOAT_BYTES))
        return Vector(self.code, self.code.repeated(builder.load(address, typ=FLOAT), VECTOR))

    def __setitem__(self, place, value) -> None:
        """Write a vector at a place that ends with a Span, or a float at any other."""
        place = place if isinstance(place, tuple) else (place,)
        if isinstance(value, Vector) != isinstance(place[-1], Span):
            raise TypeError("a vector goes to a span of columns, and a float to a single place")
        value = value.value if isinstance(value, Vector) else value
        self.code.builder.store(value, self._address(place), align=FLOAT_BYTES)


class Code:
    """A program as far as it is written."""

    def __init__(self, module: ir.Module, builder: ir.IRBuilder):
        self.module, self.builder = module, builder

    def vector(self, number) -> Vector:
        """A vector of a number; a vector stays."""
        if isinstance(number, Vector):
            return number
        return Vector(self, ir.Constant(VECTOR, [float(np.float32(number))] * WIDTH))

    def repeated(self, value: ir.Value, kind: ir.VectorType) -> ir.Value:
        """A vector of a float or a word of the program."""
        nothing = ir.Constant(kind, ir.Undefined)
        first = self.builder.insert_element(nothing, value, ir.Constant(WORD, 0))
        return self.builder.shuffle_vector(first, nothing, ir.Constant(WORDS, [0] * WIDTH))

    def select(self, condition: ir.Value, yes: Vector, no: Vector) -> Vector:
        return Vector(self, self.builder.select(condition, yes.value, no.value))

    def plus(self, one, other) -> ir.Value:
        """The sum of two whole numbers."""
        return self.builder.add(integer(one), integer(other))

    def minus(self, one, other) -> ir.Value:
        """The difference of two whole numbers."""
        return self.builder.sub(integer(one), integer(other))

    def halved(self, one, times) -> ir.Value:
        """A whole number of at least 0, halved some times."""
        return self.builder.lshr(integer(one), integer(times))

    def least(self, one, other) -> ir.Value:
        """The smaller of two whole numbers."""
        one, other = integer(one), integer(other)
        return self.builder.select(self.builder.icmp_signed("<", one, other), one, other)

    def intrinsic(self, name: str, vector: Vector) -> Vector:
        """What a function of LLVM's own makes of a vector."""
        kind = ir.FunctionType(VECTOR, [VECTOR])
        function = self.module.globals.get(name) or ir.Function(self.module, kind, name)
        return Vector(self, self.builder.call(function, [vector.value]))

    def loop(self, start, stop, step: int, body: Callable) -> None:
        """body(i) for i from `start` to below `stop`, by `step`."""
        builder, before = self.builder, self.builder.block
        head, inside, after = (builder.append_basic_block() for _ in range(3))
        builder.branch(head)
        builder.position_at_end(head)
        i = builder.phi(INTEGER)
        i.add_incoming(integer(start), before)
        builder.cbranch(builder.icmp_signed("<", i, integer(stop)), inside, after)
        builder.position_at_end(inside)
        body(i)
        i.add_incoming(self.plus(i, step), builder.block)
        builder.branch(head)
        builder.position_at_end(after)

    def each(self, count: int, at_once: int, body: Callable) -> None:
        """body([i, ...]) of `at_once` numbers below `count` at a time, and of those left over."""
        whole = count // at_once * at_once
        if whole:
            self.loop(
                0,
                whole,
                at_once,
                lambda i: body([self.plus(i, k) for k in range(at_once)]),
            )
        if whole < count:
            body([integer(i) for i in range(whole, count)])

    def each_span(self, count: int, body: Callable) -> None:
        """body(span) of each vector of `count` columns, the last of which may be in part."""
        self.each_spans(count, 1, lambda spans: body(*spans))

    def each_spans(self, count: int, at_once: int, body: Callable) -> None:
        """body([span, ...]) of `at_once` vectors of `count` columns at a time, and of the rest."""
        full = count // WIDTH

        def spans(numbers):
            return [Span(self, self.builder.mul(number, integer(WIDTH))) for number in numbers]

        self.each(full, at_once, lambda numbers: body(spans(numbers)))
        if full * WIDTH < count:
            body([Span(self, full * WIDTH, count - full * WIDTH)])

    def clear(self, array: Array) -> None:
        """Zero everywhere in an array whose last axis is whole vectors."""

        def zero(span):
            for lead in np.ndindex(array.shape[:-1]):
                array[*lead, span] = self.vector(0.0)

        self.each_span(array.shape[-1], zero)

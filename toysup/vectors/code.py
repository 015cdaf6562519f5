"""The language of the innermost loops: a program as it is written.

XLA hands what one loop computes to the next through memory. A kernel in this language says itself
what stays in registers. It is a Python function that writes the program of one instance: a Python
loop is unrolled, and `Code.each` is a loop of the program.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir

from toysup.vectors.vector import (
    FLOAT,
    INTEGER,
    VECTOR,
    WIDTH,
    WORD,
    WORDS,
    Span,
    Vector,
    integer,
)

# Bytes between addresses that a float can be at; those of vectors are not known to be rounder.
FLOAT_BYTES = 4
POINTER = ir.PointerType()
PREFETCH = "llvm.prefetch.p0"


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
            return Vector(self.code, builder.load(address, typ=place[-1].kind, align=FLOAT_BYTES))
        return Vector(self.code, self.code.repeated(builder.load(address, typ=FLOAT), VECTOR))

    def __setitem__(self, place, value) -> None:
        """Write a vector at a place that ends with a Span, or a float at any other."""
        place = place if isinstance(place, tuple) else (place,)
        if isinstance(value, Vector) != isinstance(place[-1], Span):
            raise TypeError("a vector goes to a span of columns, and a float to a single place")
        value = value.value if isinstance(value, Vector) else value
        self.code.builder.store(value, self._address(place), align=FLOAT_BYTES)

    def prefetch(self, *place) -> None:
        """Have what is at a place brought to the cache; it may be behind the array's end."""
        module = self.code.builder.module
        kind = ir.FunctionType(ir.VoidType(), [POINTER, WORD, WORD, WORD])
        if PREFETCH not in module.globals:
            ir.Function(module, kind, PREFETCH)
        to_read_soon = [ir.Constant(WORD, k) for k in (0, 3, 1)]
        self.code.builder.call(module.globals[PREFETCH], [self._address(place), *to_read_soon])

    def whole_number(self, *place) -> ir.Value:
        """What is at a place, written there as a word in place of a float."""
        word = self.code.builder.load(self._address(place), typ=WORD)
        return self.code.builder.zext(word, INTEGER)

    def rows(self, first, count: int) -> "Array":
        """Some of its rows, which are neighbours, as an array."""
        start = self._address((first,) + (0,) * (len(self.shape) - 1))
        return Array(self.code, start, (count, *self.shape[1:]))

    def row(self, number) -> "Array":
        """One of its rows, without the axis of rows."""
        return Array(self.code, self.rows(number, 1).pointer, self.shape[1:])


class Code:
    """A program as far as it is written."""

    def __init__(self, builder: ir.IRBuilder):
        # llvmlite's decorators hide from a type checker what its methods return.
        self.builder: Any = builder

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

    def divided(self, one, by: int) -> ir.Value:
        """A whole number of at least 0 by another, without the rest."""
        return self.builder.udiv(integer(one), integer(by))

    def halved(self, one, times) -> ir.Value:
        """A whole number of at least 0, halved some times."""
        return self.builder.lshr(integer(one), integer(times))

    def least(self, one, other) -> ir.Value:
        """The smaller of two whole numbers."""
        one, other = integer(one), integer(other)
        return self.builder.select(self.builder.icmp_signed("<", one, other), one, other)

    def loop(self, start, stop, step: int | ir.Value, body: Callable) -> None:
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

    def each_block(self, count: int, size: int, body: Callable) -> None:
        """body(start, length) of `size` of `count` columns at a time, and of those left over."""
        whole = count // size * size
        if whole:
            self.loop(0, whole, size, lambda start: body(start, size))
        if whole < count:
            body(integer(whole), count - whole)

    def each_chunk(self, count: int, size: int, at_once: int, body: Callable) -> None:
        """body(first, each) of `size` numbers below `count` at a time, or fewer. each(step, body)
        is body([i, ...]) of `step` of them at a time. `size` is a multiple of `at_once`, and
        that of `step`; numbers behind the last whole `at_once` are a chunk of their own, which may
        end with fewer than `step`."""
        whole = count // at_once * at_once

        def chunk(first):
            stop = self.least(self.plus(first, size), whole)

            def each(step, inner):
                def at(i):
                    inner([self.plus(i, k) for k in range(step)])

                self.loop(first, stop, step, at)

            body(first, each)

        def each_left(step, inner):
            for first in range(whole, count, step):
                inner([integer(i) for i in range(first, min(first + step, count))])

        if whole:
            self.loop(0, whole, size, chunk)
        if whole < count:
            body(integer(whole), each_left)

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

    def each_span_by_diagonal(self, count: int, rows: list, body: Callable) -> None:
        """body(span, may_be_own) of each vector of `count` columns, in order; may_be_own is False
        where no column has the number of one of the neighbouring `rows`."""
        full = count // WIDTH
        first, last = (self.divided(row, WIDTH) for row in (rows[0], rows[-1]))
        after = self.least(self.plus(last, 1), full)

        def at(number, may_be_own):
            body(Span(self, self.builder.mul(number, integer(WIDTH))), may_be_own)

        self.loop(0, first, 1, lambda number: at(number, False))
        self.loop(first, after, 1, lambda number: at(number, True))
        self.loop(after, full, 1, lambda number: at(number, False))
        if full * WIDTH < count:
            body(Span(self, full * WIDTH, count - full * WIDTH), True)

    def clear(self, array: Array) -> None:
        """Zero everywhere in an array whose last axis is whole vectors."""
        self.fill(array, 0.0)

    def fill(self, array: Array, number: float) -> None:
        """A number everywhere in an array whose last axis is whole vectors."""
        flat = Array(self, array.pointer, (math.prod(array.shape),))

        def put(span):
            flat[span] = self.vector(number)

        self.each_span(flat.shape[0], put)

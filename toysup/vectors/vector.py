"""Vectors of floats or words in a program under construction: what can be done with them.

Each stands for a value that the program of a `code.Code` will have, in a register if there is one.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir

# Floats in a vector. A processor with shorter ones takes several for it, and rounds alike.
WIDTH = 16
HALF = WIDTH // 2

FLOAT, INTEGER, WORD = ir.FloatType(), ir.IntType(64), ir.IntType(32)
VECTOR, WORDS = ir.VectorType(FLOAT, WIDTH), ir.VectorType(WORD, WIDTH)
MASK = ir.VectorType(ir.IntType(1), WIDTH)
NUMBERS = ir.Constant(WORDS, list(range(WIDTH)))
INTEGERS = 1.5 * 2**23  # floats of about this size have no fraction
# A product and a sum may be rounded once, where the processor can.
FUSED = ("contract",)


def whole_vectors(count: int) -> int:
    """The floats of as many vectors as `count` floats take."""
    return -(-count // WIDTH) * WIDTH


def integer(value) -> ir.Value:
    """A whole number of the program; one that is already stays."""
    return ir.Constant(INTEGER, value) if isinstance(value, int) else value


class Vector:
    """WIDTH floats of the program. A Python number beside one stands for a vector of it.

    Some have HALF of them, for the end of a row: those are loaded, stored, added and multiplied
    with others of their kind alone.
    """

    def __init__(self, code, value: ir.Value):
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
    def words(self) -> "Words":
        """The words that its floats are stored as."""
        return Words(self.code, self.code.builder.bitcast(self.value, WORDS))

    @property
    def kind(self) -> ir.VectorType:
        """The type of its value."""
        value: Any = self.value  # llvmlite says nothing of it
        return value.type

    def like(self, other: "Vector") -> "Vector":
        """As many of its floats as the other has."""
        if other.kind == self.kind:
            return self
        places = ir.Constant(ir.VectorType(WORD, other.kind.count), list(range(other.kind.count)))
        shuffled = self.code.builder.shuffle_vector(self.value, self.value, places)
        return Vector(self.code, shuffled)

    def interleaved(self, other: "Vector", start: int) -> "Vector":
        """HALF of its floats from `start` on and as many of the other's, in turn."""
        places = [start + k // 2 + WIDTH * (k % 2) for k in range(WIDTH)]
        both = self.value, other.value, ir.Constant(WORDS, places)
        return Vector(self.code, self.code.builder.shuffle_vector(*both))

    @property
    def first(self) -> ir.Value:
        """The first of its floats."""
        return self.code.builder.extract_element(self.value, ir.Constant(WORD, 0))

    def folded(self, pair: Callable) -> ir.Value:
        """What is left as its floats are paired: of halves, of halves of that, and so on."""
        builder, left, width = self.code.builder, self.value, WIDTH
        while width > 1:
            width //= 2
            halves = [
                builder.shuffle_vector(
                    left, left, ir.Constant(ir.VectorType(WORD, width), list(places))
                )
                for places in (range(width), range(width, 2 * width))
            ]
            left = pair(*halves)
        return builder.extract_element(left, ir.Constant(WORD, 0))

    @property
    def total(self) -> ir.Value:
        """The sum of its floats, as a float."""
        return self.folded(self.code.builder.fadd)

    @property
    def largest(self) -> ir.Value:
        """The largest of its floats, as a float; which one it is with NaN among them is open."""
        return self.folded(lambda one, other: larger(self.code.builder, one, other))

    def within(self, bound: float) -> "Vector":
        """Cut off at the bound, on either side of 0. NaN stays NaN."""
        limit = self.code.vector(bound)
        beyond = self.code.builder.fcmp_ordered(">", self.value, limit.value)
        return self.code.select(beyond, limit, self).at_least(-bound)

    def at_least(self, bound: float) -> "Vector":
        """The bound where it is below. NaN stays NaN."""
        limit = self.code.vector(bound)
        below = self.code.builder.fcmp_ordered("<", self.value, limit.value)
        return self.code.select(below, limit, self)

    def doubled(self, times: "Vector") -> "Vector":
        """Times 2^k, k being what the last bits of `times` hold, as those of INTEGERS + k do; with
        it no float may leave the range of a float. NaN stays NaN."""
        return (self.words + (times.words << 23)).vector

    def ordered(self, other: "Vector") -> tuple["Vector", "Vector"]:
        """The smaller and the larger of the two, float by float."""
        below = self.code.builder.fcmp_ordered("<", self.value, other.value)
        return self.code.select(below, self, other), self.code.select(below, other, self)

    def larger(self, other: "Vector") -> "Vector":
        """The larger of the two, float by float; with a NaN in `other`, the own one."""
        return Vector(self.code, larger(self.code.builder, self.value, other.value))

    def where_positive(self, other: "Vector") -> "Vector":
        """0 where it is 0 or below, and the other vector elsewhere, as where it is NaN."""
        zero = self.code.vector(0.0)
        above = self.code.builder.fcmp_unordered(">", self.value, zero.value)
        return self.code.select(above, other, zero)


def transposed(code, rows: list[Vector]) -> list[Vector]:
    """The columns of up to WIDTH rows, WIDTH of them, with zeros behind the last row."""
    found = rows + [code.vector(0.0)] * (WIDTH - len(rows))
    for _ in range(WIDTH.bit_length() - 1):
        pairs = list(zip(found[:HALF], found[HALF:], strict=True))
        found = [one.interleaved(other, part) for one, other in pairs for part in (0, HALF)]
    return found


class Words:
    """WIDTH unsigned words of 32 bits. A Python number beside them stands for words of it."""

    def __init__(self, code, value: ir.Value):
        self.code, self.value = code, value

    @classmethod
    def of(cls, code, number: int) -> "Words":
        """A number, WIDTH times."""
        return cls(code, ir.Constant(WORDS, [int(number)] * WIDTH))

    def _with(self, operation: str, other) -> "Words":
        other = other if isinstance(other, Words) else Words.of(self.code, other)
        return Words(self.code, getattr(self.code.builder, operation)(self.value, other.value))

    def __add__(self, other):
        return self._with("add", other)

    def __xor__(self, other):
        return self._with("xor", other)

    def __or__(self, other):
        return self._with("or_", other)

    def __lshift__(self, other):
        return self._with("shl", other)

    def __rshift__(self, other):
        return self._with("lshr", other)

    @property
    def vector(self) -> Vector:
        """The floats that are stored as these words."""
        return Vector(self.code, self.code.builder.bitcast(self.value, VECTOR))


class Span:
    """Neighbouring columns that a vector holds: the first one, and how many there really are."""

    def __init__(self, code, start, width: int = WIDTH, kind: ir.VectorType = VECTOR):
        self.code, self.start, self.width, self.kind = code, integer(start), width, kind

    def moved(self, by: ir.Value) -> "Span":
        """The columns that are so many further on."""
        return Span(self.code, self.code.plus(self.start, by), self.width, self.kind)

    @property
    def halved(self) -> "Span":
        """The columns in half of a vector, if that holds them."""
        kind = ir.VectorType(FLOAT, HALF) if self.width <= HALF else VECTOR
        return Span(self.code, self.start, self.width, kind)

    def keep(self, vector: Vector, otherwise: float = 0.0) -> Vector:
        """The vector, with 0 or another number in place of columns that there are not, whatever
        they hold."""
        if self.width == WIDTH:
            return vector
        there = ir.Constant(MASK, [i < self.width for i in range(WIDTH)])
        return self.code.select(there, vector, self.code.vector(otherwise))

    def without(self, row, vector: Vector, instead: float = 0.0) -> Vector:
        """The vector, with 0 or another number in the column of the same number as `row`."""
        return self.code.select(self._is_at(row), self.code.vector(instead), vector)

    def turned(self, row, vector: Vector) -> Vector:
        """The vector, with the other sign in the column of the same number as `row`."""
        return self.code.select(self._is_at(row), vector * -1.0, vector)

    @property
    def numbers(self) -> Words:
        """The numbers of its columns."""
        first = self.code.repeated(self.code.builder.trunc(self.start, WORD), WORDS)
        return Words(self.code, first) + Words(self.code, NUMBERS)

    def _is_at(self, row) -> ir.Value:
        builder = self.code.builder
        place = builder.trunc(builder.sub(integer(row), self.start), WORD)
        return builder.icmp_signed("==", NUMBERS, self.code.repeated(place, WORDS))


def larger(builder, one: ir.Value, other: ir.Value) -> ir.Value:
    """The larger of two values of the program; the first where one of them is NaN."""
    return builder.select(builder.fcmp_ordered("<", one, other), other, one)

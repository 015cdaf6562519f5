"""Lists of the columns where rows of floats are not 0, for work that the rest need not have."""

from collections.abc import Callable

from llvmlite import ir

from toysup.vectors.code import Array, Code
from toysup.vectors.compiler import wide
from toysup.vectors.vector import (
    FLOAT,
    INTEGER,
    MASK,
    VECTOR,
    WIDTH,
    WORD,
    WORDS,
    Span,
    Vector,
    integer,
    whole_vectors,
)

COMPRESS = f"llvm.experimental.vector.compress.v{WIDTH}i32"  # chosen elements, side by side


def room_for(columns: int) -> int:
    """The floats that a list of so many columns takes. The first vector is for where it
    ends, and the last is written whole."""
    return WIDTH + whole_vectors(columns)


class Entries:
    """The columns where one of some rows is not 0, in order, in an array of `room_for` them, behind
    a vector that begins with where they end. NaN is not 0."""

    def __init__(self, code: Code, columns: Array):
        self.code, self.columns = code, columns
        with code.builder.goto_entry_block():
            self.end = code.builder.alloca(INTEGER)
        code.builder.store(integer(WIDTH), self.end)

    def add(self, span: Span, rows: list[Vector]) -> None:
        """Those of the columns of a span, where `rows` has the vector of each row."""
        builder, zero = self.code.builder, self.code.vector(0.0)
        chosen = ir.Constant(MASK, [False] * WIDTH)
        for row in rows:
            chosen = builder.or_(chosen, builder.fcmp_unordered("!=", row.value, zero.value))
        bits = builder.zext(builder.bitcast(chosen, ir.IntType(WIDTH)), INTEGER)
        end, new = builder.load(self.end, typ=INTEGER), builder.ctpop(bits)
        if wide():
            self.columns[Span(self.code, end)] = self.compressed(span.numbers.value, chosen)
        else:
            with builder.goto_entry_block():
                left = builder.alloca(INTEGER)
            builder.store(bits, left)
            self.code.loop(0, new, 1, lambda k: self.put(self.code.plus(end, k), span, left))
        builder.store(builder.add(end, new), self.end)

    def put(self, place: ir.Value, span: Span, left: ir.Value) -> None:
        """Write the first column of a span whose bit is set in `left`, and clear the bit."""
        builder = self.code.builder
        bits = builder.load(left, typ=INTEGER)
        column = builder.add(span.start, builder.cttz(bits, ir.Constant(ir.IntType(1), True)))
        self.columns[place] = self.as_float(column)
        builder.store(builder.and_(bits, builder.sub(bits, integer(1))), left)

    def as_float(self, number: ir.Value) -> ir.Value:
        """A whole number as the float that its word is stored as."""
        return self.code.builder.bitcast(self.code.builder.trunc(number, WORD), FLOAT)

    def compressed(self, numbers: ir.Value, chosen: ir.Value) -> Vector:
        """The chosen ones of a vector of words, side by side; anything behind them."""
        builder, module = self.code.builder, self.code.builder.module
        if COMPRESS not in module.globals:
            ir.Function(module, ir.FunctionType(WORDS, [WORDS, MASK, WORDS]), COMPRESS)
        anything = ir.Constant(WORDS, ir.Undefined)
        found = builder.call(module.globals[COMPRESS], [numbers, chosen, anything])
        return Vector(self.code, builder.bitcast(found, VECTOR))

    def close(self) -> None:
        """Write where they end; nothing is added afterwards."""
        self.columns[0] = self.as_float(self.code.builder.load(self.end, typ=INTEGER))


def each_entry(code: Code, columns: Array, body: Callable) -> None:
    """body(column) of each in a closed list."""
    end = columns.whole_number(0)
    code.loop(WIDTH, end, 1, lambda k: body(columns.whole_number(k)))

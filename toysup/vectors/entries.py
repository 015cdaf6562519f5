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
    """The floats that a list of so many columns takes. The last vector is written whole."""
    return whole_vectors(columns)


class Entries:
    """The columns where one of some rows is not 0, in order, kept in an array of `room_for` them.
    NaN is not 0."""

    def __init__(self, code: Code, columns: Array):
        self.code, self.columns = code, columns
        with code.builder.goto_entry_block():
            self.count = code.builder.alloca(INTEGER)
        code.builder.store(integer(0), self.count)

    def add(self, span: Span, rows: list[Vector]) -> None:
        """Those of the columns of a span, where `rows` has the vector of each row."""
        builder, zero = self.code.builder, self.code.vector(0.0)
        chosen = ir.Constant(MASK, [False] * WIDTH)
        for row in rows:
            chosen = builder.or_(chosen, builder.fcmp_unordered("!=", row.value, zero.value))
        bits = builder.zext(builder.bitcast(chosen, ir.IntType(WIDTH)), INTEGER)
        count, new = builder.load(self.count, typ=INTEGER), builder.ctpop(bits)
        if wide():
            self.columns[Span(self.code, count)] = self.compressed(span.numbers.value, chosen)
        else:
            with builder.goto_entry_block():
                left = builder.alloca(INTEGER)
            builder.store(bits, left)
            self.code.loop(0, new, 1, lambda k: self.put(self.code.plus(count, k), span, left))
        builder.store(builder.add(count, new), self.count)

    def put(self, place: ir.Value, span: Span, left: ir.Value) -> None:
        """Write the first column of a span whose bit is set in `left`, and clear the bit."""
        builder = self.code.builder
        bits = builder.load(left, typ=INTEGER)
        column = builder.add(span.start, builder.cttz(bits, ir.Constant(ir.IntType(1), True)))
        self.columns[place] = builder.bitcast(builder.trunc(column, WORD), FLOAT)
        builder.store(builder.and_(bits, builder.sub(bits, integer(1))), left)

    def compressed(self, numbers: ir.Value, chosen: ir.Value) -> Vector:
        """The chosen ones of a vector of words, side by side; anything behind them."""
        builder, module = self.code.builder, self.code.builder.module
        if COMPRESS not in module.globals:
            ir.Function(module, ir.FunctionType(WORDS, [WORDS, MASK, WORDS]), COMPRESS)
        anything = ir.Constant(WORDS, ir.Undefined)
        found = builder.call(module.globals[COMPRESS], [numbers, chosen, anything])
        return Vector(self.code, builder.bitcast(found, VECTOR))

    def each(self, body: Callable) -> None:
        """body(column) of each."""
        count = self.code.builder.load(self.count, typ=INTEGER)
        self.code.loop(0, count, 1, lambda k: body(self.columns.whole_number(k)))

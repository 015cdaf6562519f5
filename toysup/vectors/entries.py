"""Lists of what is not 0 in rows of floats, for work that the rest need not have."""

from collections.abc import Callable

from llvmlite import ir

from toysup.vectors.code import Array, Code
from toysup.vectors.vector import INTEGER, MASK, VECTOR, WIDTH, WORD, WORDS, Span, Vector, integer

COMPRESS = "llvm.experimental.vector.compress"  # the chosen elements of a vector, side by side


def room_for(columns: int) -> int:
    """The floats that a list of so many columns takes. The last vector is written whole."""
    return columns + WIDTH


class Entries:
    """The columns where one of some rows is not 0, in order, with what each row has there.

    They are kept in `columns`, (room,), and `values`, (rows, room). NaN is not 0.
    """

    def __init__(self, code: Code, columns: Array, values: Array):
        self.code, self.columns, self.values = code, columns, values
        with code.builder.goto_entry_block():
            self.count = code.builder.alloca(INTEGER)
        code.builder.store(integer(0), self.count)

    def add(self, span: Span, rows: list[Vector]) -> None:
        """Those of the columns of a span, where `rows` has the vector of each row."""
        builder, zero = self.code.builder, self.code.vector(0.0)
        chosen = ir.Constant(MASK, [False] * WIDTH)
        for row in rows:
            chosen = builder.or_(chosen, builder.fcmp_unordered("!=", row.value, zero.value))
        first = self.code.repeated(builder.trunc(span.start, WORD), WORDS)
        columns = builder.add(first, ir.Constant(WORDS, list(range(WIDTH))))
        count = builder.load(self.count, typ=INTEGER)
        place = Span(self.code, count)
        self.columns[place] = compressed(self.code, columns, WORDS, chosen)
        for k, row in enumerate(rows):
            self.values[k, place] = compressed(self.code, row.value, VECTOR, chosen)
        new = builder.ctpop(builder.bitcast(chosen, ir.IntType(WIDTH)))
        builder.store(builder.add(count, builder.zext(new, INTEGER)), self.count)

    def each(self, body: Callable) -> None:
        """body(column, values): a vector of the value that each row has there."""
        rows = range(self.values.shape[0])
        count = self.code.builder.load(self.count, typ=INTEGER)

        def at(k):
            body(self.columns.whole_number(k), [self.values[row, k] for row in rows])

        self.code.loop(0, count, 1, at)


def compressed(code: Code, value: ir.Value, kind: ir.VectorType, chosen: ir.Value) -> Vector:
    """The chosen elements of a vector of floats or words, side by side; anything behind them."""
    module = code.builder.module
    name = f"{COMPRESS}.v{WIDTH}{'f' if kind is VECTOR else 'i'}32"
    if name not in module.globals:
        ir.Function(module, ir.FunctionType(kind, [kind, MASK, kind]), name)
    anything = ir.Constant(kind, ir.Undefined)
    return Vector(code, code.builder.call(module.globals[name], [value, chosen, anything]))

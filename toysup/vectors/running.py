"""Vectors that change while the program runs: sums, and the largest of many."""

from llvmlite import ir

from toysup.vectors.vector import VECTOR, Vector


class Kept:
    """A vector that changes while the program runs."""

    def __init__(self, code, start: float, kind: ir.VectorType = VECTOR):
        self.code, self.kind = code, kind
        with code.builder.goto_entry_block():
            self.place = code.builder.alloca(kind)
        self.vector = Vector(code, ir.Constant(kind, [start] * kind.count))

    @property
    def vector(self) -> Vector:
        return Vector(self.code, self.code.builder.load(self.place, typ=self.kind))

    @vector.setter
    def vector(self, vector: Vector) -> None:
        self.code.builder.store(vector.value, self.place)


class Sum(Kept):
    """A vector that is added to while the program runs."""

    def __init__(self, code, kind: ir.VectorType = VECTOR):
        super().__init__(code, 0.0, kind)

    def add(self, vector: Vector) -> None:
        self.vector = self.vector + vector

    @property
    def total(self) -> ir.Value:
        return self.vector.total


class Largest(Kept):
    """The largest of a number and the vectors that it is shown while the program runs."""

    def see(self, vector: Vector) -> None:
        self.vector = self.vector.larger(vector)

    @property
    def float(self) -> ir.Value:
        return self.vector.largest

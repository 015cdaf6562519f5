"""Kernels called as XLA calls them, on memory that they may not leave.

Each buffer lies between two pages that no one may touch, and ends (or starts) exactly there. A
kernel that reads or writes one float too far ends this process with SIGSEGV; the last line that it
printed says which. Results and scratch hold NaN before the call, so that a float that is read
before it is written shows in the result.
"""

import ctypes
import mmap
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from llvmlite import ir

from toysup.vectors import call
from toysup.vectors.compiler import address
from toysup.vectors.vector import whole_vectors
from toysup.vectors.xla import handler

LIBC = ctypes.CDLL(None, use_errno=True)
NO_ACCESS = 0
NAN_BYTE = 0xFF  # four of them are a NaN
INSTANCES = (1, 3)


class Memory:
    """Pages between two that may not be touched, and in them floats that end or start there."""

    def __init__(self, count: int, at_end: bool):
        size, page = 4 * count, mmap.PAGESIZE
        inside = -(-size // page) * page
        self.pages = mmap.mmap(-1, inside + 2 * page)
        start = ctypes.addressof(ctypes.c_char.from_buffer(self.pages))
        for guard in (start, start + page + inside):
            if LIBC.mprotect(ctypes.c_void_p(guard), page, NO_ACCESS):
                raise OSError(ctypes.get_errno(), "mprotect")
        self.pointer = start + page + (inside - size if at_end else 0)
        self.floats = np.frombuffer((ctypes.c_float * count).from_address(self.pointer), np.float32)
        self.floats.view(np.uint8)[:] = NAN_BYTE


def structure(name: str, *kinds) -> type[ctypes.Structure]:
    fields = [(f"field_{k}", kind) for k, kind in enumerate(kinds)]
    return type(name, (ctypes.Structure,), {"_fields_": fields})


SIZE, POINTER, WORD = ctypes.c_int64, ctypes.c_void_p, ctypes.c_int32
# The same as in `toysup/vectors/xla.py`.
BUFFER = structure("Buffer", SIZE, POINTER, WORD, POINTER, SIZE, POINTER)
BUFFERS = structure("Buffers", SIZE, POINTER, SIZE, POINTER, POINTER)
FRAME = structure("Frame", SIZE, POINTER, POINTER, POINTER, WORD, BUFFERS, BUFFERS)


def pointer(thing) -> int:
    return ctypes.addressof(thing)


def buffers(memories: list[Memory], shapes: list[tuple[int, ...]], kept: list) -> ctypes.Structure:
    """Buffers of memories; what they point to is put into `kept`."""
    made = []
    for memory, shape in zip(memories, shapes, strict=True):
        lengths = (ctypes.c_int64 * len(shape))(*shape)
        buffer = BUFFER(0, None, 0, memory.pointer, len(shape), pointer(lengths))
        made.append(buffer)
        kept += [lengths, buffer]
    pointers = (ctypes.c_void_p * len(made))(*map(pointer, made))
    kept.append(pointers)
    return BUFFERS(0, None, len(made), None, pointer(pointers))


@dataclass(frozen=True)
class Call:
    """A call of a kernel as an operation makes it."""

    kernel: call.Kernel
    operands: tuple[call.Shape, ...]
    results: tuple[call.Shape, ...]
    scratch: tuple[call.Shape, ...]
    settings: tuple[tuple, ...]

    def compiled(self) -> Callable:
        """The C function that XLA would call."""
        module = ir.Module(self.kernel.name)
        shapes = (*self.operands, *self.results, *self.scratch)
        instance = call.program(module, self.kernel, shapes, dict(self.settings))
        handler(module, call.HANDLER, instance, self.operands, self.results, self.scratch)
        return ctypes.CFUNCTYPE(POINTER, POINTER)(address(module, call.HANDLER))

    def run(self, function: Callable, instances: int, at_end: bool) -> list[np.ndarray]:
        """The results for some instances, in memory that may not be left."""
        rng, kept = np.random.default_rng(0), []
        given, made = (
            [(instances, *shape) for shape in shapes]
            for shapes in (self.operands, self.results + self.scratch)
        )
        operands, rest = ([Memory(int(np.prod(s)), at_end) for s in part] for part in (given, made))
        for memory, shape in zip(operands, given, strict=True):
            memory.floats[:] = 0  # in the columns that fill the last vector, as XLA pads them
            values = real(memory.floats.reshape(shape), dict(self.settings).get("batch"))
            values[...] = rng.uniform(size=values.shape) / 4
        before = [memory.floats.copy() for memory in operands]
        frame = FRAME(
            0, None, None, None, 0, buffers(operands, given, kept), buffers(rest, made, kept)
        )
        failed = function(pointer(frame))
        if failed:
            raise RuntimeError("the kernel gives an error")
        for memory, floats in zip(operands, before, strict=True):
            np.testing.assert_array_equal(memory.floats, floats, "an operand was written to")
        return [memory.floats.copy() for memory in rest[: len(self.results)]]


def real(array: np.ndarray, batch: int | None) -> np.ndarray:
    """An array without the columns that only fill its last vector."""
    filled = batch and array.shape[-1] == whole_vectors(batch)
    return array[..., :batch] if filled else array


def check(made: Call) -> None:
    """AssertionError where a result depends on where its memory is, or on what was in it."""
    function = made.compiled()
    batch = dict(made.settings).get("batch")
    for instances in INSTANCES:
        at_start, at_end = (made.run(function, instances, at_end) for at_end in (False, True))
        for shape, one, other in zip(made.results, at_start, at_end, strict=True):
            assert one.tobytes() == other.tobytes(), "it depends on where its memory is"
            found = one.reshape(instances, *shape)
            assert np.isfinite(real(found, batch)).all(), "it read what nothing had written"

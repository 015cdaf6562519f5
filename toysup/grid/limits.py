"""What is too large to start: refused with an estimate, before anything is computed."""

import math
from collections.abc import Callable
from numbers import Real
from pathlib import Path
from typing import NamedTuple, cast

from toysup import registry
from toysup.errors import RefusedError, ToysupError
from toysup.metrics.represented import ROWS_AT_ONCE
from toysup.registry.contract import ContractError
from toysup.registry.outside import fault_line
from toysup.resources import container
from toysup.resources.units import bytes_text
from toysup.train import CURVE_POINTS

FLOAT_BYTES = 4
# A training step keeps its values, their gradients, and the compiler's copies of some.
STEP_COPIES = 3
# The states before training, of the short run, of the long one and with random directions, each a
# model with Adam's two moments; and the four models side by side while they are measured.
MODEL_COPIES = 16
# Models whose loss waits to be measured, where a run is recorded.
RECORDED_COPIES = 4
# The geometry of a model compares every feature with every other: rows of a Gram matrix, twice as
# wide as these numbers, and its parts.
GRAM_COPIES = 8
# The read-out is fitted to this many samples, and works on these copies of x. Beside them stand
# the products of all pairs of hidden units on every sample.
READOUT_SAMPLES = 8192
READOUT_COPIES = 6
# What its largest arrays may have: the products, and the normal equations of all features, of which
# there are NORMAL_COPIES. Codes of more than 126 dimensions are read out in blocks.
READOUT_FLOATS = 2**26
NORMAL_COPIES = 4
# The table is held once as rows and once as columns while it is written, in 64 bits.
TABLE_COPIES = 2
TABLE_VALUE_BYTES = 8
SCALAR_COLUMNS = 60
# b, norms, dimensionality, interference, the read-out, and one to spare.
LISTS_OF_FEATURES = 6
# The table is written in pieces that take no more. They are row groups, so a run's file depends on
# this number where it is larger.
PIECE_BYTES = 2**29


class Part(NamedTuple):
    """One of the things that a run keeps in memory."""

    size: int
    words: str
    remedy: str


def memory(plan, devices: int = 1) -> int:
    """About how many bytes a plan needs at once, with one chunk under way on each device."""
    return sum(part.size for part in parts(plan, devices))


def check_memory(plan, devices: int = 1, available: float | None = None) -> None:
    """Refuse a plan that needs more than `available` bytes, by default all that the machine, or its
    container, lets this process have."""
    available = container.memory() if available is None else available
    needs = memory(plan, devices)
    if needs > available:
        most = max(parts(plan, devices))
        raise RefusedError(
            f"{plan.sweep.name}: needs about {bytes_text(needs)} of memory, and there are "
            f"{bytes_text(available)}. {bytes_text(most.size)} of it are for {most.words}. "
            f"What would make it fit: {most.remedy}."
        )


def parts(plan, devices: int) -> list[Part]:
    """What takes memory. Stacks run one after the other, so the largest of them counts."""
    step, step_stack = largest(plan.stacks, step_bytes)
    models, model_stack = largest(
        plan.stacks,
        lambda stack: model_bytes(stack, plan.seeds_per_chunk, devices, len(plan.sweep.record)),
    )
    return [
        Part(devices * step, f"one training step of {sizes(step_stack)}", "a lower batch_size"),
        Part(models, f"the models of {sizes(model_stack)}", "lower n_features or d_hidden"),
        Part(
            result_bytes(plan),
            f"the results of {written_at_once(plan):,} instances",
            "lower n_features or d_hidden"
            + (", or fewer record.steps" if plan.sweep.record else ""),
        ),
    ]


def largest(stacks, size: Callable) -> tuple:
    """The (size, stack) of the largest stack."""
    stack = max(stacks, key=size)
    return size(stack), stack


def sizes(stack) -> str:
    """The stack in words, by the numbers that its memory depends on."""
    names = ("n_features", "d_hidden", "batch_size")
    return f"{stack.objective} at " + ", ".join(f"{name} {stack.static[name]}" for name in names)


def workspace_bytes(objective: str, encoder: str, static: dict) -> int:
    """What one instance's training step keeps alive."""
    sizes = static["n_features"], static["d_hidden"], static["batch_size"]
    floats = workspace("objectives", objective, *sizes) + workspace("encoders", encoder, static)
    return FLOAT_BYTES * math.ceil(floats)


def workspace(family: str, name: str, *arguments) -> float:
    """The answer of a plug-in's `workspace`. ToysupError, in one line, for one of the user's that
    has none: this is the first that is asked of it."""
    try:
        return floats(registry.load(family, name), *arguments)
    except Exception as error:
        origin = registry.origin(family, name)
        if not origin or isinstance(error, ToysupError):
            raise
        raise ToysupError(f"{fault_line(Path(origin), error)}.") from error


def floats(cls, *arguments) -> float:
    """How many floats `workspace` says. ContractError where that is no number."""
    found = cls.workspace(*arguments)
    number = isinstance(found, Real) and not isinstance(found, bool)
    if not number or not 0 <= cast(float, found) < math.inf:
        words = f"workspace must give a number, 0 or more, not {found!r}"
        raise ContractError(cls.family, words)
    return cast(float, found)


def step_bytes(stack) -> int:
    """A training step of the lanes of a chunk that train at a time."""
    return stack.group * STEP_COPIES * workspace_bytes(stack.objective, stack.encoder, stack.static)


def model_bytes(stack, seeds: int, devices: int, recorded: int = 0) -> int:
    """The models of a chunk, with `recorded` matrices of each, and what measuring those of one seed
    on each device takes."""
    n, d = stack.static["n_features"], stack.static["d_hidden"]
    models = MODEL_COPIES * (n * d + n)
    if recorded:
        models += RECORDED_COPIES * (n * d + n) + recorded * (n * d + 1)
    products = min(READOUT_FLOATS, READOUT_SAMPLES * (d + 1) * (d + 2) // 2)
    equations = NORMAL_COPIES * min(READOUT_FLOATS, n * (d + 1) ** 2)
    readout = products + equations + READOUT_COPIES * READOUT_SAMPLES * n
    measuring = readout + GRAM_COPIES * n * min(n, ROWS_AT_ONCE)
    held = stack.lanes * max(seeds, devices) * models
    return FLOAT_BYTES * (held + stack.group * devices * measuring)


def result_bytes(plan) -> int:
    """The results that are held at once while they are written."""
    return written_at_once(plan) * largest_row(plan)


def written_at_once(plan) -> int:
    """How many instances are in a piece of the results."""
    return min(plan.instances, max(1, PIECE_BYTES // largest_row(plan)))


def largest_row(plan) -> int:
    return max(row_bytes(stack, len(plan.sweep.record)) for stack in plan.stacks)


def row_bytes(stack, recorded: int = 0) -> int:
    """One row of the results in memory, with its lists."""
    return TABLE_COPIES * TABLE_VALUE_BYTES * row_values(stack, recorded)


def row_values(stack, recorded: int = 0) -> int:
    """How many numbers a row of the results has; `recorded` is at how many steps it was."""
    n, d = stack.static["n_features"], stack.static["d_hidden"]
    values = n * d + LISTS_OF_FEATURES * n + CURVE_POINTS + SCALAR_COLUMNS
    return values + recorded * (n * d + 2)  # a step and its loss beside W

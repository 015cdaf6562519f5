"""A fuzzer that knows what a sweep is: it changes the packaged ones at random.

Values, keys, tables, claims, overrides, data files and the text itself. Each must be read, or
refused in a short message, soon.

    python -m tests.faults.fuzz_sweeps 10000 1
"""

import copy
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from toysup import spec
from toysup.errors import ToysupError
from toysup.files import packaged
from toysup.spec.sweepfile import load
from toysup.spec.tables import CORE_TABLES, FAMILIES, TOP_KEYS, names_of, takes

SECONDS = 5.0  # that one sweep may take
LONGEST = 4096  # bytes of a message
MOST_CHANGES = 4
NASTY_TEXTS = (
    "", " ", "\0", "a" * 5000, "[red]", "[/]", "\x1b[2J", "\u202e", "\n", "<script>", "$\\frac{$",
    "../../x", "nan", "-", "mse", "digits", "\ud800", "\U0001f600", "a.b.c", "None", "=", "%s{0}",
)  # fmt: skip
NASTY_NUMBERS = (
    0, -1, 1, 2, 3, 64, 2**31 - 1, 2**31, 2**63, 10**400, -(10**30), 0.0, -0.0, 1e-45, 5e-324,
    1e308, 5.6e299, 1e-300, 0.1, 0.10000000001, 0.9999999999, float("nan"), float("inf"), True,
)  # fmt: skip
MAKERS = (
    {"range": [0, 1000000]}, {"range": [2, 1000000]}, {"range": [64, 100000]}, {"range": [0, 9999]},
    {"range": [0, -5, -1]}, {"linspace": [0, 1, 10000]}, {"linspace": [1.0, 1.0, 3]},
    {"logspace": [1.0, 1e-30, 9]}, {"logspace": [1, 1000000, 10**6]}, {"logspace": [0.5, 0.5, 2]},
    {"min": 0}, {"max": 0.1, "min": 1}, {},
)  # fmt: skip


@dataclass
class Found:
    """What came of the tries: `crashes` have the traceback of each exception that is no refusal."""

    tries: int = 0
    read: int = 0
    crashes: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    long: list[str] = field(default_factory=list)
    slowest: float = 0.0
    longest: int = 0

    def __str__(self) -> str:
        return (
            f"{self.tries} tries, {self.read} read, {len(self.crashes)} tracebacks, "
            f"{len(self.late)} late, {len(self.long)} too long; slowest {self.slowest:.2f} s, "
            f"longest message {self.longest} bytes"
        )


class Late(BaseException):
    """A sweep took too long. No code under test catches it."""


@contextmanager
def limited(seconds: float):
    """Raise Late in the block when it takes longer."""

    def late(*_):
        raise Late

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def value(rng: random.Random, depth: int = 0):
    """Something that may stand where a value stands."""
    kind = rng.randrange(9)
    if kind < 3:
        return rng.choice(NASTY_NUMBERS)
    if kind < 5:
        return rng.choice(NASTY_TEXTS)
    if kind < 7:
        return copy.deepcopy(rng.choice(MAKERS))
    if kind == 7 and depth < 3:
        return [value(rng, depth + 1) for _ in range(rng.choice((0, 1, 2, 3, 50)))]
    return {key(rng): value(rng, depth + 1) for _ in range(rng.randrange(3))} if depth < 3 else None


def key(rng: random.Random) -> str:
    """Something that may stand where a key stands."""
    family = rng.choice(list(FAMILIES))
    settings = [name for table in (*CORE_TABLES, "features.table") for name in takes(table)]
    return rng.choice(
        (
            rng.choice(TOP_KEYS),
            rng.choice(names_of(family)),
            rng.choice(settings),
            *NASTY_TEXTS[:12],
        )
    )


def nodes(tree) -> list:
    """Every table and list of a tree."""
    found, left = [], [tree]
    while left:
        node = left.pop()
        if isinstance(node, dict | list):
            found.append(node)
            left += node.values() if isinstance(node, dict) else node
    return found


def change_value(tree: dict, rng: random.Random) -> None:
    node = rng.choice([n for n in nodes(tree) if n] or [tree])
    if node:
        place = rng.choice(list(node) if isinstance(node, dict) else range(len(node)))
        node[place] = value(rng)


def add_key(tree: dict, rng: random.Random) -> None:
    node = rng.choice([n for n in nodes(tree) if isinstance(n, dict)])
    node[key(rng)] = value(rng)


def rename_key(tree: dict, rng: random.Random) -> None:
    node = rng.choice([n for n in nodes(tree) if isinstance(n, dict) and n] or [tree])
    if node:
        old = rng.choice(list(node))
        letters = list(str(old))
        rng.shuffle(letters)
        node[rng.choice((key(rng), "".join(letters), f"{old}x"))] = node.pop(old)


def remove(tree: dict, rng: random.Random) -> None:
    node = rng.choice([n for n in nodes(tree) if n] or [tree])
    if node:
        del node[rng.choice(list(node) if isinstance(node, dict) else range(len(node)))]


def add_table(tree: dict, rng: random.Random) -> None:
    """Another plug-in, with some of its settings, a few of them made axes."""
    family = rng.choice(list(FAMILIES))
    name = rng.choice(names_of(family))
    settings = takes(f"{family}.{name}")
    chosen = rng.sample(list(settings), rng.randrange(len(settings) + 1))
    table = {s: rng.choice((settings[s].default, value(rng))) for s in chosen}
    if isinstance(tree.setdefault(family, {}), dict):
        tree[family][name] = table


def change_claim(tree: dict, rng: random.Random) -> None:
    claims = tree.setdefault("claims", [])
    if not isinstance(claims, list):
        return
    claim = {
        "name": rng.choice(("a", *NASTY_TEXTS)),
        "says": rng.choice(NASTY_TEXTS),
        "predicted": rng.choice(("supported", "none", "x")),
        "metric": rng.choice(("minimisation_index", "loss", "W", *NASTY_TEXTS[:4])),
        rng.choice(("above", "below", "near", "crosses", "within", "theory")): value(rng),
        "holds": rng.choice(("every", "always", "mean", "most", "x")),
        rng.choice(("rows", "than", "reference", "along", "between")): value(rng),
    }
    for name in rng.sample(list(claim), rng.randrange(4)):
        claim[name] = value(rng)
    claims.insert(rng.randrange(len(claims) + 1), claim)


def deepen(tree: dict, rng: random.Random) -> None:
    """Tables or lists inside of each other, up to thousands deep."""
    inner, by_lists = value(rng), rng.random() < 0.5
    for _ in range(rng.choice((5, 19, 21, 3000))):
        inner = [inner] if by_lists else {"a": inner}
    tree[rng.choice((*TOP_KEYS, "x"))] = inner


CHANGES = (change_value, change_value, change_value, add_key, rename_key, remove, add_table,
           change_claim, deepen)  # fmt: skip


def override(tree: dict, rng: random.Random) -> str:
    """A `--set` for a sweep, of a setting that it may have."""
    table = rng.choice(("", "train.", "model.", "features.independent.", "objective.mse.", "x."))
    setting = rng.choice((*takes("train"), *takes("model"), "seeds", "claims", "title", key(rng)))
    written = rng.choice(
        ("5", "[1, 2]", "{ range = [0, 2000000000] }", "{range=[2,9]}", "[0.1, 0.10000000001]",
         "x" * 999, "", "[", "nan", "{" + ".".join("a" * 3000) + " = 1}", "\x1b[2J", "1e308",
         "[" * 3000)
    )  # fmt: skip
    return f"{table}{setting}{rng.choice(('=', '=', '=', ''))}{written}"


def change_text(text: str, rng: random.Random) -> str:
    """A file's text with characters, lines and values that were moved, lost or put in."""
    for _ in range(rng.randrange(1, MOST_CHANGES + 1)):
        lines = text.split("\n")
        place, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        what = rng.randrange(6)
        if what == 0:
            del lines[place]
        elif what == 1:
            lines.insert(other, lines[place])
        elif what == 2:
            lines[place] = lines[place].partition("=")[0] + "= " + rng.choice(
                ("{ range = [0, 2000000000] }", "1e400", "2024-01-01", "nan", "[[[]]]", '"\\u202e"',
                 "[" * 500, "9" * 5000, "'''", "{ a.b.c.d = 1 }", '"' + "x" * 9999 + '"')
            )  # fmt: skip
        elif what == 3:
            lines.insert(place, ".".join("a" * rng.choice((3, 3000))) + " = 1")
        else:
            line = lines[place]
            at = rng.randrange(len(line) + 1)
            lines[place] = (
                line[:at] + rng.choice((*NASTY_TEXTS, *'[]{}"=#.,')) + line[at + what - 4 :]
            )
        text = "\n".join(lines)
    return text


def table_file(folder: Path, rng: random.Random) -> str:
    """A data file, most of them wrong in some way; its path."""
    name = rng.choice(("a", "a b", "[red]", "\x1b[2J", "\u202e", "$x$")) + ".csv"
    columns = rng.choice((1, 2, 3, 300))
    names = [rng.choice((f"f{i}", f"{i}", "Unnamed: 0", *NASTY_TEXTS[:12])) for i in range(columns)]
    separator = rng.choice((",", ",", ",", "\t", ";", " "))
    rows = [
        [rng.choice(("1", "0", "0.5", "2", *map(str, NASTY_NUMBERS[:9]), "x"))
         if rng.random() < 0.001 else str(rng.randrange(9)) for _ in range(columns)]
        for _ in range(rng.choice((0, 1, 63, 64, 200)))
    ]  # fmt: skip
    text = "\n".join(map(separator.join, [names, *rows]))
    (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    return name


def attempt(folder: Path, sweeps: list[Path], rng: random.Random) -> Callable:
    """One changed sweep, and how it is read."""
    source = rng.choice(sweeps)
    if rng.random() < 0.3:
        changed = folder / "fuzzed.toml"
        text = change_text(source.read_text(encoding="utf-8"), rng)
        changed.write_bytes(text.encode("utf-8", "surrogatepass"))
        return lambda: spec.read(changed, small=rng.random() < 0.2)
    tree = load(source)
    if rng.random() < 0.15:
        tree["features"] = {"table": {"path": table_file(folder, rng)}}
        tree.setdefault("model", {})["n_features"] = rng.choice((1, 2, 3, 300, [2, 3]))
    for _ in range(rng.randrange(MOST_CHANGES + 1)):
        rng.choice(CHANGES)(tree, rng)
    overrides = [override(tree, rng) for _ in range(rng.choice((0, 0, 0, 1, 2)))]
    small = rng.random() < 0.2
    return lambda: spec.parse(tree, "fuzzed", None, overrides, small, folder)


def fuzz(tries: int, seed: int) -> Found:
    """Read that many changed sweeps. The same seed tries the same ones."""
    found, sweeps = Found(), list(packaged.sweeps().values())
    with tempfile.TemporaryDirectory() as made:
        for number in range(tries):
            rng = random.Random(f"{seed}-{number}")
            read = attempt(Path(made), sweeps, rng)
            began, message, name = time.perf_counter(), "", f"{seed}-{number}"
            try:
                with limited(SECONDS):
                    read()
                found.read += 1
            except ToysupError as error:
                message = str(error)
            except Late:
                found.late.append(f"{name}: {traceback.format_exc(limit=-3)}")
            except Exception:
                found.crashes.append(f"{name}: {traceback.format_exc(limit=-4)}")
            size = len(message.encode("utf-8", "backslashreplace"))
            if size > LONGEST or any(not (c.isprintable() or c == "\n") for c in message):
                found.long.append(f"{name}: {size} bytes: {message[:300]!r}")
            found.tries += 1
            found.slowest = max(found.slowest, time.perf_counter() - began)
            found.longest = max(found.longest, size)
    return found


if __name__ == "__main__":
    outcome = fuzz(*map(int, sys.argv[1:3]))
    print(outcome, *outcome.crashes[:8], *outcome.late[:8], *outcome.long[:8], sep="\n")

"""`make faults`: signals, full disks, flipped bits, races and fuzzed sweeps, as often as asked for.

`python -m tests.faults SHARE` tries that share of the numbers below. The tests of this folder try
a few of each, and what needs no more tries: see `docs/engine.md`.
"""

import signal
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.faults import disks
from tests.faults import test_races as races
from tests.faults.bits import FILES, flip
from tests.faults.fuzz_sweeps import fuzz
from tests.faults.kills import HEARD_SECONDS, SOFT, kill
from tests.faults.runs import mini, toysup

KILLS, SIGNALS, DISKS, BITS, ROUNDS, SWEEPS = 200, 60, 90, 3000, 100, 10_000


def signals(numbers, tries: int) -> tuple[str, list[str]]:
    """What came of so many runs that got a signal, and what is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        every = list(kill(Path(folder), numbers, tries))
    slowest = max(one.seconds for one in every)
    late = sum(one.seconds > HEARD_SECONDS for one in every)
    words = f"slowest {slowest:.1f} s, {late} over {HEARD_SECONDS:g} s"
    return words, [one.fault for one in every if one.fault]


def full_disks(tries: int) -> tuple[str, list[str]]:
    """What came of so many commands on full disks."""
    if not disks.are_there():
        return "not tried: this machine lets no user mount a disk", []
    return "", disks.full(tries)


def bits(tries: int) -> tuple[str, list[str]]:
    """What came of so many changes of the files of a run."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        mini(folder)
        toysup("sweep", "mini.toml", "--quiet", "--out", "whole", cwd=folder)
        counts = [flip(folder / "whole", folder / "run", name, tries) for name in FILES]
    detected = sum(count["detected"] for count in counts)
    return f"{detected} detected, the rest harmless", []


def race(rounds: int) -> tuple[str, list[str]]:
    """What came of so many rounds of two processes in one folder."""
    faults = []
    for number in range(rounds):
        kinds = (
            races.test_of_two_different_sweeps_one_works_and_the_other_is_refused,
            races.test_two_that_start_over_at_once_get_folders_of_their_own,
        )
        with tempfile.TemporaryDirectory() as folder:
            try:
                kinds[number % 2](Path(folder))
            except AssertionError as error:
                faults.append(str(error))
    return "", faults


def fuzzed(tries: int) -> tuple[str, list[str]]:
    """What came of so many changed sweep files."""
    found = fuzz(tries, 1)
    words = f"slowest {found.slowest:.1f} s, longest message {found.longest} bytes"
    return words, [*found.crashes, *found.late, *found.long]


def main(share: float) -> int:
    """Try everything, print a table, and return how much is wrong."""
    table, wrong = Table("fault", "tries", "wrong", "seen"), []
    for name, most, tried in (
        ("SIGKILL", KILLS, lambda tries: signals((signal.SIGKILL,), tries)),
        ("SIGINT, SIGTERM, SIGHUP", SIGNALS, lambda tries: signals(SOFT, tries)),
        ("disks that are full", DISKS, full_disks),
        ("bits flipped and files cut", BITS, lambda tries: bits(-(-tries // len(FILES)))),
        ("two processes in one folder", ROUNDS, race),
        ("sweep files changed", SWEEPS, fuzzed),
    ):
        tries = max(1, round(share * most))
        words, faults = tried(tries)
        table.add_row(name, f"{tries:,}", f"{len(faults):,}", words)
        wrong += faults
        print(f"{name}: {tries} tries, {len(faults)} wrong. {words}", file=sys.stderr)
    console = Console()
    console.print(table)
    for fault in wrong:
        console.print(fault, markup=False)
    return len(wrong)


if __name__ == "__main__":
    sys.exit(bool(main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)))

"""Bits of every file of a run are flipped, and files are cut, swapped and removed."""

import collections
import random
import shutil
from pathlib import Path

from tests.faults.runs import in_process
from toysup.reports.findings import gather
from toysup.storage.store import Store

FILES = ("manifest.json", "results.parquet", "results.sha256", "parts", "events.jsonl")


def file_of(folder: Path, name: str) -> Path:
    """A file of a run; of its parts the first."""
    path = folder / name
    return sorted(path.iterdir())[0] if path.is_dir() else path


def changes(data: bytes, tries: int, numbers: random.Random):
    """So many other contents of a file: with one bit flipped, and every tenth cut."""
    for count in range(tries):
        place = numbers.randrange(len(data))
        if count % 10 == 9:
            yield data[:place]
        else:
            yield (
                data[:place] + bytes([data[place] ^ 1 << numbers.randrange(8)]) + data[place + 1 :]
            )


def read_all(folder: Path, judge: bool) -> dict:
    """What a run says: its manifest, its results and its parts, or its whole report."""
    store = Store(folder)
    if judge:
        return gather(store).to_json()
    chunk = type("Chunk", (), store.manifest()["plan"]["chunks"][0])
    return {
        "manifest": store.manifest(),
        "results": repr(store.results().to_pydict()),  # a NaN is no other NaN
        "part": repr(store.read_part(chunk).to_pydict()),
    }


def flip(finished: Path, folder: Path, name: str, tries: int, judge: bool = False, seed: int = 0):
    """How often a change of a file is detected, and how often it changes nothing.

    AssertionError where it changes what is read; any error that is no line is raised.
    """
    shutil.copytree(finished, folder, dirs_exist_ok=True)
    path, expected = file_of(folder, name), read_all(folder, judge)
    data, counts = path.read_bytes(), collections.Counter()
    for changed in changes(data, tries, random.Random(seed)):
        path.write_bytes(changed)
        found = {}
        said = in_process(lambda: found.update(read_all(folder, judge)))  # noqa: B023
        assert said == "fine" or said.startswith("6: "), said
        assert said != "fine" or found == expected, name
        counts["harmless" if said == "fine" else "detected"] += 1
    path.write_bytes(data)
    return counts

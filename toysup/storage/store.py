"""A run's folder: manifest, immutable parts, results, events, lock. See `Store`.

A file appears whole or not at all, parquet carries checksums that are verified on reading, and
the same command again finishes exactly what is missing.
"""

import contextlib
import hashlib
import itertools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from toysup.errors import BusyError, DamagedError, ToysupError
from toysup.files.publish import publish, user_errors
from toysup.measure.outcome import OUTCOMES
from toysup.registry import Plugin
from toysup.storage.parquet import damaged, read_parquet, write_parquet

try:
    import fcntl
except ImportError:
    raise ToysupError(
        "toysup needs Linux or macOS: it locks a run's folder as POSIX systems do. "
        "On Windows, use it in WSL."
    ) from None

MANIFEST_VERSION = 2
OTHER_FOLDER = " Choose another folder with --out."


def outcomes_by_instance(table: pa.Table) -> list[str]:
    """The outcome of each instance: of its sets of directions the least settled."""
    names = ("condition", "seed", "outcome")
    worst = {}
    for *instance, outcome in zip(*(table.column(n).to_pylist() for n in names), strict=True):
        known = worst.setdefault(tuple(instance), outcome)
        worst[tuple(instance)] = max(known, outcome, key=OUTCOMES.index)
    return list(worst.values())


class Store:
    """The folder of one run: `manifest.json`, `parts/`, `results.parquet`, `events.jsonl`."""

    def __init__(self, folder: Path):
        self.folder = Path(folder)
        self.manifest_path = self.folder / "manifest.json"
        self.results_path = self.folder / "results.parquet"
        self.digest_path = self.folder / "results.sha256"
        self.parts = self.folder / "parts"
        self.plugins = self.folder / "plugins"

    def create(self, manifest: dict, plugins: Sequence[Plugin] = ()) -> None:
        """Make the folder with its manifest, which is never changed afterwards, and a copy of each
        plug-in's source."""
        text = json.dumps({"manifest_version": MANIFEST_VERSION} | manifest, indent=1)
        with user_errors(self.folder, "written", OTHER_FOLDER):
            self.parts.mkdir(parents=True, exist_ok=True)
            if plugins:
                self.plugins.mkdir(exist_ok=True)
        for plugin in plugins:
            publish(self.plugins / f"{plugin.name}.py", plugin.source)
        publish(self.manifest_path, text.encode() + b"\n")

    def manifest(self) -> dict:
        """The manifest. ToysupError when the folder is no run, DamagedError when it is broken."""
        with user_errors(self.folder, "read"):
            there = self.folder.exists()
        if not there:
            known = [f.parent.name for f in sorted(self.folder.parent.glob("*/manifest.json"))]
            there = f" Runs there: {', '.join(known)}." if known else ""
            raise ToysupError(f"{self.folder}: there is no such run.{there}")
        if not self.manifest_path.is_file():
            raise ToysupError(
                f"{self.folder}: is not a run: it has no manifest.json. "
                f"A run is a folder that `toysup sweep` made, such as runs/question."
            )
        with user_errors(self.manifest_path, "read"):
            data = self.manifest_path.read_bytes()
        try:
            manifest = json.loads(data)
            version = int(manifest["manifest_version"])
            _ = manifest["plan"]["sweep"], manifest["plan"]["chunks"], manifest["versions"]
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedError(
                f"{self.manifest_path}: is damaged. Start over with --fresh."
            ) from error
        if version < MANIFEST_VERSION:
            raise DamagedError(
                f"{self.manifest_path}: was written by an older toysup, and this one reads it no "
                "more. Start over with --fresh."
            )
        if version > MANIFEST_VERSION:
            raise DamagedError(
                f"{self.manifest_path}: was written by a newer toysup "
                f"({manifest.get('versions', {}).get('toysup', 'unknown')}). Upgrade toysup."
            )
        return manifest

    def part(self, chunk_id: str) -> Path:
        return self.parts / f"{chunk_id}.parquet"

    def read_part(self, chunk) -> pa.Table:
        """The rows of a chunk. DamagedError when they are not those that the plan asks for."""
        path = self.part(chunk.id)
        table = read_parquet(path)
        try:
            rows = zip(*(table.column(c).to_pylist() for c in ("condition", "seed")), strict=True)
            keys = set(rows)
        except KeyError as error:
            raise damaged(path, f"has no column {error}") from error
        if keys != set(itertools.product(chunk.conditions, chunk.seeds)):
            raise damaged(path, "holds the rows of another chunk")
        return table

    def finalize(self, chunks) -> None:
        """Publish results.parquet from all parts, sorted, so that its bytes tell no history."""
        tables = [self.read_part(chunk) for chunk in chunks]
        for chunk, table in zip(chunks, tables, strict=True):
            if table.schema != tables[0].schema:
                raise damaged(self.part(chunk.id), "its columns are not those of the other parts")
        order = [("condition", "ascending"), ("seed", "ascending"), ("directions", "ascending")]
        self.publish_results(pa.concat_tables(tables).sort_by(order))

    def publish_results(self, table: pa.Table) -> None:
        """Write results.parquet and its digest: page checksums don't cover a file's footer."""
        write_parquet(self.results_path, table)
        digest = hashlib.sha256(self.results_path.read_bytes()).hexdigest()
        publish(self.digest_path, f"{digest}  {self.results_path.name}\n".encode())

    def results(self) -> pa.Table:
        """The results of a finished run."""
        manifest = self.manifest()
        try:
            with user_errors(self.results_path, "read"):
                data = self.results_path.read_bytes() if self.results_path.exists() else None
            if data is None:
                raise FileNotFoundError
            if self.digest_path.exists():
                digest = self.digest_path.read_text().split()[:1]
                if digest != [hashlib.sha256(data).hexdigest()]:
                    raise damaged(self.results_path, "its checksum differs")
            return read_parquet(self.results_path)
        except FileNotFoundError:
            chunks = manifest["plan"]["chunks"]
            done = sum(self.part(chunk["id"]).exists() for chunk in chunks)
            raise ToysupError(
                f"{self.folder}: is not finished: {done} of {len(chunks)} chunks are done. "
                f"Finish it with: {manifest['command']}"
            ) from None

    def frame(self):
        """The results as a pandas DataFrame; `attrs["settings"]` names a condition's columns."""
        table = self.results()
        frame = table.to_pandas()
        frame.attrs["settings"] = table.schema.metadata[b"settings"].decode().split()
        return frame

    def outcome(self) -> dict:
        """What a finished run came to, for a person or a program: counts of its outcomes."""
        outcomes = outcomes_by_instance(self.results())
        return {
            "run": str(self.folder),
            "results": str(self.results_path),
            "instances": len(outcomes),
            "outcomes": {name: outcomes.count(name) for name in sorted(set(outcomes))},
        }

    def log(self, **event) -> None:
        """Append to events.jsonl what happened, apart from the results."""
        path = self.folder / "events.jsonl"
        with user_errors(path, "written"), path.open("a") as file:
            file.write(json.dumps(event) + "\n")

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder for this process. The lock goes with the process, however it ends."""
        path = self.folder / ".lock"
        with user_errors(path, "written", OTHER_FOLDER):
            file = path.open("a")
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BusyError(
                    f"{self.folder}: another process is working on this run. "
                    f"Wait for it, or choose another folder with --out."
                ) from None
            yield

"""A run's folder: manifest, immutable parts, results, events, lock. See `Store`.

A file appears whole or not at all, parquet carries checksums that are verified on reading, and
the same command again finishes exactly what is missing.
"""

import contextlib
import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from toysup.errors import BusyError, DamagedError, ToysupError

MANIFEST_VERSION = 1


def publish(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all, even if the power fails."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def write_parquet(path: Path, table: pa.Table) -> None:
    """Publish a table, with page checksums."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
    publish(path, sink.getvalue())


def read_parquet(path: Path, columns: list[str] | None = None) -> pa.Table:
    """Read a table and verify its page checksums. DamagedError when it is not what was written."""
    try:
        return pq.read_table(path, columns=columns, page_checksum_verification=True)
    except FileNotFoundError:
        raise
    except PermissionError as error:
        raise ToysupError(f"{path}: no permission to read it.") from error
    except (pa.ArrowException, OSError) as error:
        raise DamagedError(
            f"{path}: is damaged ({str(error).splitlines()[0].rstrip('.')}). "
            f"Delete it and give the sweep command again: only what is missing is trained."
        ) from error


class Store:
    """The folder of one run: `manifest.json`, `parts/`, `results.parquet`, `events.jsonl`."""

    def __init__(self, folder: Path):
        self.folder = Path(folder)
        self.manifest_path = self.folder / "manifest.json"
        self.results_path = self.folder / "results.parquet"
        self.parts = self.folder / "parts"

    def create(self, manifest: dict) -> None:
        """Make the folder with its manifest, which is never changed afterwards."""
        try:
            self.parts.mkdir(parents=True, exist_ok=True)
            text = json.dumps({"manifest_version": MANIFEST_VERSION} | manifest, indent=1)
            publish(self.manifest_path, text.encode() + b"\n")
        except OSError as error:
            raise ToysupError(
                f"{self.folder}: cannot be written ({error.strerror}). "
                f"Choose another folder with --out."
            ) from error

    def manifest(self) -> dict:
        """The manifest. ToysupError when the folder is no run, DamagedError when it is broken."""
        if not self.folder.exists():
            known = [f.parent.name for f in sorted(self.folder.parent.glob("*/manifest.json"))]
            there = f" Runs there: {', '.join(known)}." if known else ""
            raise ToysupError(f"{self.folder}: there is no such run.{there}")
        if not self.manifest_path.is_file():
            raise ToysupError(
                f"{self.folder}: is not a run: it has no manifest.json. "
                f"A run is a folder that `toysup sweep` made, such as runs/question."
            )
        try:
            manifest = json.loads(self.manifest_path.read_bytes())
            version = manifest["manifest_version"]
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedError(
                f"{self.manifest_path}: is damaged. Start over with --fresh."
            ) from error
        if version > MANIFEST_VERSION:
            raise DamagedError(
                f"{self.manifest_path}: was written by a newer toysup "
                f"({manifest.get('versions', {}).get('toysup', 'unknown')}). Upgrade toysup."
            )
        return manifest

    def part(self, chunk_id: str) -> Path:
        return self.parts / f"{chunk_id}.parquet"

    def finalize(self, chunk_ids: list[str]) -> None:
        """Publish results.parquet from all parts, sorted, so that its bytes tell no history."""
        tables = [read_parquet(self.part(chunk_id)) for chunk_id in chunk_ids]
        order = [("condition", "ascending"), ("seed", "ascending"), ("directions", "ascending")]
        write_parquet(self.results_path, pa.concat_tables(tables).sort_by(order))

    def results(self) -> pa.Table:
        """The results of a finished run."""
        manifest = self.manifest()
        try:
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
        outcomes = self.results().column("outcome").to_pylist()
        return {
            "run": str(self.folder),
            "results": str(self.results_path),
            "instances": len(outcomes),
            "outcomes": {name: outcomes.count(name) for name in sorted(set(outcomes))},
        }

    def log(self, **event) -> None:
        """Append to events.jsonl what happened, apart from the results."""
        with (self.folder / "events.jsonl").open("a") as file:
            file.write(json.dumps(event) + "\n")

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder for this process. The lock goes with the process, however it ends."""
        with (self.folder / ".lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BusyError(
                    f"{self.folder}: another process is working on this run. "
                    f"Wait for it, or choose another folder with --out."
                ) from None
            yield

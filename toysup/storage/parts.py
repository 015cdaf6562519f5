"""A run's folder while it is trained: its manifest, and a part for each chunk. See `Store`."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa

from toysup.errors import ToysupError
from toysup.files.publish import publish, publish_first, sync_folder, user_errors
from toysup.files.regular import open_regular
from toysup.registry import Plugin
from toysup.storage import claims
from toysup.storage import folder as folders
from toysup.storage import manifest as manifests
from toysup.storage.claim import Claim
from toysup.storage.parquet import (
    damaged,
    read_parquet,
    write_parquet,
)
from toysup.storage.shard import WHOLE, Shard
from toysup.storage.size import Size, size_of
from toysup.storage.validate import RUN, WrongError, check_places

# The identity of what a run was before it grew -> what brings a part of then into today's form.
Forms = Mapping[str, Callable[[pa.Table], pa.Table]]


class Parts:
    """`manifest.json`, `parts/` and `events.jsonl` of one run.

    `forms` are needed to read the parts of a run that has grown. With the `claim` of a process no
    part is written once another process works in its place.
    """

    def __init__(
        self,
        folder: Path,
        forms: Forms = MappingProxyType({}),
        claim: Claim | None = None,
    ):
        self.folder, self.forms, self.claim = Path(folder), forms, claim
        self.manifest_path = self.folder / folders.MANIFEST
        self.parts = self.folder / "parts"
        self.plugins = self.folder / "plugins"

    def lock(self, shard: Shard = WHOLE, alone: bool = False) -> AbstractContextManager[Claim]:
        """Hold the folder, or a shard of the run, for this process, and make the folder when it is
        missing.

        ToysupError when it holds something else than a run, BusyError when another process works
        on the same, or on any shard of what is held whole or `alone`.
        """
        folders.check_usable(self.folder)
        with user_errors(self.folder, "written", folders.OTHER_FOLDER):
            self.folder.mkdir(parents=True, exist_ok=True)
        return claims.held(self.folder, shard, alone, self.is_trained)

    def begin(self, manifest: dict, plugins: Sequence[Plugin] = ()) -> bool:
        """Make the folder with its manifest; False where another process has made it first."""
        self.make(plugins)
        return publish_first(self.manifest_path, manifests.sealed(manifest))

    def create(self, manifest: dict, plugins: Sequence[Plugin] = ()) -> None:
        """Make the folder with its manifest; or put another manifest in the place of the one that
        is there, of which this store must not have read."""
        self.make(plugins)
        publish(self.manifest_path, manifests.sealed(manifest))

    def make(self, plugins: Sequence[Plugin]) -> None:
        """Make the folder, with a copy of each plug-in's source."""
        with user_errors(self.folder, "written", folders.OTHER_FOLDER):
            self.parts.mkdir(parents=True, exist_ok=True)
            if plugins:
                self.plugins.mkdir(exist_ok=True)
            sync_folder(self.folder)
        for plugin in plugins:
            publish(self.plugins / f"{plugin.name}.py", plugin.source)

    def manifest(self) -> dict:
        """The manifest. ToysupError when the folder is no run, DamagedError when it is broken."""
        return self.content

    @cached_property
    def content(self) -> dict:
        with user_errors(self.manifest_path, "read"):
            try:
                return manifests.read(self.manifest_path)
            except (FileNotFoundError, NotADirectoryError):
                there = self.folder.exists()
        if there:
            raise ToysupError(
                f"{self.folder}: is not a run: it has no manifest.json. "
                f"A run is a folder that `toysup sweep` made, such as runs/question."
            )
        known = [f.parent.name for f in sorted(self.folder.parent.glob("*/manifest.json"))]
        runs = f" Runs there: {', '.join(known)}." if known else ""
        raise ToysupError(f"{self.folder}: there is no such run.{runs}")

    @cached_property
    def identity(self) -> str:
        """What every file of this run says of itself."""
        return manifests.identity(self.content)

    def part(self, chunk_id: str) -> Path:
        return self.parts / f"{chunk_id}.parquet"

    def has_part(self, chunk_id: str) -> bool:
        return os.path.lexists(self.part(chunk_id))

    def trained(self) -> set[str]:
        """The names of the chunks that are trained."""
        try:
            return {name.removesuffix(".parquet") for name in os.listdir(self.parts)}
        except (FileNotFoundError, NotADirectoryError):
            return set()

    def missing(self, chunks: Sequence) -> list:
        """Those of some chunks that are not trained, in their order."""
        trained = self.trained()
        return [chunk for chunk in chunks if chunk.id not in trained]

    def done(self, manifest: dict) -> tuple[int, int]:
        """How many chunks are trained, and how many there are."""
        chunks, trained = manifest["plan"]["chunks"], self.trained()
        return sum(chunk["id"] in trained for chunk in chunks), len(chunks)

    def is_trained(self) -> bool:
        """Whether the run is begun, and all of its chunks are trained."""
        if not os.path.lexists(self.manifest_path):
            return False
        done, chunks = Parts(self.folder).done(Parts(self.folder).manifest())
        return done == chunks

    def size(self, chunk) -> Size:
        """The most that the part of a chunk may hold."""
        instances = len(chunk.conditions) * len(chunk.seeds)
        return size_of(self.content["plan"]["sweep"], instances)

    def write_part(self, chunk, rows: pa.Table) -> None:
        """Publish the rows of a chunk as an immutable part of the run."""
        if self.claim:
            self.claim.check()
        rows = rows.replace_schema_metadata(self.signed(rows.schema).metadata)
        write_parquet(self.part(chunk.id), rows, self.size(chunk).excess)

    def read_part(self, chunk) -> pa.Table:
        """The rows of a chunk. DamagedError when they are not those that the plan asks for."""
        path = self.part(chunk.id)
        table = read_parquet(path, self.size(chunk).excess)
        try:
            form = self.forms.get(self.told(table))
            if form is None:
                self.check_signed(path, table)
            else:
                table = form(table)
            check_places(table, [(chunk.conditions, chunk.seeds)])
        except WrongError as error:
            raise damaged(path, f"holds the rows of another chunk: {error}") from error
        return table

    def signed(self, schema: pa.Schema) -> pa.Schema:
        """A schema that says whose its table is, in place of what it said before."""
        return schema.with_metadata({**(schema.metadata or {}), RUN: self.identity.encode()})

    def told(self, table: pa.Table) -> str:
        """The identity that a table says it is of; "" where it says none."""
        return (table.schema.metadata or {}).get(RUN, b"").decode(errors="replace")

    def check_signed(self, path: Path, table: pa.Table) -> None:
        """DamagedError for a file of another run."""
        if self.told(table) != self.identity:
            raise damaged(path, "it belongs to another run")

    def progress(self) -> dict:
        """What a run that is not finished has come to."""
        done, chunks = self.done(self.manifest())
        return {"run": str(self.folder), "chunks_done": done, "chunks": chunks}

    def log(self, **event) -> None:
        """Append to events.jsonl what happened, apart from the results."""
        path = self.folder / "events.jsonl"
        with user_errors(path, "written"):
            handle = open_regular(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            with open(handle, "w") as file:
                file.write(json.dumps(event) + "\n")

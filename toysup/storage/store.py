"""A run's folder: manifest, immutable parts, results, events, lock. See `Store`.

A file appears whole or not at all, every file is checked on reading, and the same command again
finishes exactly what is missing.
"""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

import pyarrow as pa

from toysup.errors import RefusedError, ToysupError, UnfinishedError
from toysup.storage import claims
from toysup.storage import folder as folders
from toysup.storage.claim import Claim
from toysup.storage.columnwise import ColumnFile
from toysup.storage.manifest import EARLIER
from toysup.storage.merge import pieces
from toysup.storage.outcomes import count_outcomes, outcome_columns
from toysup.storage.parquet import (
    Columns,
    Excess,
    all_columns,
    damaged,
    read_columns,
)
from toysup.storage.parts import Forms, Parts
from toysup.storage.results_file import ResultsFile
from toysup.storage.size import size_of
from toysup.storage.validate import RUN, WrongError, check_results, settings_of


class Store(Parts):
    """The folder of one run: `manifest.json`, `parts/`, `results.parquet`, `events.jsonl`."""

    def __init__(
        self,
        folder: Path,
        forms: Forms = MappingProxyType({}),
        claim: Claim | None = None,
    ):
        super().__init__(folder, forms, claim)
        self.results_file = ResultsFile(self.folder)
        self.results_path = self.results_file.path

    def conclude(self, chunks, schema: pa.Schema, at_once: int, anew: bool) -> None:
        """Publish the results of a run that is trained, `anew` or where they are not there, and
        remove what processes that died were writing, if no other one works now.

        Processes that do so at once write the same bytes: they follow from the parts.
        """
        if anew or not self.is_finished(schema):
            self.finalize(chunks, schema, at_once)
        if self.claim and claims.is_alone(self.claim):
            folders.clear(self.folder)

    def finalize(self, chunks, schema: pa.Schema, at_once: int) -> None:
        """Publish results.parquet from all parts, sorted, so that its bytes tell no history; so
        many instances `at_once` are held in memory.

        `schema` is that of the plan: a part's title may be one from before.
        """

        def read(chunk) -> pa.Table:
            table = self.read_part(chunk)
            if table.schema != schema:
                raise damaged(self.part(chunk.id), "its columns are not those of its plan")
            return table

        self.publish_tables(schema, pieces(chunks, read, at_once))

    def publish_tables(self, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
        """Write results.parquet, signed by this run."""
        self.results_file.write(self.signed(schema), tables)

    def results(self, columns: Columns = all_columns, condition: int | None = None) -> pa.Table:
        """The results of a finished run, or some `columns` of them, or those of a condition; all of
        the file is checked first. DamagedError when it is not what was written."""
        manifest = self.manifest()
        with self.opened_results() as (file, excess):
            found = read_columns(self.results_path, file, excess, columns, condition)
        table, schema = found
        earlier = {stage["identity"] for stage in manifest.get(EARLIER, ())} - {self.identity}
        if self.told(table) in earlier:
            raise self.unfinished()
        self.check_signed(self.results_path, table)
        try:
            check_results(table, manifest, schema, condition)
        except WrongError as error:
            raise damaged(self.results_path, str(error)) from error
        return table

    @contextlib.contextmanager
    def column_file(self) -> Iterator[ColumnFile]:
        """The results of a finished run column by column; all of the file is checked first. What
        `results` checks of columns is not checked."""
        with self.opened_results() as (file, excess):
            yield ColumnFile(self.results_path, file, excess)

    @contextlib.contextmanager
    def opened_results(self) -> Iterator[tuple[BinaryIO, Excess]]:
        """The open file of the results, after its checksum, and why it would hold too much."""
        manifest = self.manifest()
        chunks = manifest["plan"]["chunks"]
        instances = sum(len(chunk["conditions"]) * len(chunk["seeds"]) for chunk in chunks)
        with contextlib.ExitStack() as stack:
            try:
                file = stack.enter_context(self.results_file.opened())
            except FileNotFoundError:
                raise self.unfinished() from None
            yield file, size_of(manifest["plan"]["sweep"], instances).excess

    def unfinished(self) -> UnfinishedError:
        """The error for a run whose results are missing, or are those from before it grew."""
        manifest = self.manifest()
        done, chunks = self.done(manifest)
        return UnfinishedError(
            f"{self.folder}: is not finished: {done} of {chunks} chunks are done. "
            f"Finish it with: {manifest['command']}"
        )

    def is_finished(self, schema: pa.Schema) -> bool:
        """Whether the results are there, whole, and say of themselves what `schema` does. They are
        made of the parts again if not."""
        try:
            told = self.results().schema.metadata
        except RefusedError:
            raise
        except ToysupError:
            return False
        return told == {**schema.metadata, RUN: self.identity.encode()}

    def frame(self, columns: Columns = all_columns, condition: int | None = None):
        """The results as a pandas DataFrame; `attrs["settings"]` names a condition's columns."""
        table = self.results(columns, condition)
        frame = table.to_pandas()
        frame.attrs["settings"] = settings_of(table)
        return frame

    def outcome(self) -> dict:
        """What a finished run came to, for a person or a program: counts of its outcomes."""
        counts = count_outcomes(self.results(outcome_columns))
        return {
            "run": str(self.folder),
            "results": str(self.results_path),
            "instances": sum(counts.values()),
            "outcomes": counts,
        }

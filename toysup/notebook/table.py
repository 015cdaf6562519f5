"""Results as a pandas table that groups by settings which not every row has."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa

from toysup.errors import ToysupError
from toysup.files.shown import quoted
from toysup.spec.cases import CASE_KEYS
from toysup.spec.faults import did_you_mean
from toysup.storage.parquet import Columns, all_columns
from toysup.storage.store import Store

SETTINGS = "settings"  # of a table's attrs
LAST = "outcome"  # of the columns that say which instance a row is of: its settings are before it


class Table(pd.DataFrame):
    """A DataFrame whose `groupby` keeps the rows with a missing key.

    A setting is missing where an objective does not have it: the temperature of an autoencoder.
    pandas drops such rows, and with them whole objectives.
    """

    @property
    def _constructor(self):
        return Table

    def groupby(self, *keys, dropna: bool = False, **options):
        """As in pandas, with `dropna=False`."""
        return super().groupby(*keys, dropna=dropna, **options)


def read(run: Path, names: list[str] | None = None) -> Table:
    """The results of a finished run, or the columns that have these names, with the settings."""
    store = Store(run)
    frame = store.frame(all_columns if names is None else chosen(store, names))
    table = Table(frame)
    table.attrs = {SETTINGS: every_setting(frame.attrs[SETTINGS])}
    return table


def every_setting(names: Sequence[str]) -> list[str]:
    """All columns that make up a condition: what is trained on what, and its settings."""
    return [*CASE_KEYS, *(name for name in names if name not in CASE_KEYS)]


def chosen(store: Store, names: list[str]) -> Columns:
    """The columns with these names, after those that say which instance a row is of."""

    def columns(schema: pa.Schema) -> list[str]:
        for name in names:
            if name not in schema.names:
                hint = did_you_mean(name, schema.names)
                raise ToysupError(f"{store.folder}: has no column {quoted(name)}.{hint}")
        wanted = {*schema.names[: schema.names.index(LAST) + 1], *names}
        return [name for name in schema.names if name in wanted]

    return columns

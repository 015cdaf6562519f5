"""The files that the feature distributions of a sweep read, with a hash of each."""

import itertools
from typing import NamedTuple

from toysup.spec.tables import plugin


class DataFile(NamedTuple):
    """A file that a table of a sweep names; `digest` is the sha256 of its content."""

    table: str
    path: str
    digest: str


def data_files(sweep) -> list[DataFile]:
    """Every file that a sweep reads, once for each table."""
    found = [
        DataFile(f"features.{name}", path, digest)
        for name, table in sweep.features.items()
        for values in itertools.product(*table.values())
        for path, digest in plugin("features", name)
        .fingerprint(dict(zip(table, values, strict=True)))
        .items()
    ]
    return list(dict.fromkeys(found))

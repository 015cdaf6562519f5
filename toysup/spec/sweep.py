"""What a sweep file says, as plain data."""

import dataclasses
from pathlib import Path
from typing import Any

from toysup.spec import top
from toysup.spec.claim import Claim
from toysup.spec.complete import Table
from toysup.spec.plugins import PluginHash

NO_PART = ("folder", "notes")  # fields that do not make another sweep


@dataclasses.dataclass(frozen=True)
class Sweep:
    """Everything a sweep file says, with all defaults: plain data, never changed.

    A table is `setting -> values`, with every setting of the plugin, in the plugin's order. Tables
    are in the order of the file. `objective_train` has the `[train]` table of each objective: the
    common values, replaced by the objective's own. `record` has the steps at which directions are
    kept, `measure` says how much is measured of each model, and `pictures` names the report's extra
    pictures. `plugins` has the family, name and sha256 of each plug-in file that training or
    measuring depends on. `reference` is the objective that reports compare the others with, or "".
    Paths start at `folder`, which is no part of what a sweep is: one that is moved with its files
    is the same. Nor are `notes`: sentences for who trains it.
    """

    name: str
    title: str
    question: str
    seed: int
    seeds: tuple[int, ...]
    model: Table
    train: Table
    features: dict[str, Table]
    views: dict[str, Table]
    encoder: dict[str, Table]
    objective: dict[str, Table]
    objective_train: dict[str, Table]
    record: tuple[int, ...] = ()
    measure: str = top.ALL
    pictures: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    plugins: tuple[PluginHash, ...] = ()
    reference: str = ""
    folder: Path = dataclasses.field(default=Path(), compare=False)
    notes: tuple[str, ...] = dataclasses.field(default=(), compare=False)

    def to_json(self) -> dict:
        """The sweep as dicts, lists, texts and numbers."""
        claims = tuple(claim.to_dict() for claim in self.claims)
        content = {name: value for name, value in vars(self).items() if name not in NO_PART}
        return recast(content | {"claims": claims}, tuple, list)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Sweep":
        """The sweep that `to_json` was called on."""
        fields: dict[str, Any] = recast(data, list, tuple)
        fields["claims"] = tuple(Claim(**claim) for claim in fields["claims"])
        return cls(**fields)


def recast(value: Any, old: type, new: type) -> Any:
    """A copy of nested dicts and sequences, with sequences of type `old` as `new`."""
    if isinstance(value, dict):
        return {key: recast(item, old, new) for key, item in value.items()}
    return new(recast(item, old, new) for item in value) if isinstance(value, old) else value

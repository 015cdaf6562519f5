"""Every table of a sweep file with its keys, as they are declared where they are read.

Plug-ins declare their own; those of files are there where `registry.use` was told of them.
"""

import dataclasses
from typing import Any

from toysup import registry
from toysup.spec import claim, record, shapes, small, top
from toysup.spec.key import Key, keys_of
from toysup.spec.tables import (
    CLAIMS,
    CORE_TABLES,
    FAMILIES,
    NOUNS,
    RECORD,
    SMALL,
    names_of,
    plugin,
    takes,
)

TOP = "at the top, above the first table"
OWN_TRAIN = "objective.NAME.train"
DOCS = {
    "model": "The size of the model.",
    "train": "The training, for all objectives.",
    OWN_TRAIN: "The training of one objective. What it leaves out comes from [train].",
    RECORD: "Steps at which W and the loss are kept.",
    CLAIMS: "Sentences with the rule that decides each: one block a claim.",
    SMALL: "What --small trains, in about a minute.",
}
DRAFT = "http://json-schema.org/draft-07/schema#"


@dataclasses.dataclass(frozen=True)
class Table:
    """A table, by its dotted path: "objective.mse"; "" is the top of the file."""

    path: str
    doc: str
    keys: tuple[Key, ...]
    origin: str = ""  # of a plug-in that does not come with toysup

    @property
    def name(self) -> str:
        """The table as a file writes it."""
        if not self.path:
            return TOP
        return f"[[{self.path}]]" if self.path == CLAIMS else f"[{self.path}]"

    def to_dict(self) -> dict[str, Any]:
        """What `toysup list sweepfile` says of it."""
        told = {"name": self.name, "summary": self.doc}
        told |= {"from": self.origin} if self.origin else {}
        return told | {"settings": [key.to_dict() for key in self.keys]}

    def schema(self, **more: Any) -> dict[str, Any]:
        """Its JSON schema; `more` has the tables below it."""
        required = [key.name for key in self.keys if key.required]
        properties = {key.name: key.schema() for key in self.keys} | more
        return shapes.table(properties, self.doc, **({"required": required} if required else {}))


def settings(table: str) -> tuple[Key, ...]:
    """The settings of a table, each of which may be an axis."""
    return tuple(map(Key.of, takes(table).values()))


def own_train() -> Table:
    """The table with which an objective replaces settings of [train], and it has no defaults."""
    keys = tuple(dataclasses.replace(key, default=None) for key in settings("train"))
    return Table(OWN_TRAIN, DOCS[OWN_TRAIN], keys)


def of_family(family: str) -> list[Table]:
    """The table of each plug-in of a family."""
    return [
        Table(
            f"{family}.{name}",
            registry.summary(plugin(family, name)),
            settings(f"{family}.{name}"),
            registry.origin(FAMILIES[family], name),
        )
        for name in names_of(family)
    ]


def others() -> list[Table]:
    """The tables that train nothing."""
    kept = Key.of(record.STEP)
    shape = dataclasses.replace(kept.shape, type="whole number or list")  # and no axis of the grid
    steps = Key(kept.name, shape, "when to keep them; 0 is before training", required=True)
    return [
        Table(RECORD, DOCS[RECORD], (steps,)),
        Table(CLAIMS, DOCS[CLAIMS], keys_of(claim.Claim, claim.REQUIRED)),
        Table(SMALL, DOCS[SMALL], small.DECLARED),
    ]


def tables() -> list[Table]:
    """All tables, the top of the file first."""
    core = [Table(name, DOCS[name], settings(name)) for name in CORE_TABLES]
    families = [table for family in FAMILIES for table in of_family(family)]
    return [Table("", "", top.declared()), *core, *families, own_train(), *others()]


def schema() -> dict[str, Any]:
    """The JSON schema of a sweep file."""
    properties = {key.name: key.schema() for key in top.declared()}
    properties |= {name: Table(name, DOCS[name], settings(name)).schema() for name in CORE_TABLES}
    for family in FAMILIES:
        below = {"train": {"$ref": "#/definitions/own_train"}} if family == "objective" else {}
        plugins = {t.path.partition(".")[2]: t.schema(**below) for t in of_family(family)}
        one = {"minProperties": 1} if family == "objective" else {}
        doc = f"Tables [{family}.NAME], {NOUNS[family]} each. A condition has one of them."
        properties[family] = shapes.table(plugins, doc, **one)
    for table in others():
        closed = table.schema()
        properties[table.path] = closed if table.path != CLAIMS else claims(closed)
    about = {"$schema": DRAFT, "title": "A sweep of toysup"}
    definitions = shapes.DEFINITIONS | {"own_train": own_train().schema()}
    return about | shapes.table(properties, required=["objective"], definitions=definitions)


def claims(closed: dict[str, Any]) -> dict[str, Any]:
    """The schema of [[claims]]: each has exactly one rule."""
    rules = [{"required": [rule]} for rule in claim.RULES]
    return shapes.described(DOCS[CLAIMS], {"type": "array", "items": closed | {"oneOf": rules}})

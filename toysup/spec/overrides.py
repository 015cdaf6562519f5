"""`--set KEY=VALUE`: values of a sweep file replaced from the command line.

KEY is a dotted path (`objective.infonce.temperature`), or the bare name of a setting. A bare name
sets the value in every table of the sweep that takes it. An override never adds a table, because
the sweep would then train something that its file does not name.
"""

from collections.abc import Sequence
from typing import Any

from toysup.files.shown import quoted
from toysup.spec.faults import Faults, closest, did_you_mean, place
from toysup.spec.sweepfile import loads
from toysup.spec.tables import (
    CLAIMS,
    CORE_TABLES,
    FAMILIES,
    RECORD,
    SCALARS,
    TOP_KEYS,
    names_of,
    table_at,
    tables_with,
    takes,
)


def apply(raw: dict, overrides: Sequence[str], faults: Faults, where: str = "--set") -> None:
    """Write each override into `raw`, in order, and note where its values came from.

    A bare name may go to many tables, and a dotted path then to one of them; two of the same keys
    are a slip of the hand, of which one would be lost in silence.
    """
    labels: dict[tuple[str, ...], str] = {}
    for override in overrides:
        label = f"{where} {quoted(override)}"
        key, equals, text = (part.strip() for part in override.partition("="))
        if not equals or not all(key.split(".")):
            faults.add_line(label, "must be KEY=VALUE, such as steps=100.")
            continue
        value = toml_value(text)
        if value == text and text.startswith(("[", "{")):
            faults.add_line(
                label,
                f"{quoted(text)} is not TOML. Texts in a list need quotes, and the whole needs "
                """quotes against the shell: --set 'KEY=["a", "b"]'.""",
            )
            continue
        paths, fault = targets(key, raw, faults.where)
        if fault:
            faults.add_line(label, fault)
        elif tuple(paths) in labels:
            other = labels[tuple(paths)]
            faults.add_line(label, f"sets {quoted(key)}, as {other} does. Leave one out.")
        labels.setdefault(tuple(paths), label)
        for path in paths:
            set_value(raw, path, value)
            faults.origins[path] = label


def toml_value(text: str) -> Any:
    """A TOML value. A word that is not TOML, such as cosine, is taken as a text."""
    try:
        parsed = loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return parsed["value"] if len(parsed) == 1 else text


def targets(key: str, raw: dict, where: str) -> tuple[list[str], str | None]:
    """The paths in `raw` that a key means, and what is wrong with it."""
    parts = key.split(".")
    if key in (*SCALARS, CLAIMS):  # claims as a whole: claims=[] leaves them out
        return [key], None
    if parts[0] == RECORD and len(parts) == 2:
        return [key], None  # with or without the table: to record trains nothing else
    if key in (*CORE_TABLES, *FAMILIES, RECORD) or key in tables(raw):
        return [], f"{key} is a table. Set one of its settings."
    if len(parts) == 1:
        return in_all_tables(key, raw, where)
    if parts[0] not in (*CORE_TABLES, *FAMILIES):
        return [], f"{quoted(parts[0])} is not a table.{did_you_mean(parts[0], TOP_KEYS)}"
    holder = key.rpartition(".")[0]
    if holder in tables(raw) or holder.removesuffix(".train") in tables(raw, "objective"):
        return [key], None
    table, present = ".".join(parts[:2]), tables(raw, parts[0])
    if table in present or parts[0] in CORE_TABLES:
        return [], f"{place(key)} is not a setting."
    listed = f" It has: {', '.join(present)}." if present else ""
    near = closest(table.partition(".")[2], [name.partition(".")[2] for name in present])
    hint = f" Did you mean {parts[0]}.{near}?" if near else ""
    return [], f"{where} has no table {place(table)}.{hint}{listed}"


def in_all_tables(setting: str, raw: dict, where: str) -> tuple[list[str], str | None]:
    """The paths of a bare name: in every table that takes it, and in objectives' own [train]."""
    own = [
        f"{table}.train"
        for table in tables(raw, "objective")
        if setting in table_at(table_at(raw, table), "train")
    ]
    owners = [table for table in tables(raw) if setting in takes(table)]
    if owners:
        return [f"{table}.{setting}" for table in owners + own if setting in takes(table)], None
    elsewhere = tables_with(setting)
    if elsewhere:
        return [], f"{setting} is a setting of {', '.join(elsewhere)}, which {where} does not have."
    known = {*SCALARS, *(name for table in tables(raw) for name in takes(table))}
    return [], f"{quoted(setting)} is not a setting.{did_you_mean(setting, sorted(known))}"


def tables(raw: dict, family: str | None = None) -> list[str]:
    """The tables of one family, such as "views.mask"; or all, with [model] and [train]."""
    families = FAMILIES if family is None else [family] if family in FAMILIES else []
    named = [
        f"{kind}.{name}"
        for kind in families
        for name in table_at(raw, kind)
        if name in names_of(kind)
    ]
    return named if family else [*CORE_TABLES, *named]


def set_value(raw: dict, path: str, value: Any) -> None:
    """Set the value at a path, unless something on the path is not a table."""
    *names, last = path.split(".")
    for name in names:
        raw = raw.setdefault(name, {})
        if not isinstance(raw, dict):
            return
    raw[last] = value

"""The tables of a sweep as written -> the same tables, checked, with every setting."""

from typing import Any

from toysup.spec import axes, unknown
from toysup.spec.faults import Faults, quote
from toysup.spec.tables import (
    CORE_TABLES,
    FAMILIES,
    names_of,
    table_at,
    takes,
)

Table = dict[str, tuple]


def tables(raw: dict, faults: Faults) -> dict[str, dict]:
    """All tables; `objective_train` has the `[train]` table of each objective."""
    plain = {table: settings(raw.get(table, {}), table, faults) for table in CORE_TABLES}
    families = {name: family(raw.get(name, {}), name, faults) for name in FAMILIES}
    own_train = {}
    for name in families["objective"]:
        written = table_at(raw, f"objective.{name}").get("train", {})
        own_train[name] = settings(written, f"objective.{name}.train", faults, plain["train"])
    return {**plain, **families, "objective_train": own_train}


def family(raw: Any, name: str, faults: Faults) -> dict[str, Table]:
    """The alternatives of one family."""
    if not isinstance(raw, dict):
        faults.add(name, unknown.no_table(raw, name))
        return {}
    for key in raw:
        if key not in names_of(name) and key not in faults.failed:
            faults.add(f"{name}.{key}", unknown.plugin(name, str(key), raw[key]))
    return {
        key: settings(table, f"{name}.{key}", faults)
        for key, table in raw.items()
        if key in names_of(name)
    }


def settings(raw: Any, table: str, faults: Faults, defaults: Table | None = None) -> Table:
    """One table. A missing setting comes from `defaults`, or from the class if there are none."""
    if not isinstance(raw, dict):
        faults.add(table, f"must be a table, found {quote(raw)}.")
        raw = {}
    for key in raw:
        if key not in takes(table) and not is_own_train_table(table, key):
            faults.add(f"{table}.{key}", unknown.setting(str(key), table, raw[key]))
    defaults = defaults or {name: (setting.default,) for name, setting in takes(table).items()}
    return {
        name: axes.read(raw[name], setting, f"{table}.{name}", faults)
        if name in raw
        else defaults[name]
        for name, setting in takes(table).items()
    }


def is_own_train_table(table: str, key: str) -> bool:
    """Whether a key is the `[train]` table of an objective, which is read separately."""
    return key == "train" and table.startswith("objective.") and table.count(".") == 1

"""The tables of a sweep as written -> the same tables, checked, with every setting."""

from typing import Any

from toysup.spec import axes
from toysup.spec.faults import Faults, closest, did_you_mean, quote, there_are
from toysup.spec.tables import (
    CLAIMS,
    CORE_TABLES,
    FAMILIES,
    IMPLIED,
    NOUNS,
    PLUGINS,
    SCALARS,
    TOP_KEYS,
    all_of,
    names_of,
    table_at,
    tables_with,
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
        faults.add(name, no_table_of_tables(raw, name))
        return {}
    for key in raw:
        if key not in names_of(name) and key not in faults.failed:
            own = own_tables([raw[key]], name)
            write = f"is not {NOUNS[name]}. Write {own}." if own else None
            faults.add(f"{name}.{key}", write or unknown_plugin(name, str(key)))
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
            faults.add(f"{table}.{key}", unknown_setting(str(key), table, raw[key]))
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


def no_table_of_tables(raw: Any, family: str) -> str:
    """The fault of a family that is a value, such as `objective = "mse"`."""
    named = raw if isinstance(raw, list | tuple) else [raw]
    if own := own_tables(named, family):
        found = quote(raw) if named[0] is raw else "a list"
        return f"is {found}, and each {family} is a table: write {own}."
    example = f"[{family}.{names_of(family)[0]}]"
    return f"must be a table of tables, such as {example}, found {quote(raw)}."


def own_tables(named: Any, family: str) -> str:
    """The tables that these names mean: "[objective.mse]"; nothing if one of them is unknown."""
    near = [closest(name, names_of(family)) if isinstance(name, str) else None for name in named]
    return ", ".join(f"[{family}.{name}]" for name in near) if all(near) else ""


def unknown_plugin(family: str, name: str) -> str:
    """The fault of a table whose name is not a plugin of its family."""
    if (lower := name.lower()) in names_of(family):
        return f"is not {NOUNS[family]}: names are in lower case. Write [{family}.{lower}]."
    hint = did_you_mean(name, names_of(family))
    for owner in (IMPLIED.get(family, names_of(family)[0]), *names_of(family)):
        # The setting stands one level too high: [features] instead of [features.independent].
        if not hint and name in takes(f"{family}.{owner}"):
            hint = f" Did you mean {family}.{owner}.{name}?"
    there = there_are(names_of(family), name, all_of(family))
    return f"is not {NOUNS[family]}.{hint}{there}"


def unknown_setting(name: str, table: str, value: Any = None) -> str:
    """The fault of a setting that its table does not take."""
    known = sorted(takes(table))
    hint = did_you_mean(name, known)
    if not hint and tables_with(name):
        return f"is not a setting of {table}, but of {', '.join(tables_with(name))}."
    if name in TOP_KEYS:
        return f"is not a setting of {table}. {elsewhere(name, table, value)}"
    return f"is not a setting.{hint} It takes: {', '.join(known) or 'nothing'}."


def elsewhere(key: str, table: str, value: Any) -> str:
    """Where a key of the whole sweep goes, that stands below a table."""
    if key in FAMILIES:
        example = f"[{key}.{IMPLIED.get(key, names_of(key)[0])}]"
        own = own_tables([value], key) or f"such as {example}"
        return f"What stands below [{table}] is a part of it, and each {key} is a table: {own}."
    if key in (*SCALARS, PLUGINS):
        return f"{key} stands at the top of the file, above the first [table]."
    brackets = f"[[{key}]]" if key == CLAIMS else f"[{key}]"
    return f"Write {brackets} as a table of its own."

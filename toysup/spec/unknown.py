"""What a fault says of a key or a name that a sweep does not have there: what would work."""

from typing import Any

from toysup.spec.faults import closest, did_you_mean, quote, there_are
from toysup.spec.tables import (
    CLAIMS,
    FAMILIES,
    IMPLIED,
    NOUNS,
    PLUGINS,
    SCALARS,
    TOP_KEYS,
    all_of,
    names_of,
    tables_with,
    takes,
)


def key(name: str) -> str:
    """The fault of a key at the top that a sweep does not take."""
    hint = did_you_mean(name, TOP_KEYS)
    known = f" A sweep takes: {', '.join(TOP_KEYS)}."
    if owners := tables_with(name):
        return f"is not a key of a sweep, but a setting of {', '.join(owners)}.{known}"
    for family in FAMILIES:
        if name in names_of(family):
            return f"is not a key of a sweep, but {NOUNS[family]}: [{family}.{name}].{known}"
    return f"is not a key of a sweep.{hint}{known}"


def no_table(raw: Any, family: str) -> str:
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


def plugin(family: str, name: str, value: Any = None) -> str:
    """The fault of a table whose name is not a plugin of its family."""
    if own := own_tables([value], family):  # name = "mse"
        return f"is not {NOUNS[family]}. Write {own}."
    if (lower := name.lower()) in names_of(family):
        return f"is not {NOUNS[family]}: names are in lower case. Write [{family}.{lower}]."
    hint = did_you_mean(name, names_of(family))
    for owner in (IMPLIED.get(family, names_of(family)[0]), *names_of(family)):
        # The setting stands one level too high: [features] instead of [features.independent].
        if not hint and name in takes(f"{family}.{owner}"):
            hint = f" Did you mean {family}.{owner}.{name}?"
    there = there_are(names_of(family), name, all_of(family))
    return f"is not {NOUNS[family]}.{hint}{there}"


def setting(name: str, table: str, value: Any = None) -> str:
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

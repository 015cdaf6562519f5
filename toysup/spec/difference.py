"""What changed between two sweeps, to refuse to resume one run with another, or to compare two."""

from typing import Any

from toysup.spec import Sweep
from toysup.spec.tables import CORE_TABLES, FAMILIES, RECORD


def difference(old: Sweep, new: Sweep) -> list[str]:
    """A readable line for each change of what is computed or decided; none where there is none."""
    before, after = tables(old), tables(new)
    lines = [
        line
        for table in {**before, **after}
        for line in changed(table, before.get(table), after.get(table))
    ]
    for family in FAMILIES:
        orders = [list(getattr(sweep, family)) for sweep in (old, new)]
        if orders[0] != orders[1] and set(orders[0]) == set(orders[1]):
            lines.append(f"order of {family}: {' -> '.join(', '.join(o) for o in orders)}")
    return [*lines, *changed_plugins(old, new), *changed_claims(old, new)]


def changed_plugins(old: Sweep, new: Sweep) -> list[str]:
    """The plug-ins that came or went, or whose source changed."""
    before, after = ({name: digest for _, name, digest in s.plugins} for s in (old, new))
    words = {name: "changed" for name in {**before, **after} if before.get(name) != after.get(name)}
    words |= {name: "removed" for name in before if name not in after}
    words |= {name: "added" for name in after if name not in before}
    return [f"plug-in {name}: {word}" for name, word in words.items()]


def changed_claims(old: Sweep, new: Sweep) -> list[str]:
    """What would be decided otherwise: a rule is fixed before there are results to fit it to."""
    before, after = ({c.name: c.rule for c in sweep.claims} for sweep in (old, new))
    lines = []
    for name in {**before, **after}:
        was, now = before.get(name), after.get(name)
        if was is None or now is None:
            lines.append(f"claims.{name}: {'added' if was is None else 'removed'}")
        else:
            keys = [key for key in {**was, **now} if was.get(key) != now.get(key)]
            lines += [f"claims.{name}: another {', '.join(keys)}"] if keys else []
    return lines


def tables(sweep: Sweep) -> dict[str, dict[str, tuple]]:
    """Every table by its path; of an objective's own `[train]`, what it does not share."""
    own = {
        f"objective.{name}.train": {k: v for k, v in table.items() if v != sweep.train[k]}
        for name, table in sweep.objective_train.items()
    }
    return {
        "": {"seed": (sweep.seed,), "seeds": sweep.seeds, "measure": (sweep.measure,)},
        **{table: getattr(sweep, table) for table in CORE_TABLES},
        **{
            f"{family}.{name}": table
            for family in FAMILIES
            for name, table in getattr(sweep, family).items()
        },
        **own,
        **({RECORD: {"steps": sweep.record}} if sweep.record else {}),
    }


def changed(table: str, old: dict | None, new: dict | None) -> list[str]:
    """The lines of one table; a table that came or went is one line."""
    own_train = table.endswith(".train")
    if (old is None or new is None) and not own_train:
        return [f"{table}: {'added' if old is None else 'removed'}"]
    if old is None or new is None:
        return []  # its objective came or went, which is said already
    absent = "as in train" if own_train else "none"
    return [
        f"{table}.{name}: {label(old.get(name), absent)} -> {label(new.get(name), absent)}".lstrip(
            "."
        )
        for name in {**old, **new}
        if old.get(name) != new.get(name)
    ]


def label(values: tuple | None, absent: str) -> str:
    """An axis as a file would list it; a long row of whole numbers by its ends."""
    if values is None:
        return absent
    whole = len(values) > 3 and all(type(value) is int for value in values)
    if whole and values == tuple(range(first := min(values), first + len(values))):
        return f"{first} to {max(values)}"
    return ", ".join(word(value) for value in values)


def word(value: Any) -> str:
    """One value: 1 for 1.0, true for True."""
    return str(value).lower() if isinstance(value, bool) else str(value).removesuffix(".0")

"""A sweep file and the command line's overrides -> a checked, complete, frozen Sweep.

This is the only place where a sweep is checked; everything after it trusts the Sweep. All faults
of a file are found and shown together.
"""

import copy
import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from toysup.columns import scalars
from toysup.files import data, shown
from toysup.spec import claims, locate, record, together, top, unknown
from toysup.spec.cases import spaces
from toysup.spec.compatible import check_compatible
from toysup.spec.complete import Table, tables
from toysup.spec.faults import Faults
from toysup.spec.lookup import find
from toysup.spec.overrides import apply as apply_overrides
from toysup.spec.plugins import read as read_plugins
from toysup.spec.small import apply as apply_small
from toysup.spec.sweep import Sweep, recast
from toysup.spec.sweepfile import parsed, text_of
from toysup.spec.tables import CLAIMS, IMPLIED, PLUGINS, SMALL, TOP_KEYS, plugin

__all__ = ["Sweep", "parse", "read", "recast"]

DENSE = (1.0,)  # values of feature_probability
DEEPEST = 20  # levels of tables and lists; a claim's rows have five


def read(source: str | Path, overrides: Sequence[str] = (), small: bool = False) -> Sweep:
    """The sweep of a TOML file, with `KEY=VALUE` overrides. Raises a SpecError with every fault.

    `source` is a path, or a name that `find` knows. `small` applies the file's table [small], and
    names the sweep NAME-small.
    """
    path = find(source)
    text = text_of(path)
    content = parsed(text, path)
    # What comes through a pipe has no folder of its own.
    folder = path.parent if path.is_file() else Path()
    return parse(content, path.stem, shown.line(path), overrides, small, folder, text)


def parse(
    mapping: Mapping,
    name: str = "sweep",
    where: str | None = None,
    overrides: Sequence[str] = (),
    small: bool = False,
    folder: Path = Path(),
    text: str = "",
) -> Sweep:
    """The sweep that a mapping shaped like a sweep file describes.

    `where` starts each fault, with the line in `text`, if that is what the mapping was read from.
    Paths in the mapping are relative to `folder`.
    """
    faults = Faults(where or name, lambda: locate.lines(text, dict(mapping)) if text else {})
    if is_deeper(mapping, DEEPEST):
        faults.add_line(faults.where, f"its tables and lists are nested more than {DEEPEST} deep.")
        faults.raise_any()
    name = f"{name}-{SMALL}" if small else name
    raw = {str(key): value for key, value in copy.deepcopy(dict(mapping)).items()}
    data.start_at(folder)
    used = read_plugins(raw.get(PLUGINS, []), folder, faults)
    features_named = raw.get("features", {}) != {}
    for family, implied in IMPLIED.items():
        if raw.get(family, {}) == {}:
            raw[family] = {implied: {}}
    apply_small(raw, small, faults)
    apply_overrides(raw, overrides, faults)
    for key in raw:
        if key not in TOP_KEYS:
            faults.add(key, unknown.key(key))
    values: dict[str, Any] = {**top.read(raw, name, faults), **tables(raw, faults)}
    references = [o for o in values["objective"] if plugin("objective", o).reference]
    about = {"name": name, "plugins": used, "folder": Path(folder).absolute()}
    about["notes"] = () if features_named else notes_on_density(values["features"], faults.where)
    sweep = Sweep(**about, reference=next(iter(references), ""), **values)
    together.check_objectives(sweep, raw, faults)
    together.check_batches(sweep, raw, faults)
    record.check(sweep, raw, faults)
    together.check_names(sweep, faults)
    check_compatible(sweep, faults)
    # After an earlier fault, claims are not checked against conditions: they would show it again.
    conditions = [] if faults.lines else spaces(sweep)
    faults_before = len(faults.lines)
    declared = [("objectives", name) for name in sweep.objective]
    declared += [("features", name) for name in sweep.features]
    known = scalars(tuple(declared), bool(sweep.record))
    checked = claims.read(raw.get(CLAIMS, []), conditions, known, faults)
    together.check_measured(sweep, checked, faults)
    if conditions and overrides and len(faults.lines) > faults_before:
        faults.add_line(faults.where, "--set 'claims=[]' leaves the claims out of a changed sweep.")
    faults.raise_any()
    return dataclasses.replace(sweep, claims=checked)


def is_deeper(value: Any, most: int) -> bool:
    """Whether tables and lists are nested deeper than `most`, without a call for each level.

    >>> is_deeper({"a": [1]}, 2), is_deeper({"a": [1]}, 1)
    (False, True)
    """
    left = [(value, 0)]
    while left:
        item, depth = left.pop()
        if isinstance(item, Mapping | list | tuple):
            if depth == most:
                return True
            items = item.values() if isinstance(item, Mapping) else item
            left += [(inner, depth + 1) for inner in items]
    return False


def notes_on_density(features: dict[str, Table], where: str) -> tuple[str, ...]:
    """What to say of a sweep without a table of features, unless an option makes them sparse."""
    [(name, table)] = features.items()
    if table["feature_probability"] != DENSE:
        return ()
    return (
        f"{where}: has no table [features.NAME], so every sample has all features "
        f"(feature_probability = 1). For sparse features, write feature_probability = 0.1, say, "
        f"below [features.{name}]. That table alone means the same as none, without this note.",
    )

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
from toysup.spec import claims, locate, record, top, unknown
from toysup.spec.cases import spaces
from toysup.spec.claim import Claim, Seeds
from toysup.spec.compatible import check_compatible
from toysup.spec.complete import Table, tables
from toysup.spec.diagram import INFONCE_OPTIMUM
from toysup.spec.faults import Faults, there_are
from toysup.spec.lookup import find
from toysup.spec.overrides import apply as apply_overrides
from toysup.spec.plugins import PluginHash
from toysup.spec.plugins import read as read_plugins
from toysup.spec.small import apply as apply_small
from toysup.spec.sweepfile import parsed, text_of
from toysup.spec.tables import (
    CLAIMS,
    CORE_TABLES,
    FAMILIES,
    IMPLIED,
    PLUGINS,
    SMALL,
    TOP_KEYS,
    all_of,
    names_of,
    plugin,
    table_at,
    takes,
)

NO_PART = ("folder", "notes")  # fields that do not make another sweep
DENSE = (1.0,)  # values of feature_probability
DEEPEST = 20  # levels of tables and lists; a claim's rows have five


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
    check_objectives(sweep, raw, faults)
    check_batches(sweep, raw, faults)
    record.check(sweep, raw, faults)
    check_names(sweep, faults)
    check_compatible(sweep, faults)
    # After an earlier fault, claims are not checked against conditions: they would show it again.
    conditions = [] if faults.lines else spaces(sweep)
    faults_before = len(faults.lines)
    declared = [("objectives", name) for name in sweep.objective]
    declared += [("features", name) for name in sweep.features]
    known = scalars(declared, bool(sweep.record))
    checked = claims.read(raw.get(CLAIMS, []), conditions, known, faults)
    check_measured(sweep, checked, faults)
    if conditions and overrides and len(faults.lines) > faults_before:
        faults.add_line(faults.where, "--set 'claims=[]' leaves the claims out of a changed sweep.")
    faults.raise_any()
    return dataclasses.replace(sweep, claims=checked)


def check_measured(sweep: Sweep, checked: Sequence[Claim], faults: Faults) -> None:
    """A claim by the optimum needs a sweep that finds it, and the restart of the lowest loss."""
    for claim in checked:
        if claim.theory != INFONCE_OPTIMUM:
            continue
        path = f"{CLAIMS}.{shown.quoted(claim.name)}"
        if sweep.measure != top.OPTIMUM:
            faults.add(f"{path}.theory", f'needs measure = "{top.OPTIMUM}", which finds it.')
        if claim.seeds == Seeds.BUT_WORST:
            faults.add(f"{path}.seeds", f'is "{Seeds.BUT_WORST}", which is for "mse phases".')


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


def check_objectives(sweep: Sweep, raw: dict, faults: Faults) -> None:
    """An objective that compares views needs a view, and a view needs such an objective."""
    every_pair = [name for name in names_of("objective") if plugin("objective", name).pairs]
    pairs = [name for name in sweep.objective if name in every_pair]
    if raw.get("objective", {}) == {}:
        faults.add_line(
            faults.where,
            "has no objective. Add at least one table, such as [objective.mse]."
            f"{there_are(names_of('objective'), see=all_of('objective'))}",
        )
    if pairs and raw.get("views", {}) == {}:
        faults.add(
            f"objective.{pairs[0]}",
            "compares two views of a sample, and there are none. Add at least one table, such as "
            f"[views.mask].{there_are(names_of('views'), see=all_of('views'))}",
        )
    # An unknown objective is already a fault, and might be the one that compares views.
    all_known = sweep.objective and len(sweep.objective) == len(raw["objective"])
    if sweep.views and not pairs and all_known:
        first, *_ = sweep.views
        faults.add_line(
            faults.origin(f"views.{first}"),
            f"{', '.join(f'views.{name}' for name in sweep.views)}: no objective of this sweep "
            f"compares views. Remove what is not used, or add one of: {', '.join(every_pair)}.",
        )


def check_batches(sweep: Sweep, raw: dict, faults: Faults) -> None:
    """No batch is too small for its objective."""
    for name in sweep.objective:
        smallest = plugin("objective", name).smallest_batch
        own = f"objective.{name}.train"
        path = f"{own if 'batch_size' in table_at(raw, own) else 'train'}.batch_size"
        for batch in sweep.objective_train[name]["batch_size"]:
            if batch < smallest:
                faults.add(
                    path,
                    f"is {batch}, but objective.{name} needs at least {smallest}: "
                    "it compares the samples of a batch with each other.",
                )


def check_names(sweep: Sweep, faults: Faults) -> None:
    """A setting's name has one meaning, because the results have one column for it."""
    named = [f"{family}.{name}" for family in FAMILIES for name in getattr(sweep, family)]
    owners: dict[str, str] = {}
    for table in (*CORE_TABLES, *named):
        for name, setting in takes(table).items():
            owner = owners.setdefault(name, table)
            alternatives = owner.partition(".")[0] == table.partition(".")[0]
            if owner != table and not (alternatives and takes(owner)[name].kind is setting.kind):
                faults.add_line(
                    faults.where,
                    f"{owner} and {table} both take {name}, and the results have one column for "
                    "it. Use one of the two in a sweep.",
                )

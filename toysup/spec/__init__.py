"""A sweep file and the command line's overrides -> a checked, complete, frozen Sweep.

The only place where a sweep is checked: what comes after trusts it. Every fault is found and
shown together.
"""

import copy
import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from toysup.columns import scalars
from toysup.spec import claims, record, top
from toysup.spec.cases import spaces
from toysup.spec.claim import Claim
from toysup.spec.compatible import check_compatible
from toysup.spec.complete import Table, tables
from toysup.spec.faults import Faults, did_you_mean
from toysup.spec.lookup import find
from toysup.spec.overrides import apply as apply_overrides
from toysup.spec.plugins import Trace
from toysup.spec.plugins import read as read_plugins
from toysup.spec.small import take as take_small
from toysup.spec.sweepfile import load
from toysup.spec.tables import (
    CLAIMS,
    FAMILIES,
    IMPLIED,
    PLAIN,
    PLUGINS,
    SMALL,
    TOP,
    names_of,
    plugin,
    table_at,
    takes,
)


@dataclasses.dataclass(frozen=True)
class Sweep:
    """Everything a sweep file says, with its defaults filled in: plain data, not to be changed.

    A table is `setting -> values`, with every setting the plugin has, in the plugin's order.
    `objective_train` is the `[train]` table as each objective sees it, its own values put in.
    Tables are in the order of the file. `record` has the steps at which directions are kept,
    `measure` says how much is measured of each model, and `pictures` what its report shows beside
    what every report shows. `plugins` has the family, the name and the sha256 of each plug-in from
    a file that training or measuring depends on, and `reference` is the objective that reports
    compare the others with, if there is one.
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
    plugins: tuple[Trace, ...] = ()
    reference: str = ""

    def to_json(self) -> dict:
        """The sweep as dicts, lists, texts and numbers."""
        said = tuple(claim.to_dict() for claim in self.claims)
        return swapped(vars(self) | {"claims": said}, tuple, list)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Sweep":
        """The sweep that `to_json` was called on."""
        said: dict[str, Any] = swapped(data, list, tuple)
        said["claims"] = tuple(Claim(**claim) for claim in said["claims"])
        return cls(**said)


def swapped(value: Any, old: type, new: type) -> Any:
    """A copy of nested dicts and sequences, with sequences of type `old` as `new`."""
    if isinstance(value, dict):
        return {key: swapped(item, old, new) for key, item in value.items()}
    return new(swapped(item, old, new) for item in value) if isinstance(value, old) else value


def read(source: str | Path, overrides: Sequence[str] = (), small: bool = False) -> Sweep:
    """The sweep of a TOML file, with `KEY=VALUE` overrides; SpecError with every fault.

    `source` is its path, or a name that `find` knows. `small` is its small version, NAME-small:
    what its table [small] makes of it.
    """
    path = find(source)
    return parse(load(path), path.stem, str(path), overrides, small, path.parent)


def parse(
    mapping: Mapping,
    name: str = "sweep",
    where: str | None = None,
    overrides: Sequence[str] = (),
    small: bool = False,
    folder: Path = Path(),
) -> Sweep:
    """The sweep that a mapping shaped like a sweep file describes; `where` starts each fault.

    Paths in it are relative to `folder`.
    """
    faults = Faults(where or name)
    name = f"{name}-{SMALL}" if small else name
    raw = {str(key): value for key, value in copy.deepcopy(dict(mapping)).items()}
    used = read_plugins(raw.get(PLUGINS, []), folder, faults)
    for family, implied in IMPLIED.items():
        if raw.get(family, {}) == {}:
            raw[family] = {implied: {}}
    take_small(raw, small, faults)
    apply_overrides(raw, overrides, faults)
    for key in raw:
        if key not in TOP:
            known = f" A sweep takes: {', '.join(TOP)}."
            faults.add(key, f"is not a key of a sweep.{did_you_mean(key, TOP)}{known}")
    said: dict[str, Any] = {**top.read(raw, name, faults), **tables(raw, faults)}
    references = [o for o in said["objective"] if plugin("objective", o).reference]
    sweep = Sweep(name=name, plugins=used, reference=next(iter(references), ""), **said)
    check_objectives(sweep, raw, faults)
    check_batches(sweep, raw, faults)
    record.check(sweep, raw, faults)
    check_names(sweep, faults)
    check_compatible(sweep, faults)
    there = [] if faults.lines else spaces(sweep)  # a fault above would look like one of a claim
    so_far = len(faults.lines)
    own = [("objectives", name) for name in sweep.objective]
    own += [("features", name) for name in sweep.features]
    known = scalars(own, bool(sweep.record))
    decided = claims.read(raw.get(CLAIMS, []), there, known, faults)
    if there and overrides and len(faults.lines) > so_far:
        faults.say(faults.where, "--set 'claims=[]' leaves the claims out of a changed sweep.")
    faults.raise_any()
    return dataclasses.replace(sweep, claims=decided)


def check_objectives(sweep: Sweep, raw: dict, faults: Faults) -> None:
    """Objectives that compare views have some, and views have an objective that compares them."""
    every_pair = [name for name in names_of("objective") if plugin("objective", name).pairs]
    pairs = [name for name in sweep.objective if name in every_pair]
    if raw.get("objective", {}) == {}:
        faults.say(
            faults.where,
            "has no objective. Add at least one table, such as [objective.mse]. "
            f"There are: {', '.join(names_of('objective'))}.",
        )
    if pairs and raw.get("views", {}) == {}:
        faults.add(
            f"objective.{pairs[0]}",
            "compares two views of a sample, and there are none. Add at least one table, such as "
            f"[views.mask]. There are: {', '.join(names_of('views'))}.",
        )
    # A name that is no objective is a fault already, and might be the one that compares views.
    all_known = sweep.objective and len(sweep.objective) == len(raw["objective"])
    if sweep.views and not pairs and all_known:
        faults.say(
            faults.where,
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
    """A setting's name means one thing, since the results have one column for it."""
    named = [f"{family}.{name}" for family in FAMILIES for name in getattr(sweep, family)]
    owners: dict[str, str] = {}
    for table in (*PLAIN, *named):
        for name, setting in takes(table).items():
            owner = owners.setdefault(name, table)
            alternatives = owner.partition(".")[0] == table.partition(".")[0]
            if owner != table and not (alternatives and takes(owner)[name].kind is setting.kind):
                faults.say(
                    faults.where,
                    f"{owner} and {table} both take {name}, and the results have one column for "
                    "it. Use one of the two in a sweep.",
                )

"""What the tables of a sweep must have together, each of which is right by itself."""

from collections.abc import Sequence

from toysup.files import shown
from toysup.spec import top
from toysup.spec.claim import Claim, Seeds
from toysup.spec.diagram import INFONCE_OPTIMUM
from toysup.spec.faults import Faults, there_are
from toysup.spec.sweep import Sweep
from toysup.spec.tables import (
    CLAIMS,
    CORE_TABLES,
    FAMILIES,
    all_of,
    names_of,
    plugin,
    table_at,
    takes,
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

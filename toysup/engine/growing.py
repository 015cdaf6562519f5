"""A run grows into a sweep that has all of its cells: what is there stays, the rest is planned.

Nothing is written here. The manifest is replaced as a whole, so that a run which is ended at any
moment is either what it was or what it grows into, and the same command goes on with both.
"""

from dataclasses import replace
from pathlib import Path

from toysup import grid
from toysup.engine import machine
from toysup.errors import ToysupError
from toysup.grid import growth
from toysup.grid.cells import cells
from toysup.spec import Sweep
from toysup.spec.files import data_files
from toysup.storage.manifest import EARLIER, identity


def digests(sweep: Sweep) -> dict[str, str]:
    """The digest of each data file of a sweep, by its path."""
    return {file.path: file.digest for file in data_files(sweep)}


def plans(manifest: dict) -> list[grid.Plan]:
    """The plans that a run grew through, the last of which is that of now."""
    return growth.from_json(manifest["plan"], manifest.get(EARLIER, ()))


def obstacle(manifest: dict, old: Sweep, new: Sweep) -> str:
    """Why the run of an old sweep cannot grow into a new one, in words; "" where it can."""
    rules = {claim.name: claim.rule for claim in new.claims}
    if any(rules.get(claim.name) != claim.rule for claim in old.claims):
        return "claims that it was begun with would go or change"
    if not growth.names_stay(old, new):
        return "some of its instances are not in it"
    plan = plans(manifest)[-1]
    there = list(cells(plan, manifest["data"]))
    wanted = set(cells(grid.plan(new, group=plan.group), digests(new)))
    gone = sum(cell not in wanted for cell in there)
    return f"{gone:,} of its {len(there):,} instances are not in it" if gone else ""


def grown(old: grid.Plan, sweep: Sweep, devices: int) -> grid.Plan:
    """The plan of a sweep that has all cells of an old plan."""
    renamed = replace(old, sweep=sweep)
    return renamed if renamed.hash == old.hash else machine.plan_for(sweep, devices, old=old)


def content(manifest: dict, about: dict, grew: bool) -> dict:
    """The manifest of a run that grew, from the one that it had and what it is `about` now. Where
    only words changed, as a title, its files stay those of the same run."""
    if not grew:
        return manifest | {name: about[name] for name in ("command", "plan")}
    before = {name: manifest["plan"][name] for name in ("sweep", "seeds_per_chunk")}
    stage = {"identity": identity(manifest)} | before
    return about | {EARLIER: [*manifest.get(EARLIER, ()), stage]}


def refuse(folder: Path, changes: list[str], obstacle: str) -> None:
    """Leave a run alone that cannot grow into a sweep."""
    raise ToysupError(
        f"{folder}: cannot grow into this sweep, and is left as it is: {obstacle} "
        f"({'; '.join(changes)}). "
        "Start over in a new folder with --fresh, or choose one with --out."
    )

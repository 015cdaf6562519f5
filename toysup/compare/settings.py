"""What two runs were made from and with, and where that differs, a line each."""

from toysup.spec import Sweep
from toysup.spec.difference import difference
from toysup.storage.manifest import damaged
from toysup.storage.store import Store

MOST_FILES = 3  # named of those that differ


def changed_settings(first: Store, second: Store) -> tuple[str, ...]:
    """The settings, seeds, plug-ins and claims of the resolved sweeps, first -> second."""
    return tuple(difference(*map(sweep_of, (first, second))))


def sweep_of(store: Store) -> Sweep:
    """The sweep of a run. DamagedError where what its manifest holds is none."""
    try:
        return Sweep.from_json(store.manifest()["plan"]["sweep"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise damaged(store.manifest_path) from error


def changed_making(first: Store, second: Store) -> tuple[str, ...]:
    """toysup's code, versions, the machine and data files, first -> second."""
    before, after = first.manifest(), second.manifest()
    lines = []
    if files := differing(before["sources"], after["sources"]):
        more = len(files) - MOST_FILES
        rest = f" and {more} more" if more > 0 else ""
        lines.append(f"toysup's code: {', '.join(files[:MOST_FILES])}{rest}")
    for name in differing(before["versions"], after["versions"]):
        was, now = (run["versions"].get(name) or "none" for run in (before, after))
        lines.append(f"{name}: {was} -> {now}")
    lines += [f"data file {path}: differs" for path in differing(before["data"], after["data"])]
    lanes = [
        ", ".join(dict.fromkeys(str(stack["group"]) for stack in run["plan"]["stacks"]))
        for run in (before, after)
    ]
    return (*lines, *([f"--lanes: {' -> '.join(lanes)}"] if lanes[0] != lanes[1] else []))


def differing(before: dict, after: dict) -> list[str]:
    """The names whose values differ, or that only one has."""
    return [name for name in {**before, **after} if before.get(name) != after.get(name)]

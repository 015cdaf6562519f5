"""What a run needs to be trained again: its sweep, its plug-ins, its data files, its devices."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from toysup import registry
from toysup.compare.settings import sweep_of
from toysup.engine import environment, growing, machine
from toysup.engine.session import Update
from toysup.engine.signals import Signals
from toysup.errors import ToysupError
from toysup.files import data
from toysup.spec import Sweep
from toysup.storage.store import Store


@dataclass(frozen=True)
class Work:
    """How a run is trained again: on how many devices, and who hears of it.

    `devices` is None for as many as the run had: one, or all that there are.
    """

    devices: int | None = None
    callback: Callable[[Update], None] = lambda update: None
    signals: Signals | None = None

    @property
    def words(self) -> list[str]:
        """What a command says of this."""
        return ["--devices", str(self.devices)] if self.devices else []


@contextlib.contextmanager
def ready(store: Store, work: Work) -> Iterator[tuple[Sweep, int, Signals]]:
    """The sweep of a run, and devices on which jax runs, for the time of the block.

    ToysupError where a plug-in or a data file of the run is not there, or is another.
    """
    sweep = sweep_of(store)
    check_plugins(store, sweep)
    one = store.manifest()["versions"].get("devices") == "one"
    with contextlib.nullcontext(work.signals) if work.signals else Signals() as signals:
        devices = machine.configure(work.devices or (1 if one else None))
        data.start_at(Path())
        with environment.settings():
            check_data(store, sweep)
            yield sweep, devices, signals


def check_plugins(store: Store, sweep: Sweep) -> None:
    """Each plug-in is one that toysup has now. A run's own copies are never run unasked."""
    here = {(p.family, p.name): p.digest for p in registry.from_files()}
    named = {(family, name): digest for family, name, digest in sweep.plugins}
    for (family, name), digest in named.items():
        if here.get((family, name)) != digest:
            copy = store.plugins / f"{name}.py"
            raise ToysupError(
                f"{store.folder}: needs its plug-in {name}. Read {copy}, which is its source, and "
                f"then: toysup --plugin {copy} reproduce {store.folder}"
            )
    for family, about in registry.FAMILIES.items():
        for name in getattr(sweep, about.table) if about.table else ():
            if name not in registry.names(family):
                raise ToysupError(
                    f"{store.folder}: needs {about.noun} {name}, from a package that is not "
                    "installed here."
                )


def check_data(store: Store, sweep: Sweep) -> None:
    """Each data file is there and as it was. Paths start at the working folder."""
    known = store.manifest()["data"]
    try:
        found = growing.digests(sweep)
    except ToysupError as error:
        raise elsewhere(store, str(error)) from error
    for path, digest in known.items():
        if found.get(path) != digest:
            raise elsewhere(store, f"{path} is not the file that the run read.")


def elsewhere(store: Store, fault: str) -> ToysupError:
    """The error for data that is not here."""
    return ToysupError(
        f"{store.folder}: cannot be trained again: {fault.rstrip('.')}. Paths start at the "
        "working folder: give the command in the folder of the sweep file."
    )

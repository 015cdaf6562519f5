"""What there is to use: objectives, views, sweeps, runs, ..., for `toysup list`."""

from difflib import get_close_matches
from pathlib import Path

from toysup import metrics, registry
from toysup.errors import ToysupError
from toysup.files import packaged
from toysup.files.shown import line
from toysup.spec import lookup
from toysup.spec.sweepfile import load
from toysup.spec.tables import SMALL
from toysup.storage.store import Store

SWEEPFILE = "sweepfile"  # no kind of thing, but what a sweep file takes
KINDS = (*registry.FAMILIES, "sweeps", "runs")
HERE, PACKAGED = "this folder", "toysup"


def entries(what: str | None = None) -> dict[str, list[dict]]:
    """The entries of one kind, of all, or of one name: each with a summary and maybe settings."""
    makers = dict.fromkeys(registry.FAMILIES, plugins)
    makers |= {"metrics": columns, "sweeps": sweep_files, "runs": runs}
    every = {kind: makers[kind](kind) for kind in ([what] if what in KINDS else KINDS)}
    if what is None or what in KINDS:
        return every
    named = {
        kind: [one for one in some if what in (one["name"], Path(one["name"]).stem)]
        for kind, some in every.items()
    }
    if found := {kind: some for kind, some in named.items() if some}:
        return found
    known = dict.fromkeys(
        [*KINDS, SWEEPFILE, *(one["name"] for some in every.values() for one in some)]
    )
    close = get_close_matches(what, known, n=1)
    meant = f" Did you mean {line(close[0])}?" if close else ""
    raise ToysupError(
        f"toysup list {line(what)}: there is no such list, and nothing of that name.{meant} "
        f"Choose {', '.join((*KINDS, SWEEPFILE))}, or a name."
    )


def plugins(family: str) -> list[dict]:
    """The registered names of a family with what a sweep file may set of each."""
    found = []
    for name in registry.names(family):
        cls = registry.load(family, name)
        settings = [
            {"name": s.name, "default": s.default, "range": s.range, "doc": s.doc}
            for s in registry.settings(cls).values()
        ]
        entry = {"name": name, "summary": registry.summary(cls), "settings": settings}
        origin = registry.origin(family, name)
        found.append(entry | ({"from": origin} if origin else {}))
    return found


def columns(_: str) -> list[dict]:
    return [{"name": c.name, "summary": c.description} for c in metrics.columns()]


def sweep_files(_: str) -> list[dict]:
    """The sweeps here, by their paths, and the packaged ones, by their names.

    A packaged sweep is left out where its name stands for a file here.
    """
    own = [path for path in lookup.local_files() if path.parent.name or is_sweep(path)]
    others = [(name, path) for name, path in packaged.sweeps().items() if lookup.find(name) == path]
    return [
        *(entry(str(path), path) | {"from": HERE} for path in own),
        *(entry(name, path) | {"from": PACKAGED} for name, path in others),
    ]


def entry(name: str, path: Path) -> dict:
    """A sweep, by its name: its title, and whether it has a small version.

    One that cannot be read says why in the place of its title.
    """
    try:
        tables = load(path)
    except ToysupError as error:
        return {"name": name, "summary": str(error).removeprefix(f"{line(path)}: "), "small": False}
    return {"name": name, "summary": str(tables.get("title", "")), "small": SMALL in tables}


def is_sweep(path: Path) -> bool:
    """Whether a TOML file has an objective; those of other tools stand in the same folder."""
    try:
        return "objective" in load(path)
    except ToysupError:
        return False


def runs(folder: str) -> list[dict]:
    """The runs in the folder `runs` here, and how far each is."""
    found = []
    for path in sorted(Path(folder).glob("*/manifest.json")):
        store = Store(path.parent)
        try:
            manifest = store.manifest()
        except ToysupError:
            found.append({"name": str(path.parent), "summary": "its manifest.json is damaged"})
            continue
        done, chunks = store.done(manifest)
        # A run that grows has the results of before.
        finished = done == chunks and store.results_path.exists()
        state = "finished" if finished else f"{done} of {chunks} chunks"
        title = manifest["plan"]["sweep"]["title"]
        found.append({"name": str(path.parent), "summary": f"{title} ({state})"})
    return found

"""The keys of a sweep file outside of its tables: title, seeds, measure, pictures, ..."""

from typing import Any

from toysup import registry
from toysup.registry import Setting
from toysup.spec import axes, record, shapes
from toysup.spec.faults import Faults, did_you_mean, quote, there_are
from toysup.spec.key import Key
from toysup.spec.tables import PLUGINS, RECORD

SEED = Setting("seed", int, 0, static=True, doc="a seed number", low=0)
SEED_COUNT = Setting("seeds", int, 1, static=True, doc="how many seeds", low=1)
ALL, DIRECTIONS, OPTIMUM = MEASURES = ("all", "directions", "optimum")
PICTURES = "pictures"


def declared() -> tuple[Key, ...]:
    """What stands at the top of a file, above the first table."""
    known = registry.names(PICTURES)
    return (
        Key("title", shapes.text(), "heading of the report; by default the file's name"),
        Key("question", shapes.text(), "the question that the sweep answers"),
        Key("seed", shapes.single(SEED), "the seed of the whole sweep", SEED.default),
        Key(
            "seeds",
            shapes.axis(SEED, SEED_COUNT),
            "how many seeds each condition has, or a list of seed numbers",
            SEED_COUNT.default,
            axis=True,
        ),
        Key("measure", shapes.one_of(MEASURES), "how much is measured of each model", ALL),
        Key(PICTURES, shapes.texts(known), "pictures to add to the report"),
        Key(PLUGINS, shapes.texts(), "files with plug-ins of your own, such as cosine.py"),
    )


def read(raw: dict, name: str, faults: Faults) -> dict[str, Any]:
    """The values outside of the tables; the default title is `name`."""
    words = {"title": raw.get("title", name), "question": raw.get("question", "")}
    for key, value in words.items():
        if not isinstance(value, str):
            faults.add(key, f"must be a string, found {quote(value)}.")
    seed = axes.read(raw.get("seed", 0), SEED, "seed", faults)
    if len(seed) > 1:
        faults.add("seed", "must be one number. The list is seeds.")
    return {
        **words,
        "seed": next(iter(seed), 0),
        "seeds": seeds(raw.get("seeds", 1), faults),
        "record": record.read(raw.get(RECORD), faults),
        "measure": measure(raw.get("measure", ALL), faults),
        "pictures": pictures(raw.get("pictures", []), faults),
    }


def seeds(raw: Any, faults: Faults) -> tuple[int, ...]:
    """The seed numbers: a count n means 0, ..., n - 1."""
    if isinstance(raw, list | tuple | range | dict):
        return axes.read(raw, SEED, "seeds", faults)
    [count] = axes.read(raw, SEED_COUNT, "seeds", faults) or [0]
    axes.check_length(faults, "seeds", count)
    return tuple(range(count))


def measure(raw: Any, faults: Faults) -> str:
    """How much is measured of each model: everything, or only its loss and directions, or these and
    how far the loss is from the least that theory knows.

    The other measurements need samples, and take longer than training a model of two features.
    """
    if raw in MEASURES:
        return raw
    hint = did_you_mean(raw, MEASURES) if isinstance(raw, str) else ""
    choices = ", ".join(f'"{choice}"' for choice in MEASURES)
    faults.add("measure", f"must be one of {choices}, found {quote(raw)}.{hint}")
    return ALL


def pictures(raw: Any, faults: Faults) -> tuple[str, ...]:
    """The names of the report's extra pictures."""
    if not isinstance(raw, list | tuple) or not all(isinstance(name, str) for name in raw):
        faults.add("pictures", f"must be a list of names, found {quote(raw)}.")
        return ()
    known = registry.names(PICTURES)
    for name in raw:
        if name not in known and name not in faults.failed:
            there = there_are(known, name, f"toysup list {PICTURES}")
            faults.add(
                "pictures",
                f"has {quote(name)}, which is none.{did_you_mean(name, known)}{there}",
            )
    return tuple(dict.fromkeys(raw))

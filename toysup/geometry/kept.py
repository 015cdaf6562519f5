"""What a search has found, kept on disk beside the compiled programs: a small file for a size."""

import hashlib
import json
import math
from functools import cache
from pathlib import Path

from toysup.files.cache import folder
from toysup.files.publish import replace_file

SOURCES = ("arrangements", "bounds", "potentials", "search", "sharing")


@cache
def version() -> str:
    """The code that a search depends on, in short: what another code found is not used."""
    texts = [Path(__file__).with_name(f"{name}.py").read_bytes() for name in SOURCES]
    return hashlib.sha256(b"\n".join(texts)).hexdigest()[:12]


def place(kind: str, r: int, m: int) -> Path | None:
    """The file of one search; None where nothing is kept."""
    kept = folder()
    return kept and kept / f"optimum-{kind}-{r}-{m}-{version()}.json"


def recall(kind: str, r: int, m: int) -> float | None:
    """What was found before: None if nothing was, or if the file is damaged."""
    path = place(kind, r, m)
    if path is None:
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if [found["kind"], found["r"], found["m"]] != [kind, r, m]:
            return None
        value = found["found"]
    except (OSError, ValueError, TypeError, KeyError):
        return None
    usable = isinstance(value, float) and math.isfinite(value) and value > 0
    return value if usable else None


def keep(kind: str, r: int, m: int, found: float) -> None:
    """Keep what was found, if there is room for it."""
    path = place(kind, r, m)
    if path:
        data = json.dumps({"kind": kind, "r": r, "m": m, "found": found})
        try:
            replace_file(path, data.encode())
        except OSError:
            return  # it will be searched for again

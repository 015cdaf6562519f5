"""`[small]`: what `--small` changes, so that a sweep takes a minute and still decides claims.

    [small]
    without = ["views.noise"]
    set = ["seeds=5", "steps=1000"]
    claims = ["mse-minimises"]

`without` names the tables that are left out ("record" may be one). `set` has overrides, as for
`--set`. `claims` names the claims that the small sweep can decide; by default all of them.
"""

from typing import Any

from toysup.errors import SpecError
from toysup.files.packaged import sweeps
from toysup.spec import shapes
from toysup.spec.faults import Faults, did_you_mean, quote, there_are
from toysup.spec.key import Key
from toysup.spec.overrides import apply as apply_overrides
from toysup.spec.overrides import tables
from toysup.spec.tables import CLAIMS, CORE_TABLES, RECORD, SMALL

DECLARED = (
    Key("without", shapes.texts(), "tables to leave out, such as views.noise or record"),
    Key("set", shapes.texts(), "settings to change, as --set takes them: seeds=5"),
    Key(CLAIMS, shapes.texts(), "names of the claims that it can decide; by default all"),
)
KEYS = tuple(key.name for key in DECLARED)


def apply(raw: dict, wanted: bool, faults: Faults) -> None:
    """Remove the table [small] from `raw`, and apply it if `wanted`."""
    there, small = SMALL in raw, raw.pop(SMALL, {})
    if wanted and not there:
        packaged = {str(path): name for name, path in sweeps().items()}
        if faults.where in packaged:  # its file is no place for a user's changes
            name = packaged[faults.where]
            raise SpecError(
                [f"{name} has no small version. Change it with --set, such as --set seeds=2."]
            )
        faults.add_line(
            f"{faults.where} --small",
            "it has no small version. Give it a table [small], "
            'such as set = ["seeds=5", "steps=1000"].',
        )
    if not isinstance(small, dict):
        faults.add(SMALL, f"must be a table, found {quote(small)}.")
        return
    for key in small:
        if key not in KEYS:
            hint = did_you_mean(str(key), KEYS)
            faults.add(f"{SMALL}.{key}", f"is not a key of it.{hint} It takes: {', '.join(KEYS)}.")
    dropped, changes, names = (texts(small, key, faults) for key in KEYS)
    if wanted:
        leave_out(raw, dropped, faults)
        apply_overrides(raw, changes, faults, f"{faults.origin(f'{SMALL}.set')}: {SMALL}.set")
        if CLAIMS in small:
            keep_claims(raw, names, faults)


def texts(small: dict, key: str, faults: Faults) -> list[str]:
    """The list of strings under a key; empty if there is none."""
    value = small.get(key, [])
    if isinstance(value, list) and all(isinstance(text, str) for text in value):
        return value
    faults.add(f"{SMALL}.{key}", f"must be a list of strings, found {quote(value)}.")
    return []


def leave_out(raw: dict, names: list[str], faults: Faults) -> None:
    """Remove tables from a sweep. Each table less is a program less to compile."""
    for name in names:
        present = [table for table in tables(raw) if table not in CORE_TABLES]
        present += [RECORD] if RECORD in raw else []
        if name in present:
            family, _, plugin = name.partition(".")
            del (raw[family] if plugin else raw)[plugin or family]
            continue
        there = there_are(present, name)
        what = f"has {quote(name)}, which is no table here.{did_you_mean(name, present)}{there}"
        faults.add(f"{SMALL}.without", what)


def keep_claims(raw: dict, names: list[str], faults: Faults) -> None:
    """Keep only the claims with these names."""
    claims: Any = raw.get(CLAIMS, [])
    if not isinstance(claims, list) or not all(isinstance(claim, dict) for claim in claims):
        return  # the reader of claims says what is wrong with them
    known = [claim.get("name") for claim in claims]
    for name in names:
        if name not in known:
            hint = did_you_mean(name, [name for name in known if isinstance(name, str)])
            faults.add(f"{SMALL}.{CLAIMS}", f"has {quote(name)}, which is no claim here.{hint}")
    kept = {place: c for place, c in enumerate(claims, start=1) if c.get("name") in names}
    raw[CLAIMS], faults.left[CLAIMS] = list(kept.values()), list(kept)

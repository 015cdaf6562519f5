"""`--where objective=infonce,temperature=0.1`: the conditions of a run that match.

Names and values are those of a selection in a sweep file: a value, a list or a range. The number of
a condition in the results is a name, too.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from toysup.files.shown import quoted
from toysup.reports import toml
from toysup.spec.faults import Faults
from toysup.spec.overrides import toml_value
from toysup.spec.selection import Selection, matches, read
from toysup.verdict import Verdict
from toysup.verdict.telling import full_case, telling

CONDITION = "condition"
ENCODER = "encoder"  # its directions, where a model has several sets
# name = value, where a comma within brackets or quotes does not end the value.
ITEM = re.compile(r"""\s*([\w.]+)\s*=\s*(\{[^}]*\}|\[[^]]*\]|"[^"]*"|'[^']*'|[^,]*?)\s*(?:,|$)""")
BARE = re.compile(r"[\w./-]+")


@dataclass(frozen=True)
class Choice:
    """A condition and set of directions that matches."""

    verdict: Verdict
    case: dict[str, Any]  # the values that tell it apart from the others of the run
    other_directions: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """What selects it."""
        return ",".join(f"{name}={value_text(value)}" for name, value in self.case.items())

    def to_json(self) -> dict:
        v = self.verdict
        who = {"condition": v.condition, "directions": v.directions, "where": self.where}
        return who | {"verdict": v.label.value, "case": self.case}


def choose(verdicts: Sequence[Verdict], where: Sequence[str], run: str) -> list[Choice]:
    """The conditions that match. SpecError for a name or value that no condition has.

    Of a condition with several sets of directions the main one stands for it, the encoder's or the
    first, unless `where` chooses among them.
    """
    spaces = [
        {name: (value,) for name, value in ({CONDITION: v.condition} | full_case(v)).items()}
        for v in verdicts
    ]
    wanted = selection(where, spaces, run)
    names = telling(verdicts)
    sets: dict[int, list[str]] = {}
    for v in verdicts:
        sets.setdefault(v.condition, []).append(v.directions)
    found = []
    for v, space in zip(verdicts, spaces, strict=True):
        of_model = sets[v.condition]
        main = v.directions == (ENCODER if ENCODER in of_model else of_model[0])
        if not main and "directions" not in wanted:
            continue
        if all(any(matches(x, w) for x in space.get(name, ())) for name, w in wanted.items()):
            known = full_case(v)
            told = [n for n in names[v.objective] if n in known and (n != "directions" or not main)]
            others = tuple(name for name in of_model if name != v.directions)
            found.append(Choice(v, {n: known[n] for n in told}, others))
    return found


def selection(where: Sequence[str], spaces: list[dict], run: str) -> Selection:
    """The checked selection that the words of `--where` mean. Without words it is empty."""
    faults, raw = Faults(run), {}
    for words in where:
        place = 0
        while place < len(words):
            item = ITEM.match(words, place)
            if item is None or not item[2]:
                faults.add_line(
                    f"--where {quoted(words)}",
                    "must be NAME=VALUE, or several with commas between them, such as "
                    "objective=infonce,temperature=0.1.",
                )
                break
            if item[1] in raw:
                faults.add_line(f"--where {quoted(words)}", f"has {item[1]} twice. Leave one out.")
            raw[item[1]] = toml_value(item[2])
            place = item.end()
    chosen = read(raw, "--where", spaces, faults)
    faults.raise_any()
    return chosen


def value_text(value: Any) -> str:
    """A value as `--where` reads it: a text with quotes where it would be read as another thing.

    >>> value_text("mask"), value_text(0.1), value_text("a,b"), value_text("1"), value_text(True)
    ('mask', '0.1', '"a,b"', '"1"', 'true')
    """
    if isinstance(value, str) and BARE.fullmatch(value) and toml_value(value) == value:
        return value
    return toml.value(value)

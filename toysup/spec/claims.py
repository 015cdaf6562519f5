"""`[[claims]]`: sentences that a sweep decides, with the rule that is to decide them.

They are written before the sweep is run, and checked like the rest of its file.
"""

from collections.abc import Sequence
from typing import Any

from toysup import columns
from toysup.spec import selection
from toysup.spec.axes import LARGEST_FLOAT, number, plain, shown
from toysup.spec.claim import (
    COMPARISONS,
    KEYS,
    NO_PREDICTION,
    PREDICTIONS,
    REQUIRED,
    TEXTS,
    TOLERANCE,
    Answer,
    Claim,
    Quantifier,
    Seeds,
    fault_of_rule,
)
from toysup.spec.diagram import faults_of_theory
from toysup.spec.faults import Faults, did_you_mean, found
from toysup.spec.label import JUDGED
from toysup.spec.quantifier import quantifier_fault
from toysup.spec.selection import UNCHECKED, Selection, Space

NEEDS = {
    "name": " Give it a short one, such as infonce-sparse.",
    "says": " It is the sentence that is decided.",
    "predicted": f" Say what you expect before the run: {', '.join(Answer)}. "
    f"Of a claim that is written after its run, it is {NO_PREDICTION}.",
}


def read(
    raw: Any, spaces: list[Space], scalars: Sequence[str], faults: Faults
) -> tuple[Claim, ...]:
    """The claims of a sweep with these conditions and results; only those without a fault.

    `scalars` are the columns of the results with a number a row. Without `spaces`, the conditions
    are not checked.
    """
    if not isinstance(raw, list | tuple) or not all(isinstance(claim, dict) for claim in raw):
        what = "something else in its list" if isinstance(raw, list | tuple) else found(raw)
        faults.add("claims", f"must be tables, each of them [[claims]], found {what}.")
        return ()
    good, taken = [], set()
    for place, claim in enumerate(raw, start=1):
        name = claim.get("name")
        path = f"claims.{name}" if isinstance(name, str) and name else f"claims.{place}"
        if path in taken:
            faults.add(path, "is there twice. A claim needs a name of its own.")
        taken.add(path)
        good.append(Reader(claim, path, spaces, scalars, faults).claim())
    return tuple(claim for claim in good if claim)


class Reader:
    """Reads one claim; every method adds the faults that it sees."""

    def __init__(self, raw: dict, path: str, spaces: list, scalars: Sequence, faults: Faults):
        self.raw = {str(key): plain(value) for key, value in raw.items() if value is not None}
        self.path, self.spaces, self.scalars, self.faults = path, spaces, scalars, faults

    def fault(self, text: str, *keys: str) -> None:
        self.faults.add(".".join((self.path, *keys)), text)

    def claim(self) -> Claim | None:
        """The claim, or None where something is wrong with it."""
        before = len(self.faults.lines)
        for key in self.raw:
            if key not in KEYS:
                self.fault(
                    f"is not a key of a claim.{did_you_mean(key, KEYS)} "
                    f"A claim takes: {', '.join(KEYS)}.",
                    key,
                )
        self.words()
        self.one_of("holds", tuple(Quantifier))
        self.one_of("seeds", tuple(Seeds))
        self.one_of("predicted", PREDICTIONS)
        self.one_of("outcome", tuple(Answer))
        if not isinstance(self.raw.get("check", False), bool):
            self.fault(f"must be true or false, found {found(self.raw['check'])}.", "check")
        rows = self.selected("rows", {})
        if fault := fault_of_rule(self.raw):
            self.fault(fault)
            return None
        here = selection.narrowed(self.spaces, rows)
        values: dict[str, Any] = {**self.raw, "rows": rows}
        for key in (*COMPARISONS, TOLERANCE):
            self.number(key)
        if number(self.raw.get(TOLERANCE)) and not self.raw[TOLERANCE] > 0:
            self.fault(f"must be above 0, found {found(self.raw[TOLERANCE])}.", TOLERANCE)
        if "verdict" in self.raw:
            values["verdict"] = self.labels()
        elif "theory" in self.raw:
            for line in faults_of_theory(self.raw["theory"], here):
                self.fault(line, "theory")
        else:
            self.metric()
        for key in ("than", "reference"):
            if key in self.raw:
                values[key] = self.other(key, here)
        if "crosses" in self.raw:
            values["between"] = self.between(here)
        if len(self.faults.lines) == before and (fault := quantifier_fault(values, self.spaces)):
            self.fault(fault, "holds")
        return Claim(**values) if len(self.faults.lines) == before else None

    def words(self) -> None:
        """The texts; without a name, a sentence and a prediction there is no claim."""
        for key in REQUIRED:
            if key not in self.raw:
                self.fault(f"has no {key}.{NEEDS[key]}")
        for key in (*TEXTS, "metric", "along"):
            value = self.raw.get(key, "-")
            if not isinstance(value, str):
                self.fault(f"must be a text, found {found(value)}.", key)
            elif not value.strip():
                self.fault("is empty.", key)

    def one_of(self, key: str, choices: tuple[str, ...]) -> None:
        value = self.raw.get(key, choices[0])
        if value not in choices:
            words = ", ".join(f'"{choice}"' for choice in choices)
            self.fault(f"must be one of {words}, found {found(value)}.", key)

    def number(self, key: str) -> None:
        value = self.raw.get(key, 0)
        if not number(value) or not abs(value) <= LARGEST_FLOAT:
            self.fault(f"must be a number, found {found(value)}.", key)

    def selected(self, key: str, default: Selection | None = None) -> Selection:
        raw = self.raw.get(key, default)
        return selection.read(raw, f"{self.path}.{key}", self.spaces, self.faults)

    def labels(self) -> tuple[str, ...]:
        """The verdicts that make the claim true of a condition."""
        raw = self.raw["verdict"]
        labels = tuple(raw) if isinstance(raw, list | tuple) else (raw,)
        if not labels:
            self.fault("is an empty list. Give it at least one verdict.", "verdict")
        for label in labels:
            if label not in JUDGED:
                hint = did_you_mean(label, JUDGED) if isinstance(label, str) else ""
                there = ", ".join(f'"{judged}"' for judged in JUDGED)
                self.fault(f"is {found(label)}, no verdict.{hint} There are: {there}.", "verdict")
        return labels

    def metric(self) -> None:
        name = self.raw["metric"]
        if not isinstance(name, str):
            return
        if name in self.scalars:
            return
        if name in columns.lists():
            near = next((f" Use {s}." for s in self.scalars if s.endswith(f"_{name}")), "")
            self.fault(f"is {name}, which is a list in each row, not a number.{near}", "metric")
        else:
            hint = did_you_mean(name, self.scalars)
            there = "`toysup schema` describes them."
            self.fault(f"is {name}, no column of the results.{hint} {there}", "metric")

    def other(self, key: str, here: list[Space]) -> Selection:
        """The group that is compared with, which must have a counterpart of every condition."""
        chosen = self.selected(key)
        strict = key == "reference"
        if strict and any(isinstance(wanted, dict | tuple) for wanted in chosen.values()):
            self.fault("must have single values: it is one condition for each.", key)
            return chosen
        if not chosen and self.raw[key] == {}:
            self.fault("is empty. Say which conditions it is.", key)
        there = selection.narrowed(self.spaces, chosen) if chosen else []
        checked = UNCHECKED not in chosen
        apart = [s for s in here if not checked or selection.narrowed([s], chosen) != [s]]
        if here and there and not apart:
            self.fault("is all that rows chooses: it would be compared with itself.", key)
        for name in selection.paired_by(apart, there, chosen, strict):
            left = set(selection.values(there, name))
            alone = [v for v in selection.values(apart, name) if v not in left]
            if alone:
                way_out = "Use than, which needs less in common, or" if strict else "Choose"
                self.fault(
                    f"has nothing to compare {name} = {found(alone[0])} with. It has: "
                    f"{selection.listed(selection.values(there, name))}. {way_out} fewer rows.",
                    key,
                )
        return chosen

    def between(self, here: list[Space]) -> tuple | None:
        """The two values of the setting `along` that the crossing should be between."""
        along, varied = str(self.raw["along"]), varying(here)
        if here and along not in varied:
            self.fault(
                f"is {found(along)}, along which no number varies. "
                f"What does: {', '.join(varied) or 'nothing'}.",
                "along",
            )
        axis = varied.get(along, ())
        raw = self.raw["between"]
        ends = tuple(raw) if isinstance(raw, list | tuple) else ()
        if len(ends) != 2 or not all(map(number, ends)) or not ends[0] < ends[1]:
            self.fault(f"must be two numbers in order, found {shown(raw)}.", "between")
        elif axis and not min(axis) <= ends[0] < ends[1] <= max(axis):
            span = f"{found(min(axis))} to {found(max(axis))}"
            self.fault(f"must be within the values of {along}, {span}.", "between")
        else:
            return ends
        return None


def varying(here: list[Space]) -> dict[str, list]:
    """The numbers along which there are several conditions that are otherwise the same."""
    axes = [(k, [v for v in known if number(v)]) for space in here for k, known in space.items()]
    long = [name for name, axis in axes if len(axis) > 1]
    return {name: [v for key, axis in axes if key == name for v in axis] for name in long}

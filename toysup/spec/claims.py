"""`[[claims]]`: sentences with the rule that decides each of them.

They are written before the sweep is run, and checked like the rest of its file.
"""

from collections.abc import Sequence
from typing import Any

from toysup import columns
from toysup.files.shown import quoted
from toysup.spec import selection
from toysup.spec.axes import LARGEST_FLOAT, is_number, quote_list, to_python
from toysup.spec.claim import (
    COMPARISONS,
    CORRELATES,
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
from toysup.spec.faults import Faults, did_you_mean, quote
from toysup.spec.label import JUDGED
from toysup.spec.quantifier import quantifier_fault
from toysup.spec.selection import UNCHECKED, Selection, Space
from toysup.spec.tables import CLAIMS

HINTS = {
    "name": " Give it a short one, such as infonce-sparse.",
    "says": " It is the sentence that is decided.",
    "predicted": f" Say what you expect before the run: {', '.join(Answer)}. "
    f"For a claim that is written after its run, it is {NO_PREDICTION}.",
}


def read(
    raw: Any, spaces: list[Space], scalars: Sequence[str], faults: Faults
) -> tuple[Claim, ...]:
    """The claims without a fault, for a sweep with these conditions and results.

    `scalars` are the columns of the results with one number per row. Without `spaces`, the
    conditions are not checked.
    """
    if not isinstance(raw, list | tuple) or not all(isinstance(claim, dict) for claim in raw):
        what = "something else in its list" if isinstance(raw, list | tuple) else quote(raw)
        faults.add(CLAIMS, f"must be tables, each of them [[claims]], found {what}.")
        return ()
    good, taken = [], set()
    in_order = range(1, len(raw) + 1)
    places = in_order if CLAIMS in faults.origins else faults.left.get(CLAIMS, in_order)
    for place, claim in zip(places, raw, strict=True):
        name, written = claim.get("name"), f"{CLAIMS}.{place}"
        path = f"{CLAIMS}.{quoted(name)}" if isinstance(name, str) and name else written
        faults.named = path, written
        if path in taken:
            faults.add(path, "is there twice. A claim needs a name of its own.")
        taken.add(path)
        good.append(ClaimReader(claim, path, spaces, scalars, faults).claim())
    faults.named = "", ""
    return tuple(claim for claim in good if claim)


class ClaimReader:
    """Reads one claim. Every method adds the faults that it sees."""

    def __init__(self, raw: dict, path: str, spaces: list, scalars: Sequence, faults: Faults):
        self.raw = {str(key): to_python(value) for key, value in raw.items() if value is not None}
        self.path, self.spaces, self.scalars, self.faults = path, spaces, scalars, faults

    def fault(self, text: str, *keys: str) -> None:
        self.faults.add(".".join((self.path, *keys)), text)

    def claim(self) -> Claim | None:
        """The claim, or None if it has a fault."""
        before = len(self.faults.lines)
        for key in self.raw:
            if key not in KEYS:
                self.fault(
                    f"is not a key of a claim.{did_you_mean(key, KEYS)} "
                    f"A claim takes: {', '.join(KEYS)}.",
                    key,
                )
        self.texts()
        self.one_of("holds", tuple(Quantifier))
        self.one_of("seeds", tuple(Seeds))
        self.one_of("predicted", PREDICTIONS)
        self.one_of("outcome", tuple(Answer))
        if not isinstance(self.raw.get("check", False), bool):
            self.fault(f"must be true or false, found {quote(self.raw['check'])}.", "check")
        rows = self.selection("rows", {})
        if fault := fault_of_rule(self.raw):
            self.fault(fault)
            return None
        here = selection.restrict(self.spaces, rows)
        values: dict[str, Any] = {**self.raw, "rows": rows}
        for key in (*COMPARISONS, TOLERANCE):
            self.number(key)
        if is_number(self.raw.get(TOLERANCE)) and not self.raw[TOLERANCE] > 0:
            self.fault(f"must be above 0, found {quote(self.raw[TOLERANCE])}.", TOLERANCE)
        if "verdict" in self.raw:
            values["verdict"] = self.labels()
        elif "theory" in self.raw:
            for line in faults_of_theory(self.raw["theory"], here):
                self.fault(line, "theory")
        else:
            self.metric("metric")
            self.metric(CORRELATES)
        for key in ("than", "reference"):
            if key in self.raw:
                values[key] = self.comparison(key, here)
        if "crosses" in self.raw:
            values["between"] = self.interval(here)
        if len(self.faults.lines) == before and (fault := quantifier_fault(values, self.spaces)):
            self.fault(fault, "holds")
        return Claim(**values) if len(self.faults.lines) == before else None

    def texts(self) -> None:
        """Check the text keys. A claim needs a name, a sentence and a prediction."""
        for key in REQUIRED:
            if key not in self.raw:
                self.fault(f"has no {key}.{HINTS[key]}")
        for key in (*TEXTS, "metric", "along", CORRELATES):
            value = self.raw.get(key, "-")
            if not isinstance(value, str):
                self.fault(f"must be a string, found {quote(value)}.", key)
            elif not value.strip():
                self.fault("is empty.", key)

    def one_of(self, key: str, choices: tuple[str, ...]) -> None:
        value = self.raw.get(key, choices[0])
        if value not in choices:
            words = ", ".join(f'"{choice}"' for choice in choices)
            self.fault(f"must be one of {words}, found {quote(value)}.", key)

    def number(self, key: str) -> None:
        value = self.raw.get(key, 0)
        if not is_number(value) or not abs(value) <= LARGEST_FLOAT:
            self.fault(f"must be a number, found {quote(value)}.", key)

    def selection(self, key: str, default: Selection | None = None) -> Selection:
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
                self.fault(f"is {quote(label)}, no verdict.{hint} There are: {there}.", "verdict")
        return labels

    def metric(self, key: str) -> None:
        """Check that a key has a column of numbers, where it is given."""
        name = self.raw.get(key)
        if not isinstance(name, str):
            return
        if name in self.scalars:
            return
        if name in columns.lists():
            near = next((f" Use {s}." for s in self.scalars if s.endswith(f"_{name}")), "")
            self.fault(f"is {quoted(name)}, which is a list in each row, not a number.{near}", key)
        else:
            hint = did_you_mean(name, self.scalars)
            there = "`toysup schema` describes them."
            self.fault(f"is {quoted(name)}, no column of the results.{hint} {there}", key)

    def comparison(self, key: str, here: list[Space]) -> Selection:
        """The conditions to compare with. Each condition of `here` must have a counterpart."""
        chosen = self.selection(key)
        strict = key == "reference"
        if strict and any(isinstance(wanted, dict | tuple) for wanted in chosen.values()):
            self.fault("must have single values: it is one condition for each.", key)
            return chosen
        if not chosen and self.raw[key] == {}:
            self.fault("is empty. Say which conditions it is.", key)
        there = selection.restrict(self.spaces, chosen) if chosen else []
        checked = UNCHECKED not in chosen
        remaining = [s for s in here if not checked or selection.restrict([s], chosen) != [s]]
        if here and there and not remaining:
            self.fault("is all that rows chooses: it would be compared with itself.", key)
        for name in selection.pairing_names(remaining, there, chosen, strict):
            available = set(selection.values(there, name))
            unpaired = [v for v in selection.values(remaining, name) if v not in available]
            if unpaired:
                advice = "Use than, which needs less in common, or" if strict else "Choose"
                self.fault(
                    f"has nothing to compare {name} = {quote(unpaired[0])} with. It has: "
                    f"{selection.listed(selection.values(there, name))}. {advice} fewer rows.",
                    key,
                )
        return chosen

    def interval(self, here: list[Space]) -> tuple | None:
        """The two values of the setting `along` between which the crossing should lie."""
        along, varied = str(self.raw["along"]), varying_axes(here)
        if here and along not in varied:
            self.fault(
                f"is {quote(along)}, along which no number varies. "
                f"What does: {', '.join(varied) or 'nothing'}.",
                "along",
            )
        axis = varied.get(along, ())
        raw = self.raw["between"]
        ends = tuple(raw) if isinstance(raw, list | tuple) else ()
        if len(ends) != 2 or not all(map(is_number, ends)) or not ends[0] < ends[1]:
            self.fault(f"must be two numbers in order, found {quote_list(raw)}.", "between")
        elif axis and not min(axis) <= ends[0] < ends[1] <= max(axis):
            span = f"{quote(min(axis))} to {quote(max(axis))}"
            self.fault(f"must be within the values of {along}, {span}.", "between")
        else:
            return ends
        return None


def varying_axes(here: list[Space]) -> dict[str, list]:
    """The numeric settings with several values within a case, and their values."""
    axes = [(k, [v for v in known if is_number(v)]) for space in here for k, known in space.items()]
    varied = [name for name, axis in axes if len(axis) > 1]
    return {name: [v for key, axis in axes if key == name for v in axis] for name in varied}

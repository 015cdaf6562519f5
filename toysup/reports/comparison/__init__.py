"""A `Comparison` in words: its headline, the names of conditions, and differences as text.

`terminal.py` and `page.py` show them.
"""

import math
from collections import Counter

from toysup.compare import TOLERATED, Comparison, Shared
from toysup.compare.difference import PAIRED, Difference
from toysup.reports.words import counted, decimals, name_of, plain, readable

SYMBOLS = {
    "squared_interference": "T",
    "positive_interference": "P",
    "minimisation_index": "index",
    "loss": "loss",
}
HEADLINE = "positive_interference"
SAME = "the same, bit for bit"
MEANING = (
    "Second run less first: the mean over seeds, with half of its 95% interval, which is Student's "
    "where seeds are paired and Welch's elsewhere. In sd: the difference over the standard "
    "deviation of the seeds of a run, pooled. T, P: squared and positive interference; index: 1 "
    "best packing, 0 random. Verdicts are those of each run's report, corrected for the number of "
    "its conditions."
)


def headline(found: Comparison) -> str:
    """What the comparison came to, in a few sentences."""
    if not found.shared:
        return "The runs share no condition: there is nothing to compare."
    if found.same_rows:
        return "The runs have the same rows, bit for bit in every column."
    same = sum(one.same_verdict for one in found.shared)
    count = len(found.shared)
    have = "has" if same == 1 else "have"
    words = [f"{same} of {counted(count, 'shared condition')} {have} the same verdict."]
    if found.identical:
        words.append("Every row that both runs have is the same, bit for bit in every column.")
    else:
        words += [largest(found)] if largest(found) else []
        identical = sum(one.identical for one in found.shared)
        words += [f"{identical} of {count} are {SAME}."] if identical else []
    if found.tolerance is not None:
        over = sum(bool(one.over) for one in found.shared)
        words.append(
            f"{counted(over, 'condition')} differ{'s' * (over == 1)} by more than "
            f"{found.tolerance:g} in {', '.join(SYMBOLS[name] for name in TOLERATED)}."
        )
    return " ".join(words)


def largest(found: Comparison) -> str:
    """The largest difference of P, and where; "" where no condition has one."""
    known = [one for one in found.shared if math.isfinite(one.differences[HEADLINE].value)]
    if not known:
        return ""
    most = max(known, key=lambda one: abs(one.differences[HEADLINE].value))
    value = one_number(most.differences[HEADLINE])
    return f"The largest difference of P is {value} ({name_of(most.case)})."


def in_spite_of(found: Comparison) -> str:
    """The settings that both runs fix, at another value; "" if there are none."""
    counts = Counter(
        f"{readable(name)} {' -> '.join('none' if v is None else plain(v, 6) for v in values)}"
        for one in found.shared
        for name, values in one.differs.items()
    )
    words = [f"{what} ({counted(count, 'condition')})" for what, count in counts.items()]
    return f"Compared although a run's fixed setting differs: {', '.join(words)}." if words else ""


def verdicts(one: Shared) -> str:
    """The verdicts side by side, or the one that both have."""
    words = " -> ".join(dict.fromkeys(label.value for label in one.labels))
    if one.identical and not one.same_verdict:
        words += " (the rows are the same, and the report corrects for other conditions)"
    return words


def number(value: float) -> str:
    """Three digits; two below 0.01 and from 100,000 on.

    >>> number(0.0312), number(-0.00002), number(0.0), number(123.4)
    ('0.0312', '-2e-05', '0', '123')
    """
    if not math.isfinite(value) or not value:
        return decimals(value, 0)
    return f"{value:.2g}" if abs(value) < 0.01 or abs(value) >= 1e5 else plain(value, 3)


def one_number(found: Difference) -> str:
    """A difference with half of its interval: "0.031 ± 0.012"."""
    reach = found.high - found.value
    return number(found.value) + (f" ± {number(reach)}" if math.isfinite(reach) else "")


def size(found: Difference) -> str:
    """A difference in standard deviations of seeds: "1.2 sd"."""
    if math.isinf(found.size):
        return "no spread"
    return f"{decimals(found.size, 1)} sd"


def seeds(one: Shared) -> str:
    """How many seeds are compared, and how; or that they are equal."""
    known = one.differences["loss"]
    if one.identical:
        return SAME
    first, second = known.seeds
    return f"{first} paired seeds" if known.how == PAIRED else f"{first} and {second} seeds"

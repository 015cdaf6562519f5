"""What docs/verdict.md says of matrices, thresholds and labels is what the code says.

`python -m tests.test_docs_verdict` prints the document's two tables of matrices anew.
"""

import re
from pathlib import Path

import numpy as np
import pytest

from tests.verdict.hand import cell_24, roots_of_e8, verdict
from toysup.geometry import (
    antipodal_pairs,
    equal_norm_tight_frames,
    polygon,
    random_directions,
    random_tight_frames,
)
from toysup.metrics.exponential import exponential_index
from toysup.metrics.interference import (
    minimisation_index,
    positive_interference,
    squared_interference,
)
from toysup.metrics.shared import sharing_fraction
from toysup.spec.label import Label
from toysup.verdict.thresholds import Thresholds

DOCUMENT = (Path(__file__).parents[1] / "docs" / "verdict.md").read_text(encoding="utf-8")
COLUMNS = (
    squared_interference,
    positive_interference,
    minimisation_index,
    exponential_index,
    sharing_fraction,
)
SEEDS = 10


def sampled(sample, r, m):
    """The matrices of ten seeds."""
    return sample(np.random.default_rng(0), SEEDS, m, r)


def antipodal_tight_frames(rng, draws, m, r):
    half = equal_norm_tight_frames(rng, draws, m, r // 2)
    return np.concatenate([half, -half], axis=2)


def triples():
    """Five axes, with three features on one side of each and one on the other."""
    return np.concatenate([np.eye(5)] * 3 + [-np.eye(5)], axis=1)


def two_as_one(m):
    """Orthogonal directions, the first of them twice."""
    return np.eye(m)[:, [0, 0, *range(2, m)]]


def leaning():
    """Twenty directions spread over five dimensions and leaning to one side."""
    lean = [np.eye(5) + 0.35 * (np.arange(5) == k)[:, None] for k in range(4)]
    return np.concatenate(lean, axis=1)


KNOWN = {
    "5 orthogonal directions in 5": np.eye(5),
    "10 in 5, antipodal pairs": antipodal_pairs(5),
    "5 in 2, the pentagon": polygon(5),
    "20 in 2, the regular 20-gon": polygon(20),
    "24 in 4, the 24-cell": cell_24(),
    "240 in 8, the roots of E8": roots_of_e8(),
    "20 in 2, the pentagon four times": np.tile(polygon(5), 4),
    "20 in 5, all in one direction": np.ones((5, 20)),
}
EXAMPLES = {
    "20 in 5, 15 of them zero, the rest orthogonal": [np.eye(5, 20)],
    "5 in 2, the pentagon": [polygon(5)],
    "20 in 2, the regular 20-gon": [polygon(20)],
    "20 in 5, the regular 20-gon in a plane": [np.eye(5, 2) @ polygon(20)],
    "5 in 3, the pentagon in a plane": [np.eye(3, 2) @ polygon(5)],
    "10 in 10, antipodal pairs in half of the dimensions": [np.eye(10, 5) @ antipodal_pairs(5)],
    "30 in 30, two in one direction, the rest orthogonal": [two_as_one(30)],
    "24 in 4, the 24-cell": [cell_24()],
    "10 in 5, antipodal pairs in 9 seeds of 10, one direction in the other": [
        *[antipodal_pairs(5)] * 9,
        np.ones((5, 10)),
    ],
    "20 in 2, the pentagon four times": [np.tile(polygon(5), 4)],
    "20 in 5, on each axis three features and one opposite": [triples()],
    "20 in 5, random": sampled(random_directions, 20, 5),
    "20 in 5, random tight frames of equal norms": sampled(equal_norm_tight_frames, 20, 5),
    "20 in 5, whitened random directions": sampled(random_tight_frames, 20, 5),
    "20 in 5, random antipodal tight frames": sampled(antipodal_tight_frames, 20, 5),
    "20 in 5, spread out but leaning to one side": [leaning()],
    "20 in 5, all in one direction": [np.ones((5, 20))],
    "20 in 5, half one way and half the other": [np.ones((5, 20)) * [*[1, -1] * 10]],
    "20 in 5, all zero": [np.zeros((5, 20))],
}


def short(reason):
    """A reason without p-values, and without the usual start that the columns T and P repeat."""
    reason = re.sub(r" \(p = [^)]*\)", "", reason)
    value = r"[TP] = \S+ is below random directions"
    return re.sub(rf"^{value}( and {value})?, (and|but) ", "", reason)


def number(value):
    return f"{round(float(value), 2) + 0:.2f}" if np.isfinite(value) else ""


def known_rows():
    return [[name, *(number(f(W)) for f in COLUMNS)] for name, W in KNOWN.items()]


def judged_rows():
    for name, group in EXAMPLES.items():
        found = verdict(*group)
        note = found.note and f"{found.note[0].upper()}{found.note[1:]}."
        values = found.squared_interference.value, found.positive_interference.value
        words = " ".join(filter(None, [short(found.reason), note]))
        yield [name, *map(number, values), f"`{found.label}`", words]


def line(cells):
    return f"| {' | '.join(cells)} |"


def rows_below(heading):
    """The rows of the first table below a heading, without its head."""
    section = DOCUMENT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\|.*\|$", section, re.MULTILINE)[2:]


def test_the_known_values_are_those_of_the_columns():
    assert rows_below("The columns") == list(map(line, known_rows()))


@pytest.mark.slow
def test_each_matrix_has_the_label_and_the_reason_that_the_document_says():
    assert rows_below("Matrices made by hand") == list(map(line, judged_rows()))


@pytest.mark.parametrize("threshold", Thresholds().describe(), ids=lambda t: t["name"])
def test_every_threshold_is_there_with_its_value(threshold):
    assert f"`{threshold['name']}` = {threshold['value']:g}" in DOCUMENT


@pytest.mark.parametrize("label", Label)
def test_every_label_is_there(label):
    assert f"`{label}`" in DOCUMENT


if __name__ == "__main__":
    print(*map(line, known_rows()), "", *map(line, judged_rows()), sep="\n")

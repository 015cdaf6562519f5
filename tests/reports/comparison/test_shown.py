"""A comparison begins with what it came to, in the terminal and on its page."""

import io

import numpy as np
import pytest

from tests.reports.conftest import made
from toysup.compare import Run, compare
from toysup.geometry import polygon
from toysup.reports.comparison import headline, in_spite_of, page, size, terminal
from toysup.reports.comparison import verdicts as side_by_side
from toysup.reports.console import Console

P = np.linspace(0.1, 0.2, 10)
DENSE = {"feature_probability": 1.0, "positive_interference": P}
SPARSE = {"feature_probability": 0.1, "positive_interference": P}
PENTAGON = [polygon(5)] * 10


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compared")
    moved = {"positive_interference": P + np.linspace(0.02, 0.04, 10)}
    kinds = {
        "first": ((PENTAGON, DENSE), (PENTAGON, SPARSE)),
        "moved": ((PENTAGON, DENSE), (PENTAGON, SPARSE | moved)),
        "cone": (([np.ones((2, 5))] * 10, DENSE), (PENTAGON, SPARSE | {"batch_size": 64})),
        "larger": ((PENTAGON, DENSE | {"batch_size": 32}), (PENTAGON, SPARSE | {"batch_size": 32})),
        "other": ((PENTAGON, DENSE | {"objective": "infonce", "views": "mask"}),),
    }
    return {name: Run(made(folder / name, *conditions)) for name, conditions in kinds.items()}


def printed(found, width=80):
    out = Console(width=width, record=True, file=io.StringIO(), markup=False)
    terminal.show([found], out)
    return out.export_text()


@pytest.mark.slow
def test_the_headline_counts_verdicts_and_names_the_largest_difference(runs):
    found = compare(runs["first"], runs["moved"], tolerance=0.01)
    assert headline(found) == (
        "2 of 2 shared conditions have the same verdict. The largest difference of P is 0.03 ± "
        "0.0048 (mse · p = 0.1). 1 of 2 are the same, bit for bit. 1 condition differs by more "
        "than 0.01 in T, P, index."
    )


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ("first", "The runs have the same rows, bit for bit in every column."),
        ("cone", "1 of 2 shared conditions has the same verdict. The largest difference of P is 0"),
        ("other", "The runs share no condition: there is nothing to compare."),
    ],
)
def test_the_headline_says_what_it_came_to(runs, other, words):
    assert headline(compare(runs["first"], runs[other])).startswith(words)


def test_settings_that_each_run_fixes_at_another_value_are_told(runs):
    found = compare(runs["first"], runs["larger"])
    assert in_spite_of(found) == (
        "Compared although a run's fixed setting differs: batch size 64 -> 32 (2 conditions)."
    )
    assert in_spite_of(compare(runs["first"], runs["first"])) == ""


def test_the_terminal_has_each_condition_with_its_verdicts_and_differences(runs):
    text = printed(compare(runs["first"], runs["moved"]))
    assert "mse · p = 1: minimising (the same, bit for bit)" in text
    assert "mse · p = 0.1: minimising (10 paired seeds)" in text
    assert "0.03 ± 0.0048" in text
    assert max(map(len, text.splitlines())) <= 80
    text = printed(compare(runs["first"], runs["cone"]))
    assert "mse · p = 1: minimising -> collapsed" in text


def test_what_only_one_run_has_is_listed(runs):
    text = printed(compare(runs["first"], runs["other"]))
    assert text.count(" has 2 conditions") == text.count(" has 1 condition") == 1
    assert "- mse · p = 0.1" in text
    assert "- infonce" in text


def test_equal_rows_with_other_verdicts_are_explained(runs):
    [one, _] = compare(runs["first"], runs["first"]).shared
    changed = type(one)(**vars(one) | {"labels": (one.labels[0], type(one.labels[0])("random"))})
    assert "minimising -> random" in side_by_side(changed)
    assert "the rows are the same" in side_by_side(changed)


def test_a_difference_without_any_spread_of_seeds_says_so(runs):
    found = compare(runs["first"], runs["cone"]).shared[1].differences["loss"]
    assert size(found) == "0.0 sd"


@pytest.mark.slow
def test_the_page_has_the_same_and_needs_nothing_from_elsewhere(runs):
    found = compare(runs["first"], runs["moved"], tolerance=0.01)
    html = page.render([found])
    assert html == page.render([found])
    assert "0.03 ± 0.0048" in html
    assert "the same, bit for bit" in html
    assert "http" not in html.replace("http://www.w3.org/", "")
    assert "<svg" in html
    assert "<svg" not in page.render([compare(runs["first"], runs["first"])])

"""A scalar is fixed, a list is an axis, and three makers make one."""

import numpy as np
import pytest

from toysup.errors import RefusedError
from toysup.registry import Setting
from toysup.resources import container
from toysup.spec import axes
from toysup.spec.faults import Faults

RATE = Setting("rate", float, 1.0, static=False, doc="")
COUNT = Setting("count", int, 1, static=True, doc="")


def values(raw, setting=RATE):
    faults = Faults("a.toml")
    made = axes.read(raw, setting, "t.x", faults)
    assert faults.lines == []
    return made


def fault(raw, setting=RATE):
    faults = Faults("a.toml")
    axes.read(raw, setting, "t.x", faults)
    [line] = faults.lines
    return line


def test_a_scalar_is_an_axis_of_one_value():
    assert values(3) == (3.0,)


def test_a_list_is_an_axis_in_its_order():
    assert values([3, 1, 2.5]) == (3.0, 1.0, 2.5)


def test_logspace_has_equal_ratios_exact_ends_and_short_labels():
    made = values({"logspace": [1.0, 0.01, 7]})
    assert made == (1.0, 0.464159, 0.215443, 0.1, 0.0464159, 0.0215443, 0.01)
    assert values({"logspace": [1 / 3, 1e-7 / 3, 5]})[::4] == (1 / 3, 1e-7 / 3)


def test_linspace_has_equal_steps_and_exact_ends():
    assert values({"linspace": [0, 1, 5]}) == (0.0, 0.25, 0.5, 0.75, 1.0)
    assert values({"linspace": [0.1, 1 / 3, 3]}) == (0.1, 0.216667, 1 / 3)


def test_range_leaves_out_its_stop():
    assert values({"range": [1, 4]}, COUNT) == (1, 2, 3)
    assert values({"range": [10, 0, -5]}, COUNT) == (10, 5)


def test_between_whole_numbers_whole_values_are_whole():
    assert values({"logspace": [64, 1024, 5]}, COUNT) == (64, 128, 256, 512, 1024)
    assert fault({"logspace": [64, 128, 3]}, COUNT) == (
        "a.toml: t.x must be a whole number, found 90.5097."
    )


def test_one_value_of_a_space_is_its_only_end():
    assert values({"logspace": [2, 2, 1]}) == (2.0,)


def test_numpy_values_of_a_notebook_are_taken():
    assert values(np.linspace(0, 1, 3)) == (0.0, 0.5, 1.0)
    assert values([np.int64(3)], COUNT) == (3,)
    assert values(range(2), COUNT) == (0, 1)


MAKER = "must be a value, a list, or a table with one of linspace, logspace, range, found"
RANGE = "must be [start, stop] or [start, stop, step] in whole numbers, found"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"logspce": [1, 2, 3]}, f"t.x {MAKER} logspce. Did you mean logspace?"),
        ({"zzz": 1}, f"t.x {MAKER} zzz."),
        ({}, f"t.x {MAKER} an empty table."),
        ({"range": [1, 2], "linspace": [1, 2, 3]}, f"t.x {MAKER} range, linspace."),
        ({"logspace": [1, 2]}, "t.x.logspace must be [first, last, count], found [1, 2]."),
        ({"logspace": 5}, "t.x.logspace must be [first, last, count], found 5."),
        ({"logspace": [0, 1, 3]}, "t.x.logspace must have ends above 0, found 0."),
        ({"logspace": [1.0, -1.0, 3]}, "t.x.logspace must have ends above 0, found -1.0."),
        (
            {"logspace": [1, 2, 0]},
            "t.x.logspace must have a whole number of at least 1 as its count, found 0.",
        ),
        (
            {"linspace": [1, 2, 2.5]},
            "t.x.linspace must have a whole number of at least 1 as its count, found 2.5.",
        ),
        (
            {"linspace": [1, 2, True]},
            "t.x.linspace must have a whole number of at least 1 as its count, found true.",
        ),
        (
            {"linspace": ["a", 2, 3]},
            't.x.linspace must have two numbers as its ends, found "a".',
        ),
        (
            {"linspace": [float("nan"), 2, 3]},
            "t.x.linspace must have two numbers as its ends, found nan.",
        ),
        (
            {"linspace": [1, 10**400, 3]},
            "t.x.linspace must have two numbers as its ends, "
            "found a number of more than 19 digits.",
        ),
        (
            {"linspace": [1, 2, 1]},
            "t.x.linspace has two ends and a count of 1. Use at least 2, or the value alone.",
        ),
        ({"linspace": [2, 2, 2]}, "t.x has 2.0 more than once."),
        ({"range": [1]}, f"t.x.range {RANGE} [1]."),
        ({"range": [1, 2.0]}, f"t.x.range {RANGE} [1, 2.0]."),
        ({"range": [1, 5, 0]}, "t.x.range has a step of 0."),
        ({"range": [5, 1]}, "t.x.range has no values: the stop is not included."),
        (float("nan"), "t.x must be a number, found nan."),
        (10**400, "t.x must be a number that single precision can hold, found a number of more "
         "than 19 digits."),
    ],
)  # fmt: skip
def test_what_makes_no_axis_is_a_fault(raw, message):
    assert fault(raw) == f"a.toml: {message}"


@pytest.mark.parametrize("raw", [{"range": [0, 10**9]}, {"linspace": [0, 1, 10**9]}, range(10**9)])
def test_an_axis_that_memory_has_no_room_for_is_refused_before_it_is_made(monkeypatch, raw):
    monkeypatch.setattr(container, "memory", lambda: 8e9)
    with pytest.raises(RefusedError) as caught:
        axes.read(raw, RATE, "t.x", Faults("a.toml"))
    assert str(caught.value) == (
        "a.toml: t.x has 1,000,000,000 values, which need about 500 GB of memory to be listed, "
        "and there are 8 GB. Use fewer values."
    )


def test_an_axis_may_have_as_many_values_as_memory_has_room_for():
    assert values({"range": [0, 20_000]}, COUNT) == tuple(range(20_000))


def test_values_that_are_one_number_in_single_precision_are_refused_like_equal_ones():
    assert fault([0.1, 0.10000000001]) == (
        "a.toml: t.x has 0.1 and 0.10000000001, which are one number in single precision, and "
        "would be two equal conditions. Leave one out."
    )
    assert fault([0.9999999999, 1]).startswith("a.toml: t.x has 0.9999999999 and 1.0, which")
    assert values([16777216, 16777217], COUNT) == (16777216, 16777217)


def test_of_many_wrong_values_the_first_are_told():
    faults = Faults("a.toml")
    axes.read({"range": [-9000, 1000]}, Setting("p", float, 1.0, False, "", above=0), "t.x", faults)
    assert len(faults.lines) == axes.MOST_WRONG

"""What stands behind the reason of a verdict, and only where it applies."""

from types import SimpleNamespace

import pytest

from toysup.reports.remarks import remarks
from toysup.spec.label import Label
from toysup.verdict.basins import Basins

PLAIN = {"label": Label.PARTIAL, "alone": 1.0, "note": "", "basins": None}


@pytest.mark.parametrize(
    ("found", "idle", "words"),
    [
        ({}, "", ()),
        ({"alone": 0.7}, "", ("By themselves 70% of the seeds have this label.",)),
        ({"alone": float("nan"), "label": Label.DIVERGED}, "at chance", ()),
        (
            {"note": "the exponential potential disagrees: its index is 0.91"},
            "",
            ("The exponential potential disagrees: its index is 0.91.",),
        ),
        (
            {"basins": Basins(5, 2, 0.4, lower_mean=1.0, upper_mean=2.0)},
            "",
            ("Two basins of loss: 2 of 5 seeds are in the lower.",),
        ),
        ({}, "nothing at stake", ("Not counted: nothing at stake.",)),
    ],
)
def test_remarks(found, idle, words):
    stake = SimpleNamespace(idle=idle)
    assert remarks(SimpleNamespace(**PLAIN | found, stake=stake)) == words

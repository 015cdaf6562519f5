"""Annotations: only in a job on GitHub, one line each, and no text ends or begins a command."""

from dataclasses import replace

import numpy as np
import pytest

from tests.reports.conftest import made
from toysup.claims import check
from toysup.geometry import polygon
from toysup.reports import github
from toysup.spec.claim import Claim


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    rule = {
        "verdict": ("minimising",),
        "says": "A",
        "predicted": "none",
        "rows": {"objective": "mse"},
    }
    claims = [Claim(name=f"c-{one}", outcome=one, **rule) for one in ("supported", "refuted", None)]
    folder = tmp_path_factory.mktemp("runs") / "odd"
    other = {"objective": "infonce", "views": "mask", "temperature": 0.5}
    conditions = ([polygon(5)] * 10, {}), ([np.eye(2, 5)] * 10, other, {3: "diverged"})
    return check(made(folder, *conditions, claims=claims))


@pytest.mark.parametrize("value", [None, "", "false", "1"])
def test_elsewhere_there_are_none(checked, monkeypatch, value):
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    if value is not None:
        monkeypatch.setenv("GITHUB_ACTIONS", value)
    assert github.annotations([checked]) == []


def test_a_changed_claim_is_an_error_and_diverged_instances_are_a_warning(checked, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    error, warning = github.annotations([replace(checked, run="runs/odd")])
    start = (
        "::error title=c-refuted of runs/odd::It was refuted in the first run. Came out supported"
    )
    assert error.startswith(start)
    said = "runs/odd: 1 of 20 instances diverged."
    assert warning == f"::warning title=diverged%3A runs/odd::{said}"


def test_a_text_stays_in_its_place(checked, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    nasty = "100%, a:b::warning::c\r\n::error::d\x1b[2J"
    changed = next(found for found in checked.claims if found.as_before is False)
    claim = replace(changed, claim=replace(changed.claim, name=nasty))
    error, warning = github.annotations([replace(checked, run=nasty, claims=(claim,))])
    shown = "100%25%2C a%3Ab%3A%3Awarning%3A%3Ac\\r\\n%3A%3Aerror%3A%3Ad\\x1b[2J"
    assert error.startswith(f"::error title={shown} of {shown}::It was refuted")
    assert warning.startswith(f"::warning title=diverged%3A {shown}::100%25, a:b::warning::c\\r\\n")
    assert error.isprintable()
    assert warning.isprintable()

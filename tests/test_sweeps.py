"""The sweeps that come with toysup, and what their small versions leave of them."""

import re
import subprocess
from pathlib import Path

import pytest

from toysup import spec
from toysup.spec.sweepfile import load

ROOT = Path(__file__).parents[1]
SWEEPS = {path.stem: path for path in sorted((ROOT / "sweeps").glob("*.toml"))}
CLAIMING = [name for name, path in SWEEPS.items() if "claims" in load(path)]


@pytest.mark.parametrize("name", SWEEPS)
def test_every_sweep_has_a_title_and_asks_a_question(name):
    sweep = spec.read(SWEEPS[name])
    assert sweep.title != name
    assert sweep.question.endswith("?")


@pytest.mark.parametrize("name", CLAIMING)
def test_every_claim_has_somebody_who_makes_it_and_a_reason_for_what_is_predicted(name):
    for claim in spec.read(SWEEPS[name]).claims:
        assert claim.who
        assert claim.because


@pytest.mark.parametrize("name", CLAIMING)
def test_a_claim_that_was_written_after_its_run_predicted_nothing(name):
    for claim in spec.read(SWEEPS[name]).claims:
        if re.search(r"Written after (the|a first) run", claim.because):
            assert claim.predicted == "none"


@pytest.mark.parametrize("name", CLAIMING)
def test_every_sweep_with_claims_has_a_small_version_that_decides_some(name):
    whole, small = (spec.read(SWEEPS[name], small=small) for small in (False, True))
    assert small.claims
    assert {claim.name for claim in small.claims} <= {claim.name for claim in whole.claims}


def lists_of_the_makefile():
    """What `make -pn` makes of the lists of sweeps."""
    made = subprocess.run(["make", "-pn", "help"], cwd=ROOT, capture_output=True, text=True).stdout
    lines = dict(line.split(" := ", 1) for line in made.splitlines() if " := " in line)
    return {name: lines[name].split() for name in ("SENTENCES", "PAPER", "MORE_PAPER", "WHY")}


def test_make_claims_make_paper_and_make_why_run_every_sweep_with_claims():
    lists = lists_of_the_makefile()
    paper = [*lists["PAPER"], *lists["MORE_PAPER"]]
    assert set(lists["SENTENCES"]) | set(paper) | set(lists["WHY"]) == set(CLAIMING)
    assert set(paper) == {name for name in CLAIMING if name.startswith("elhage2022_")}


def test_a_sweep_that_asks_for_the_pentagon_shows_directions_on_the_plane():
    sweep = spec.read(SWEEPS["pentagon"])
    assert "pentagon" in sweep.question
    assert "plane" in sweep.pictures

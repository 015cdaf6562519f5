"""The sweeps that come with toysup, and what their small versions leave of them."""

from pathlib import Path

import pytest

from toysup import spec
from toysup.spec.sweepfile import load

SWEEPS = {path.stem: path for path in sorted((Path(__file__).parents[1] / "sweeps").glob("*.toml"))}
CLAIMING = [name for name, path in SWEEPS.items() if "claims" in load(path)]


@pytest.mark.parametrize("name", SWEEPS)
def test_every_sweep_has_a_title_and_asks_a_question(name):
    sweep = spec.read(SWEEPS[name])
    assert sweep.title != name
    assert sweep.question.endswith("?")


@pytest.mark.parametrize("name", CLAIMING)
def test_every_claim_has_somebody_who_makes_it_and_a_reason_for_what_is_expected(name):
    for claim in spec.read(SWEEPS[name]).claims:
        assert claim.who
        assert claim.because


@pytest.mark.parametrize("name", CLAIMING)
def test_every_sweep_with_claims_has_a_small_version_that_decides_some(name):
    whole, small = (spec.read(SWEEPS[name], small=small) for small in (False, True))
    assert small.claims
    assert {claim.name for claim in small.claims} <= {claim.name for claim in whole.claims}


def test_make_claims_runs_every_sweep_with_claims():
    makefile = (Path(__file__).parents[1] / "Makefile").read_text()
    [line] = [line for line in makefile.splitlines() if line.startswith("SENTENCES := ")]
    assert set(line.split()[2:]) == set(CLAIMING)

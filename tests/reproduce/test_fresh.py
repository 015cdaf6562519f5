"""A sweep with seeds that its run never used."""

import shutil

import pytest

from tests.faults.runs import forged, with_column
from toysup.reproduce import Changed
from toysup.reproduce.fresh import with_fresh_seeds
from toysup.reproduce.scratch import Work
from toysup.storage.store import Store

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found(finished):
    return with_fresh_seeds(finished, Work())


@pytest.mark.long
def test_the_seeds_are_ones_that_the_run_never_used(found, finished):
    assert found.seeds == (3, 4, 5)
    rows = Store(finished.with_name("run-fresh-seeds")).frame()
    assert sorted(set(rows["seed"])) == [3, 4, 5]


def test_verdicts_and_claims_are_counted_and_those_that_changed_are_named(found):
    assert (found.verdicts, found.claims, found.changed_claims) == (8, 1, ())
    assert found.unjudged <= len(found.changed_verdicts)
    assert found.agrees == (not found.changed_verdicts)


def test_a_claim_that_comes_out_otherwise_is_told(found, finished, tmp_path):
    again = shutil.copytree(finished.with_name("run-fresh-seeds"), tmp_path / "again")
    losses = Store(again).results().column("loss").to_numpy() + 2000
    forged(Store(again), lambda table: with_column(table, "loss", losses))
    told = with_fresh_seeds(finished, Work(), again)
    assert told.changed_claims == (Changed("small", "supported", "refuted"),)
    assert not told.agrees

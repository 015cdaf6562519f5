import json
from functools import partial

import pytest

from tests.commands import run
from tests.faults.runs import forged, with_column

pytestmark = pytest.mark.slow


@pytest.fixture
def toysup(monkeypatch, capsys):
    return partial(run, monkeypatch, capsys, "reproduce")


def test_the_same_bytes_end_with_0_and_others_with_4(toysup, store):
    code, out, err = toysup(store.folder, "--quiet")
    assert (code, err) == (0, "")
    assert "All 24 rows are the same, bit for bit in every column." in " ".join(out.split())
    losses = store.results().column("loss").to_numpy() * 2
    forged(store, lambda table: with_column(table, "loss", losses))
    code, out, _ = toysup(store.folder, "--quiet", "--share", "0.2", "--json")
    assert code == 4
    [found] = json.loads(out)
    assert (found["agrees"], found["identical"]) == (False, 0)
    assert list(found["largest"]) == ["loss"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--share", "2"], "--share 2: must be above 0 and at most 1."),
        (["--fresh-seeds", "--share", "0.5"], "leave --share out"),
        (["other", "--out", "x"], "--out is the folder of one run"),
    ],
)
def test_options_that_do_not_go_together_are_a_line(toysup, finished, words, says):
    code, out, err = toysup(finished, *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert says in err

"""One trained model is shown with its numbers, its pairs and what they are measured against."""

import hashlib
import io
import json

import numpy as np
import pandas as pd
import pytest

from tests.reports.conftest import made
from toysup.errors import ToysupError
from toysup.geometry import polygon
from toysup.reports.console import Console
from toysup.reports.instance import gather, page, terminal
from toysup.reports.instance.choose import choose
from toysup.reports.instance.pairs import feature_names, pairs
from toysup.verdict import judge

BENT = polygon(5) * np.array([1, 1, 1, 1, 0.1])  # the last is not represented
WIDE = np.eye(3, 50)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return made(
        tmp_path_factory.mktemp("shown") / "made",
        ([polygon(5)] * 9 + [BENT], {"loss": np.linspace(1, 0.1, 10), "stake": 0.5}),
        (
            [np.full((2, 5), np.nan)] * 10,
            {"feature_probability": 1.0},
            dict.fromkeys(range(10), "diverged"),
        ),
        ([WIDE] * 10, {"objective": "linear_mse", "loss": -1.0}),
    )


def instance(store, where, seed=None):
    rows = store.frame()
    [choice] = choose(judge(rows).verdicts, [where], "made")
    return gather(store, rows, choice, seed)


def printed(found, width=80):
    out = Console(width=width, record=True, file=io.StringIO(), markup=False)
    terminal.show(found, out)
    return out.export_text()


@pytest.mark.slow
def test_the_lowest_loss_seed_is_shown_unless_another_is_named(store):
    found = instance(store, "condition=0")
    assert (found.seed, found.lowest) == (9, True)
    assert found.represented.tolist() == [True] * 4 + [False]
    other = instance(store, "condition=0", seed=3)
    assert (other.seed, other.lowest) == (3, False)
    with pytest.raises(ToysupError, match=r"has no seed 11\. There are: 0, 1, 2"):
        instance(store, "condition=0", seed=11)


def test_each_number_stands_beside_seeds_random_directions_and_the_optimum(store):
    known = {m.name: m for m in instance(store, "condition=0", seed=0).metrics}
    assert known["T"].value == pytest.approx(0, abs=1e-6)
    assert known["index"].value == pytest.approx(1, abs=1e-6)
    best = polygon(5).T @ polygon(5)
    np.fill_diagonal(best, 0)
    P = (np.maximum(best, 0) ** 2).sum() / (5 * 4 / 4)
    assert known["P"].value == pytest.approx(P)
    assert known["P"].best == pytest.approx((P, P))
    assert known["P"].random.low < 1 < known["P"].random.high
    assert known["loss"].random.value == pytest.approx(1.0 + 0.5)
    assert known["represented"].value == known["represented"].seeds.value == 5


def test_the_nearest_and_the_most_opposed_pairs_are_of_represented_features():
    W = np.array([[1.0, 0.9, -1.0, 0.0, 0.01], [0.0, 0.1, 0.0, 1.0, 0.01]])
    nearest, opposed = pairs(W, tuple("abcde"))
    assert [pair.names for pair in nearest] == [("a", "b"), ("b", "d")]
    assert [pair.names for pair in opposed] == [("a", "c"), ("b", "c")]
    assert opposed[0].cosine == pytest.approx(-1)
    assert nearest[0].cosine == pytest.approx(0.9 / np.hypot(0.9, 0.1))
    assert pairs(np.eye(3), tuple("abc")) == ((), ())
    assert pairs(np.full((2, 2), np.nan), tuple("ab")) == ((), ())


def test_features_have_the_names_of_their_data_file_as_long_as_it_is_the_one_that_was_trained_on(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("toysup.files.data._start", [])  # where an earlier test read a sweep
    file = tmp_path / "mine.csv"
    pd.DataFrame(np.ones((70, 2)), columns=["red", "green"]).to_csv(file, index=False)
    data = {"mine.csv": hashlib.sha256(file.read_bytes()).hexdigest()}
    assert feature_names(data, {"path": "mine.csv"}, 2) == ("red", "green")
    assert feature_names(data, {"path": "mine.csv"}, 3) == ("0", "1", "2")
    assert feature_names({"mine.csv": "0"}, {"path": "mine.csv"}, 2) == ("0", "1")
    assert feature_names({"gone.csv": "0"}, {"path": "gone.csv"}, 2) == ("0", "1")
    assert feature_names(data, {"path": "other.csv"}, 2) == ("0", "1")


def test_the_terminal_has_the_settings_the_verdict_the_numbers_w_and_the_loss(store):
    found = instance(store, "condition=0", seed=0)
    text = printed(found)
    words = " ".join(text.split())
    assert found.verdict.reason in words
    for part in ("Condition 0, encoder directions, seed 0: converged.", "batch_size\u00a064"):
        assert part in text
    for heading in ("Settings", "What was measured", "Pairs of features", "W, its", "Loss over"):
        assert heading in words
    assert max(map(len, text.splitlines())) <= 80
    assert "█" in text


@pytest.mark.slow
def test_a_wide_matrix_is_cut_with_a_note(store):
    assert "Shown: 3 of 3 rows and 37 of 50 columns" in " ".join(
        printed(instance(store, "condition=2")).split()
    )
    assert "Shown:" not in printed(instance(store, "condition=2"), width=120)


@pytest.mark.slow
def test_a_diverged_model_is_shown_with_what_there_is(store):
    found = instance(store, "condition=1")
    assert "diverged" in printed(found)
    assert "entries that are no numbers" in printed(found)
    assert "no numbers" in page.render(found)
    assert json.loads(json.dumps(found.to_json(), allow_nan=False))["outcome"] == "diverged"


def test_json_has_everything_as_plain_values(store):
    found = instance(store, "condition=0", seed=0)
    told = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert (told["seed"], told["condition"], told["directions"]) == (0, 0, "encoder")
    assert np.array(told["W"]).shape == (2, 5)
    assert told["verdict"]["label"] == found.verdict.label
    assert told["settings"]["batch_size"] == 64
    assert len(told["loss_curve"]) == 20


@pytest.mark.long
def test_the_page_is_the_same_each_time_and_needs_nothing_from_elsewhere(store):
    found = instance(store, "condition=0", seed=0)
    html = page.render(found)
    assert html == page.render(found)
    assert "Made [by hand] &amp; &lt;told&gt;" in html
    assert "http" not in html.replace("http://www.w3.org/", "")
    assert "<script" not in html
    assert "0.19" in html

"""The metrics that claims speak of are shown with the numbers that decide the claims."""

import numpy as np
import pandas as pd
import pytest

from toysup.geometry import polygon
from toysup.reports import metric_figure, page
from toysup.reports.claim_metrics import metric_intervals
from toysup.reports.findings import gather
from toysup.spec.claim import Claim
from toysup.verdict.statistics import student_interval

GROUP = [polygon(5)] * 3
SCORE = np.array([1.0, 2.0, 3.0])
SAID = {"says": "So it is.", "who": "us", "predicted": "supported"}


def claim(name, **rule):
    return Claim(name=name, rows={}, **SAID, **rule)


@pytest.fixture(scope="module")
def findings(make_run, tmp_path_factory):
    contrastive = {"objective": "infonce", "views": "mask"}
    return gather(
        make_run(
            tmp_path_factory.mktemp("runs") / "made",
            (GROUP, {"feature_probability": 1.0, "score": SCORE}),
            (GROUP, {"feature_probability": 0.1, "score": 10 * SCORE}),
            (GROUP, contrastive),
            claims=[
                claim("level", metric="score", above=5.0),
                claim("index", metric="minimisation_index", above=0.5),
                claim("verdict", verdict=("minimising",)),
                claim("together", metric="score", correlates="loss", above=0.5),
            ],
        )
    )


def test_conditions_of_different_numbers_of_seeds_have_each_their_own_interval():
    rng = np.random.default_rng(0)
    seeds = {(2, "encoder"): 4, (0, "encoder"): 3, (1, "decoder"): 4, (3, "encoder"): 1}
    keys = [key for key, count in seeds.items() for _ in range(count)]
    rows = pd.DataFrame(keys, columns=["condition", "directions"])
    rows["score"], rows["other"] = rng.normal(size=(2, len(rows)))
    rows.loc[0, "other"] = np.nan
    rows = rows.sample(frac=1, random_state=1)
    found = metric_intervals(rows, [], ["score", "other", "missing"])
    assert found.keys() == seeds.keys()
    for key, group in rows.groupby(["condition", "directions"]):
        assert list(found[key]) == ["score", "other"]
        for name, interval in found[key].items():
            expected = student_interval(group[name].to_numpy())
            ends = [expected.value, expected.low, expected.high]
            np.testing.assert_allclose([interval.value, interval.low, interval.high], ends)


@pytest.mark.slow
def test_a_metric_that_a_claim_compares_is_measured_in_every_condition(findings):
    [line] = [line for line in findings.lines if line.objective == "mse"]
    means = [point.measured["score"].value for point in line.points]
    assert means == [2.0, 20.0]
    assert line.points[0].measured["score"].low == pytest.approx(2 - 4.3027 / np.sqrt(3), abs=1e-3)


def test_the_index_has_its_own_picture_and_a_verdict_has_none(findings):
    assert metric_figure.metrics_with_figure(findings) == ["score"]


def test_the_picture_leaves_out_who_lacks_the_metric_and_shows_the_level(findings):
    [(title, figure)] = metric_figure.panels(findings, "score").items()
    [axis] = figure.axes
    assert title == axis.get_title(loc="left") == "mse"
    assert [words.get_text() for words in axis.texts] == ["above 5"]
    assert [5.0, 5.0] in [list(line.get_ydata()) for line in axis.lines]
    curves = [list(line.get_ydata()) for line in axis.lines if len(line.get_xdata()) == 2]
    assert [2.0, 20.0] in curves
    assert axis.get_ylabel() == "score"


@pytest.mark.slow
def test_the_page_has_the_picture(findings):
    text = page.render(findings)
    assert "<h3>Score</h3>" in text
    assert 'aria-label="The score against' in text
    assert "<b>above 5</b>: <q>" in text

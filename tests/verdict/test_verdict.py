import json

import numpy as np
import pandas as pd
import pytest

from tests.verdict.hand import results, verdict
from toysup.geometry import antipodal_pairs, polygon, random_directions, simplex
from toysup.verdict import judge
from toysup.verdict.rule import Label
from toysup.verdict.sensitivity import a_third_away, sensitivity
from toysup.verdict.summary import summarise
from toysup.verdict.thresholds import Thresholds

CONE = np.concatenate([np.eye(5) + 0.35 * (np.arange(5) == k)[:, None] for k in range(4)], axis=1)
COLLINEAR = np.ones((5, 20))


@pytest.mark.slow
@pytest.mark.some(8)
@pytest.mark.parametrize(
    ("W", "label"),
    [
        (antipodal_pairs(5), Label.MINIMISING),
        (antipodal_pairs(2), Label.MINIMISING),
        (polygon(5), Label.MINIMISING),
        (polygon(3), Label.MINIMISING),
        (simplex(5), Label.MINIMISING),
        (np.eye(5), Label.NO_SUPERPOSITION),
        (np.eye(5)[:, :3], Label.NO_SUPERPOSITION),
        (np.eye(2), Label.NO_SUPERPOSITION),
        (COLLINEAR, Label.COLLAPSED),
        (COLLINEAR * np.where(np.arange(20) % 2, 1, -1), Label.LOW_RANK),
        (CONE, Label.CONE),
        (np.ones((2, 20)), Label.COLLAPSED),
        (np.ones((2, 20)) + 0.1 * np.eye(2, 20), Label.COLLAPSED),
        (np.array([[1.0, -1.0], [1.0, -1.0]]), Label.LOW_RANK),
        (np.eye(2)[:, [0, 0, 0, 1]], Label.SHARING),
        (np.zeros((5, 20)), Label.UNDEFINED),
    ],
)
def test_hand_made_matrices(W, label):
    assert verdict(W).label == label
    assert verdict(17 * W).label == label
    assert verdict(*[W] * 20).label == label


@pytest.mark.slow
def test_one_dimension_holds_two_features_apart_and_needs_more_seeds():
    pair = np.array([[1.0, -1.0]])
    assert verdict(pair).label == Label.MINIMISING
    assert verdict(*[pair] * 5).label == Label.UNDEFINED
    assert verdict(np.ones((1, 4))).label == Label.COLLAPSED


@pytest.mark.parametrize(
    ("outcomes", "label"),
    [
        ({3: "diverged"}, Label.DIVERGED),
        ({3: "diverged", 4: "not converged"}, Label.DIVERGED),
        ({3: "not converged", 4: "not converged", 5: "not converged"}, Label.NOT_CONVERGED),
    ],
)
def test_one_diverged_seed_or_three_moving_ones_stop_the_verdict(outcomes, label):
    found = verdict(polygon(5), outcomes=outcomes)
    assert found.label == label
    assert found.reason.startswith(f"{3 if label == Label.NOT_CONVERGED else 1} of 10 seeds")
    assert found.outcomes["converged"] == 10 - len(outcomes)


def test_the_share_that_may_not_have_converged_is_a_threshold():
    moving = {3: "not converged", 4: "not converged"}
    assert verdict(polygon(5), outcomes=moving).label == Label.MINIMISING
    strict = Thresholds(not_converged_share=0.0)
    assert verdict(polygon(5), outcomes=moving, thresholds=strict).label == Label.NOT_CONVERGED


def test_how_much_a_run_may_move_is_a_threshold():
    rows = results([polygon(5)] * 10)
    rows["geometry_change"] = 0.12
    assert judge(rows).verdicts[0].label == Label.NOT_CONVERGED
    tolerant = Thresholds(geometry_tolerance=0.13)
    assert judge(rows, thresholds=tolerant).verdicts[0].label == Label.MINIMISING


def test_a_fifth_of_the_seeds_may_have_fewer_than_two_features_and_is_left_out():
    dead = np.eye(2, 5) * [1, 0, 0, 0, 0]
    some = verdict(*[dead] * 2, *[polygon(5)] * 8)
    assert (some.label, some.undefined, some.n_represented) == (Label.MINIMISING, 2, 5)
    assert some.minimisation_index.value == pytest.approx(1, abs=1e-6)
    assert verdict(*[dead] * 3, *[polygon(5)] * 7).label == Label.UNDEFINED


def test_diverged_weights_that_are_nan_or_missing_are_no_error():
    rows = results([polygon(5)] * 9 + [np.full((2, 5), np.nan)], outcomes={9: "diverged"})
    assert judge(rows).verdicts[0].label == Label.DIVERGED
    rows.at[9, "W"] = None
    found = judge(rows).verdicts[0]
    assert found.label == Label.DIVERGED
    assert found.minimisation_index.value == pytest.approx(1, abs=1e-6)


@pytest.mark.slow
def test_the_lowest_loss_seed_is_beside_the_spread():
    best = verdict(*[polygon(4)] * 4, np.eye(2, 4), polygon(4), outcomes={5: "not converged"}).best
    assert (best.seed, best.n_represented) == (5, 4)
    assert best.minimisation_index == pytest.approx(1)
    assert best.loss == pytest.approx(0.5)


def test_conditions_and_directions_are_judged_apart_and_keep_their_settings():
    rows = results([polygon(5)] * 5, [np.ones((2, 5))] * 5, feature_probability=[0.1, np.nan])
    both = pd.concat([rows, rows.assign(directions="fitted")], ignore_index=True)
    found = judge(both, settings=["feature_probability"])
    assert [(v.condition, v.directions) for v in found.verdicts] == [
        (0, "encoder"), (0, "fitted"), (1, "encoder"), (1, "fitted"),
    ]  # fmt: skip
    assert found.verdicts[0].settings == {"feature_probability": 0.1}
    assert found.verdicts[2].settings == {}
    assert found.judged == 4


def test_only_judged_conditions_count_in_the_correction():
    pentagons = [polygon(5)] * 10
    rows = results(pentagons, pentagons, pentagons)
    rows.loc[rows["condition"] == 2, "geometry_change"] = 1.0
    found = judge(rows)
    assert found.judged == 2
    first = found.verdicts[0]
    assert first.corrected.T_below_random == pytest.approx(2 * first.p_values.T_below_random)
    assert np.isnan(found.verdicts[2].corrected.T_below_random)


@pytest.mark.slow
def test_many_conditions_can_still_be_significant():
    found = judge(results(*[[polygon(5)] * 5] * 120))
    assert {v.label for v in found.verdicts} == {Label.MINIMISING}
    assert max(v.corrected.T_below_random for v in found.verdicts) < 0.01


@pytest.mark.slow
def test_the_verdicts_are_json_and_repeatable():
    rng = np.random.default_rng(3)
    rows = results(random_directions(rng, 5, 5, 20), [np.zeros((5, 20))] * 5, p=[0.1, 1.0])
    text = judge(rows).to_json()
    assert text == judge(rows.sample(frac=1, random_state=0)).to_json().replace("\r", "")
    data = json.loads(text)
    assert data["verdicts"][1]["label"] == "undefined"
    assert data["verdicts"][1]["minimisation_index"]["value"] is None
    assert data["verdicts"][0]["settings"]["p"] == 0.1
    names = {t["name"] for t in data["thresholds"]}
    assert names >= {"alpha", "minimising_index", "represented", "rank_share", "undefined_share"}
    assert all(t["meaning"].endswith(".") for t in data["thresholds"])


def test_a_threshold_moves_by_a_third_and_never_past_one():
    assert a_third_away(0.3) == pytest.approx((0.2, 0.4))
    assert a_third_away(0.85) == pytest.approx((0.85 * 2 / 3, 0.9), abs=1e-6)


@pytest.mark.slow
def test_sensitivity_finds_the_verdicts_that_hang_on_a_threshold():
    rng = np.random.default_rng(2)
    strong = np.broadcast_to(np.eye(5), (10, 5, 5))
    weak = np.concatenate([strong, 0.4 * random_directions(rng, 10, 5, 15)], axis=2)
    partial = antipodal_pairs(5) + 0.15 * rng.standard_normal((10, 5, 10))
    rows = results([np.eye(5)] * 10, weak, partial)
    found = judge(rows)
    moved = {(m.threshold, m.value): m for m in sensitivity(rows, found)}
    assert moved["represented", 0.5].conditions == (1,)
    assert moved["represented", 0.2].changed == 0
    assert found.verdicts[1].label == found.verdicts[2].label == Label.PARTIAL
    assert moved["minimising_index", 0.566667].conditions == (2,)
    assert all(m.of == 3 for m in moved.values())
    thresholds = {name for name, _ in moved}
    assert thresholds == {t["name"] for t in Thresholds().describe()}


@pytest.mark.slow
def test_what_another_threshold_changes_is_what_judging_anew_changes():
    rng = np.random.default_rng(3)
    strong = [np.concatenate([np.eye(4), 0.1 * np.ones((4, 4))], axis=1)] * 8
    kinds = [
        np.concatenate([antipodal_pairs(2)[:, :count], rest * polygon(6)], axis=1)
        for count, rest in ((2, 0.25), (2, 0.4), (4, 0.4), (3, 0.45))
    ]
    noisy = [[W + 0.02 * rng.standard_normal(W.shape) for _ in range(8)] for W in kinds]
    rows = results(strong, *noisy, strong).sample(frac=1, random_state=0)
    found = judge(rows)
    changes = {
        m.value: m.conditions for m in sensitivity(rows, found) if m.threshold == "represented"
    }
    for value, conditions in changes.items():
        anew = judge(rows, thresholds=Thresholds(represented=value))
        pairs = zip(found.verdicts, anew.verdicts, strict=True)
        assert conditions == tuple(v.condition for v, w in pairs if v.label != w.label)
    assert any(changes.values())


@pytest.mark.slow
def test_the_summary_says_where_each_label_is_and_what_it_follows():
    good, bad = [polygon(5)] * 5, [np.ones((2, 5))] * 5
    rows = results(good, good, bad, bad, p=[0.01, 0.1, 1.0, 1.0], temperature=[0.1, 0.5, 0.1, 0.5])
    found = summarise(judge(rows))[0]
    assert (found.objective, found.conditions, found.judged) == ("mse", 4, 4)
    assert (found.minimising, found.superposition, found.minimises) == (2, 2, "sometimes")
    first = next(group for group in found.labels if group.label == Label.MINIMISING)
    assert first.conditions == (0, 1)
    assert first.values == {"p": (0.01, 0.1), "temperature": (0.1, 0.5)}
    assert first.follows == ("p",)
    assert summarise(judge(results(good)))[0].minimises == "always"
    assert summarise(judge(results(bad)))[0].minimises == "never"
    assert summarise(judge(results(good, outcomes={0: "diverged"})))[0].minimises == "unknown"

"""A claim comes out as the rows say: supported, refuted, or undecided where they don't say."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.reports.conftest import SETTINGS, made, rows_of
from toysup import claims
from toysup.claims import Results, decide
from toysup.claims.by_verdict import ByVerdict
from toysup.claims.crossing import find_crossing
from toysup.claims.decision import HitRate, hit_rate
from toysup.claims.quantifiers import QUANTIFIERS, answer, deciding_places
from toysup.claims.shares import share
from toysup.errors import DamagedError, SpecError, ToysupError
from toysup.geometry import polygon
from toysup.reports.claims import checks
from toysup.spec.claim import Answer, Claim, Quantifier
from toysup.storage.manifest import sealed
from toysup.storage.store import Store
from toysup.verdict import jsonable
from toysup.verdict.statistics import Interval

SEEDS = 10
MINIMISES, COLLAPSES = [polygon(5)] * SEEDS, [np.ones((2, 5))] * SEEDS
NOISE = np.random.default_rng(0).standard_normal(SEEDS)
NOISE = (NOISE - NOISE.mean()) / NOISE.std(ddof=1)


def claim(**rule):
    return Claim(**{"name": "a", "says": "So it is.", "predicted": "supported", "rows": {}} | rule)


def metric(**rule):
    return claim(metric="score", **rule)


def frame(*conditions):
    """The rows of `(score of the seeds or their matrices, settings[, outcomes by seed])`."""
    rows = []
    for number, (found, case, *outcomes) in enumerate(conditions):
        score = isinstance(found, np.ndarray)
        case = case | ({"score": found} if score else {})
        matrices = [np.eye(2, 5)] * len(found) if score else found
        rows += rows_of(number, matrices, case, *(outcomes or [None]))
    return pd.DataFrame(rows)


def decided(rows, *said):
    return decide(said, rows, SETTINGS)


def only(rows, said):
    [found] = decided(rows, said)
    return found


def counts(found):
    return found.true, found.false, found.unclear, found.unjudged


def p(value, **case):
    return {"feature_probability": value} | case


INFONCE = {"objective": "infonce", "views": "mask", "temperature": 0.5}
LOST, MOVING = {3: "diverged"}, dict.fromkeys(range(3), "not converged")


@pytest.fixture(scope="module")
def judged():
    """MSE minimises in two conditions and collapses in one; InfoNCE has one that diverged."""
    return frame(
        (MINIMISES, p(0.1)),
        (MINIMISES, p(0.2)),
        (COLLAPSES, p(1.0)),
        (MINIMISES, p(0.1, **INFONCE)),
        (MINIMISES, p(0.2, **INFONCE), LOST),
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rows", "holds", "outcome", "where"),
    [
        ({"objective": "mse"}, "every", "refuted", (2,)),
        ({"objective": "mse"}, "some", "supported", (0, 1)),
        ({"objective": "mse"}, "no", "refuted", (0, 1)),
        ({"objective": "mse"}, "most", "supported", (0, 1)),
        ({"objective": "mse", "feature_probability": {"max": 0.5}}, "every", "supported", (0, 1)),
        ({"feature_probability": 1.0}, "no", "supported", (2,)),
        ({"objective": "infonce"}, "every", "undecided", (4,)),
        ({"objective": "infonce"}, "some", "supported", (3,)),
        ({"objective": "infonce"}, "no", "refuted", (3,)),
        ({"objective": "infonce"}, "most", "undecided", (4,)),
        ({}, "every", "refuted", (2,)),
        ({}, "most", "supported", (0, 1, 3)),
    ],
)
def test_a_verdict_rule_answers_where_no_unjudged_condition_could_flip_it(
    judged, rows, holds, outcome, where
):
    found = only(judged, claim(rows=rows, verdict=("minimising",), holds=holds))
    assert (found.answer, found.conditions) == (outcome, where)


@pytest.mark.slow
def test_the_effect_of_a_verdict_rule_is_the_share_of_the_judged_within_what_it_may_be(judged):
    found = only(judged, claim(verdict=("minimising",)))
    assert counts(found) == (3, 1, 0, 1)
    assert found.effect == Interval(3 / 4, 3 / 5, 4 / 5)


@pytest.mark.slow
def test_an_answer_is_held_against_the_prediction_and_against_the_outcome(judged):
    said = claim(rows={"objective": "mse"}, verdict=("minimising",))  # refuted
    new = only(judged, said)
    assert (new.predicted_right, new.as_before) == (False, None)
    right = only(judged, replace(said, predicted="refuted", outcome="supported"))
    assert (right.predicted_right, right.as_before) == (True, False)
    late = only(judged, replace(said, predicted="none", outcome="refuted"))
    assert (late.predicted_right, late.as_before) == (None, True)


@pytest.mark.slow
def test_the_hit_rate_is_over_all_predictions_and_over_those_that_were_decided(judged):
    mse, infonce = ({"objective": name} for name in ("mse", "infonce"))
    refuted = claim(rows=mse, verdict=("minimising",))
    undecided = claim(rows=infonce, verdict=("minimising",))
    supported = replace(refuted, holds="some")
    said = [refuted, supported, undecided, replace(undecided, predicted="undecided")]
    said += [replace(supported, predicted="none")]
    assert hit_rate(decided(judged, *said)) == HitRate(
        predictions=4, came_true=2, decided=2, came_true_of_decided=1, undecided=2, written_after=1
    )


@pytest.mark.slow
def test_checks_are_no_evidence_and_make_no_prediction(judged):
    said = claim(rows={"objective": "mse"}, verdict=("minimising",), holds="some", check=True)
    found = decided(judged, said, replace(said, name="other", holds="every"))
    assert hit_rate(found).predictions == 0
    words = "2 checks of the program, true by construction: not so: other."
    assert checks(found) == words
    assert checks(found[:1]) == "1 check of the program, true by construction: all came out."
    assert checks([]) == ""


@pytest.mark.parametrize("holds", Quantifier)
def test_three_values_agree_with_trying_every_outcome_of_the_unknown(holds):
    rule = QUANTIFIERS[holds]
    for truths in np.ndindex(3, 3, 3, 3):
        known = [(True, False, None)[t] for t in truths]
        filled = [[x if x is not None else y for x in known] for y in (True, False)]
        outcomes = {rule(each) for each in filled}
        # These rules rise or fall with every truth, so the two extremes are all there is to try.
        assert rule(known) == (outcomes.pop() if len(outcomes) == 1 else None)
        places = deciding_places(holds, known)
        assert places
        assert len({known[place] for place in places}) == 1


NEVER = [  # of n conditions k are true: what "never" comes to
    (0, 4, None),
    (0, 9, None),
    (0, 10, True),
    (1, 10, None),
    (1, 56, True),
    (2, 56, True),
    (7, 56, False),
    (3, 10, False),
    (4, 4, False),
]


@pytest.mark.parametrize(("true", "count", "answered"), NEVER)
def test_never_is_decided_by_the_share_of_conditions(true, count, answered):
    """Held against scipy's interval, and said of the opposite by "always" and "sometimes"."""
    truths = [True] * true + [False] * (count - true)
    known = stats.binomtest(true, count).proportion_ci(0.95, method="exact")
    naive = False if known.low > 0.05 else True if known.high < 1 / 3 else None
    assert QUANTIFIERS["never"](truths) is naive is answered
    assert QUANTIFIERS["always"]([not truth for truth in truths]) is answered
    assert QUANTIFIERS["sometimes"](truths) is (None if answered is None else not answered)


def test_unknown_conditions_are_counted_the_worst_way_both_ways():
    assert QUANTIFIERS["never"]([False] * 10 + [None]) is None
    assert QUANTIFIERS["never"]([False] * 50 + [None] * 3) is True
    assert QUANTIFIERS["never"]([True] * 4 + [None] * 6) is False  # it is too often so already
    # Below 1/3 for certain, but if the unknown ones are true it is shown to be above 5%.
    assert QUANTIFIERS["never"]([False] * 80 + [None] * 20) is None
    low, high = (stats.binomtest(k, 20).proportion_ci(0.95, method="exact") for k in (5, 9))
    found = share([True] * 5 + [False] * 11 + [None] * 4)
    assert (found.value, found.low, found.high) == pytest.approx((5 / 16, low.low, high.high))


@pytest.mark.parametrize(
    ("true", "false", "unknown", "answered"),
    [(5, 4, 0, True), (6, 4, 0, None), (9, 1, 0, True), (1, 9, 0, False), (9, 1, 5, None)],
)
def test_most_of_a_grid_is_decided_by_its_share_and_of_fewer_by_counting(
    true, false, unknown, answered
):
    truths = [True] * true + [False] * false + [None] * unknown
    assert QUANTIFIERS["most"](truths) is answered


@pytest.mark.parametrize("holds", ["always", "never", "sometimes", "most"])
def test_an_answer_by_shares_is_that_of_every_way_to_fill_in_the_unknown(holds):
    for true in range(13):
        for unknown in range(13 - true):
            false = 12 - true - unknown
            known = [True] * true + [False] * false
            filled = {
                QUANTIFIERS[holds](known + [True] * k + [False] * (unknown - k))
                for k in range(unknown + 1)
            }
            found = QUANTIFIERS[holds](known + [None] * unknown)
            assert found == (filled.pop() if len(filled) == 1 else None)


@pytest.mark.slow
def test_the_share_that_decides_is_shown_with_its_interval():
    values = [3.0] * 11 + [0.0]
    rows = frame(*[(np.full(SEEDS, x), p(i / 100)) for i, x in enumerate(values, start=1)])
    found = only(rows, metric(above=1, holds="always"))
    assert (found.answer, counts(found)) == ("undecided", (11, 1, 0, 0))  # 1 of 12 may be 38%
    assert found.conditions == (11,)
    known = stats.binomtest(11, 12).proportion_ci(0.95, method="exact")
    shown = found.share.value, found.share.low, found.share.high
    assert shown == pytest.approx((11 / 12, known.low, known.high))
    assert only(rows, metric(above=1, holds="some")).share is None


def test_a_label_that_leaves_it_open_is_neither_true_nor_false_of_claims_that_it_minimises(judged):
    units = Results(judged, SETTINGS).units
    labels = dict.fromkeys(map(units.key, range(5)), "minimising")
    labels[units.key(2)] = "near"

    def truths(*named):
        rule = ByVerdict(claim(verdict=named), units, labels, {"minimising", "near"}, {"near"})
        return rule.decide(0.95).truths[2]

    assert truths("minimising") is None
    assert truths("minimising", "near") is True
    assert truths("random") is False
    found = ByVerdict(claim(verdict=("minimising",)), units, labels, {"minimising", "near"}, ())
    assert found.decide(0.95).truths[2] is False


IDLE = frozenset({(2, "encoder"), (4, "encoder")})


@pytest.mark.slow
def test_a_condition_with_nothing_at_stake_is_left_out_of_claims_of_verdicts(judged):
    said = claim(verdict=("minimising",))
    assert (only(judged, said).answer, counts(only(judged, said))) == ("refuted", (3, 1, 0, 1))
    [found] = decide([said], judged, SETTINGS, idle=IDLE)
    assert (found.answer, counts(found), found.not_at_stake) == ("supported", (3, 0, 0, 0), 2)
    [other] = decide([said], judged, SETTINGS, idle=frozenset({(2, "decoder")}))
    assert (counts(other), other.not_at_stake) == ((3, 1, 0, 1), 0)


@pytest.mark.slow
@pytest.mark.parametrize("holds", ["every", "mean"])
def test_it_is_left_out_of_claims_of_interference_and_of_no_others(holds):
    scores = [np.full(SEEDS, x) + 0.001 * NOISE for x in (1.0, 1.0, -9.0)]
    case = [p(0.1 * i, minimisation_index=x) for i, x in enumerate(scores, start=1)]
    rows = frame(*zip(scores, case, strict=True))
    for name, left in (("minimisation_index", 1), ("score", 0)):
        said = claim(metric=name, above=0.5, holds=holds)
        assert only(rows, said).answer == "refuted"
        [found] = decide([said], rows, SETTINGS, idle=IDLE)
        assert found.not_at_stake == left
        assert found.answer == ("supported" if left else "refuted")


@pytest.mark.slow
def test_a_comparison_has_something_at_stake_on_both_sides():
    index = [{"minimisation_index": np.full(SEEDS, x)} for x in (0.0, 1.0, 2.0, 9.0)]
    rows = frame(
        (NOISE, p(0.1) | index[0]),
        (NOISE, p(0.2) | index[1]),
        (NOISE, p(0.1, **INFONCE) | index[2]),
        (NOISE, p(0.2, **INFONCE) | index[3]),
    )
    said = claim(metric="minimisation_index", than={"objective": "mse"}, above=3)
    assert counts(only(rows, said)) == (1, 1, 0, 0)
    for condition in (0, 2):  # the other side of the first comparison, and its own
        [found] = decide([said], rows, SETTINGS, idle=frozenset({(condition, "encoder")}))
        assert (counts(found), found.not_at_stake) == ((1, 0, 0, 0), 1)
        assert found.conditions == (3,)


@pytest.mark.slow
def test_a_curve_is_without_the_points_that_have_nothing_at_stake():
    means = 0.0, 0.2, 0.8, 1.0
    points = [p(float(i), minimisation_index=m + 0.001 * NOISE) for i, m in enumerate(means)]
    rows = frame(*[(NOISE, point) for point in points])
    said = replace(passing((1, 2)), metric="minimisation_index")
    assert only(rows, said).answer == "supported"
    [found] = decide([said], rows, SETTINGS, idle=frozenset({(2, "encoder")}))
    assert (found.answer, found.not_at_stake) == ("undecided", 1)  # from 1 to 3 now


def test_a_condition_that_decides_says_how_many_seeds_are_in_the_lower_basin():
    losses = np.array([1.0, 1.001, 1.002, 1.0, 1.001, 1.002, 1.0, 2.0, 2.001, 2.002])
    rows = frame((NOISE, p(0.1, loss=losses)), (NOISE, p(0.2)), (NOISE, p(0.3, loss=losses)))
    found = only(rows, metric(above=-9, rows={"feature_probability": {"max": 0.2}}))
    assert list(found.basins) == [0]
    assert (found.basins[0].lower, found.basins[0].seeds) == (7, 10)
    assert json.loads(json.dumps(jsonable(found)))["basins"]["0"]["share"] == 0.7


def in_order(losses):
    return {"loss": np.array(losses, dtype=float)}


LOSSES = in_order([5, 4, 3, 0, 1, 2, 6, 7, 8, 9])  # seed 3 has the lowest


@pytest.mark.slow
def test_a_claim_of_the_lowest_loss_restart_looks_at_that_seed_alone():
    score = np.full(SEEDS, 9.0)
    score[3] = 0.4
    rows = frame((score, p(0.1) | LOSSES))
    said = metric(near=0.4, within=0.01, seeds="lowest loss")
    assert only(rows, said).answer == "supported"
    assert only(rows, replace(said, seeds="all")).answer == "refuted"
    assert only(rows, said).effect == Interval(0.4, 0.4, 0.4)
    assert only(rows, said).confidence == only(rows, claim(verdict=("random",))).confidence


def test_the_lowest_loss_restart_is_one_that_did_not_diverge_and_needs_no_others():
    score = np.full(SEEDS, 9.0)
    score[4] = 0.4
    rows = frame((score, p(0.1) | LOSSES, {3: "diverged", 5: "diverged"}))
    assert only(rows, metric(below=1, seeds="lowest loss")).answer == "supported"


@pytest.mark.slow
def test_the_lowest_loss_restart_must_stand_still_itself():
    score = np.full(SEEDS, 0.4)
    for seed, answered in ((3, "undecided"), (4, "supported")):
        rows = frame((score, p(0.1) | LOSSES, {seed: "not converged"}))
        assert only(rows, metric(below=1, seeds="lowest loss")).answer == answered


@pytest.mark.parametrize("by", ["loss", "optimality_gap"])
@pytest.mark.parametrize(("before", "answered"), [(3, "supported"), (4, "undecided")])
def test_what_the_lowest_loss_restart_of_half_the_length_had_counts(before, answered, by):
    """Seed 3 is the lowest now; before, seed 3 or seed 4 was, with another score. Where theory
    knows the loss, as `by` says, a sample's does not count."""
    score, losses = np.full(SEEDS, 0.4), np.full(SEEDS, 9.0)
    losses[before] = 0.0
    measured = {"loss": np.arange(SEEDS, dtype=float)} | {by: losses}
    short = [
        {"score": 5.0 if i == 4 else 0.4} | {name: of[i] for name, of in measured.items()}
        for i in range(SEEDS)
    ]
    rows = frame((score, p(0.1) | LOSSES | {"half": np.array(short, dtype=object)}))
    said = metric(near=0.4, within=0.1, seeds="lowest loss")
    assert only(rows, said).answer == answered


def test_a_lowest_loss_restart_is_compared_with_that_of_another_condition():
    score = np.arange(SEEDS, dtype=float)
    rows = frame((score, p(0.1) | LOSSES), (score + 1, p(0.2) | in_order(range(SEEDS))))
    said = metric(rows=p(0.1), reference=p(0.2), near=2, within=1e-9, seeds="lowest loss")
    assert only(rows, said).answer == "supported"


@pytest.mark.parametrize(
    ("spread", "centre", "outcome"),
    [(0.001, 0.4, "supported"), (0.001, 0.5, "refuted"), (0.05, 0.41, "undecided")],
)
def test_a_mean_is_near_a_number_where_its_whole_interval_is(spread, centre, outcome):
    rows = frame((centre + spread * NOISE, p(0.1)))
    assert only(rows, metric(near=0.4, within=0.02)).answer == outcome


def half(score):
    """The metrics of the runs of half the length, of each seed."""
    return {"half": np.array([{"score": value} for value in score], dtype=object)}


@pytest.mark.parametrize(
    ("score", "before", "outcome"),
    [
        (2.0, 2.0, "supported"),
        (2.0, 1.2, "supported"),  # it moves away from the level
        (2.0, 2.5, "supported"),  # one more such move ends at 1.5
        (2.0, 3.5, "undecided"),  # one more such move ends at 0.5
        (0.0, -2.0, "undecided"),
        (0.0, -0.5, "refuted"),
        (2.0, np.nan, "undecided"),
    ],
)
def test_a_claim_is_decided_where_its_metric_is_further_from_the_level_than_it_still_moves(
    score, before, outcome
):
    scores = score + 0.01 * NOISE
    rows = frame((scores, half(scores - score + before)))
    assert only(rows, metric(above=1.0)).answer == outcome


def test_a_metric_that_stands_still_decides_where_the_rest_of_the_geometry_moves():
    scores = 2 + 0.01 * NOISE
    rows = frame((scores, half(scores), MOVING))
    assert only(rows, metric(above=1.0)).answer == "supported"
    assert only(rows.drop(columns="half"), metric(above=1.0)).answer == "undecided"


def test_a_run_that_hardly_left_its_start_decides_nothing():
    scores = 2 + 0.01 * NOISE
    rows = frame((scores, half(scores) | {"distance": np.full(SEEDS, 0.05)}))
    assert counts(only(rows, metric(above=1.0))) == (0, 0, 0, 1)


@pytest.mark.slow
def test_a_difference_and_a_crossing_move_as_their_metrics_do():
    scores = 0.01 * NOISE
    still, moves = half(scores), half(scores - 3)
    sides = {"objective": "mse"}, {"objective": "infonce", "views": "mask"}
    for second, outcome in ((half(scores + 2), "supported"), (half(scores + 4), "undecided")):
        rows = frame((scores, sides[0] | still), (scores + 2, sides[1] | second))
        said = metric(above=1.0, rows=sides[1], than={"objective": "mse"})
        assert only(rows, said).answer == outcome
    said = metric(crosses=1.0, along="feature_probability", between=(0.1, 0.5))
    for first, outcome in ((still, "supported"), (moves, "undecided")):
        rows = frame((scores, p(0.1) | first), (scores + 2, p(0.5) | half(scores + 2)))
        assert only(rows, said).answer == outcome


def test_nothing_to_compare_is_undecided():
    assert [answer(holds, []) for holds in Quantifier] == [Answer.UNDECIDED] * len(Quantifier)
    found = only(frame((NOISE, {})), metric(above=0, rows={"directions": "decoder"}))
    assert (found.answer, counts(found)) == ("undecided", (0, 0, 0, 0))


@pytest.mark.parametrize(
    ("rule", "outcome"),
    [
        ({"above": 4}, "supported"),
        ({"below": 6}, "supported"),
        ({"above": 6}, "refuted"),
        ({"below": 4}, "refuted"),
        ({"above": 4.9}, "undecided"),
        ({"below": 4.9}, "undecided"),
    ],
)
def test_a_metric_is_above_a_number_when_its_whole_interval_is(rule, outcome):
    found = only(frame((5 + NOISE, {})), metric(**rule))
    assert found.answer == outcome
    low, high = stats.t.interval(0.95, SEEDS - 1, 5, SEEDS**-0.5)
    assert list(vars(found.effect).values()) == pytest.approx([5, low, high])


@pytest.mark.slow
def test_seeds_that_agree_decide_without_an_interval_and_the_level_itself_is_neither():
    rows = frame((np.full(SEEDS, 0.1), {}))
    assert only(rows, metric(above=0.09)).answer == "supported"
    assert only(rows, metric(above=0.1)).answer == only(rows, metric(below=0.1)).answer == "refuted"


@pytest.mark.slow
def test_few_seeds_leave_undecided_what_many_decide():
    assert only(frame((1 + NOISE, {})), metric(above=0.1)).answer == "supported"
    assert only(frame((1 + NOISE[:3], {})), metric(above=0.1)).answer == "undecided"
    alone = only(frame((1 + NOISE[:1], {})), metric(above=0.1))
    assert (alone.answer, alone.unjudged) == ("undecided", 1)


@pytest.mark.slow
def test_a_condition_with_a_diverged_seed_or_too_many_that_moved_is_not_compared():
    high = np.full(SEEDS, 5.0)
    few = dict.fromkeys(range(2), "not converged")
    rows = frame((high, p(0.1)), (high, p(0.2), LOST), (high, p(0.3), MOVING), (high, p(0.4), few))
    found = only(rows, metric(above=1))
    assert (found.answer, counts(found), found.conditions) == ("undecided", (2, 0, 0, 2), (1, 2))
    assert only(rows, metric(above=1, holds="some")).answer == "supported"
    assert only(rows, metric(above=1, holds="mean")).answer == "undecided"


def test_an_undefined_metric_is_not_compared():
    found = only(frame((np.full(SEEDS, np.nan), {})), metric(above=1))
    assert (found.answer, found.unjudged) == ("undecided", 1)


@pytest.mark.slow
def test_the_mean_over_conditions_is_one_comparison_seed_by_seed():
    rows = frame((1 + NOISE, p(0.1)), (1 - NOISE, p(0.2)))
    assert only(rows, metric(above=0.9)).answer == "undecided"
    found = only(rows, metric(above=0.9, holds="mean"))
    assert (found.answer, found.conditions, found.confidence) == ("supported", (0, 1), 0.95)


@pytest.mark.slow
def test_every_comparison_of_every_claim_widens_the_intervals():
    rows = frame((1 + NOISE, p(0.1)), (5 + NOISE, p(0.2)))
    said = metric(rows={"feature_probability": 0.1}, above=0.05)
    others = [metric(name=f"b{i}", above=0) for i in range(50)]
    found = only(rows, said)
    assert (found.answer, found.confidence) == ("supported", 0.95)
    widened = decided(rows, said, *others)[0]
    assert (widened.answer, widened.confidence) == ("undecided", 1 - 0.05 / 101)
    low, high = stats.t.interval(1 - 0.05 / 101, SEEDS - 1, 1, SEEDS**-0.5)
    assert (widened.effect.low, widened.effect.high) == pytest.approx((low, high))


@pytest.mark.slow
def test_pairing_by_seed_decides_what_means_alone_would_not():
    luck = 100 * NOISE
    better = luck + 1 + 0.1 * NOISE[::-1]
    said = metric(rows={"objective": "infonce"}, above=0.5, than={"objective": "mse"})
    found = only(frame((luck, {}), (better, INFONCE)), said)
    assert found.answer == "supported"
    assert found.effect.value == pytest.approx(1)
    unpaired = only(frame((luck, {}), (better[::-1], INFONCE)), said)
    assert unpaired.answer == "undecided"


@pytest.mark.slow
def test_groups_pair_by_what_both_have_and_average_over_what_only_the_other_has():
    none, one = np.zeros(SEEDS), np.ones(SEEDS)
    rows = frame(
        (none, p(0.1, importance_decay=1.0)),
        (2 * one, p(0.1, importance_decay=0.7)),
        (10 * one, p(0.2, importance_decay=1.0)),
        (10 * one, p(0.2, importance_decay=0.7)),
        (3 * one, p(0.1, batch_size=16, **INFONCE)),
        (8 * one, p(0.2, batch_size=16, **INFONCE)),
    )
    said = metric(than={"objective": "mse"}, above=1.9, holds="some")
    found = only(rows, said)
    assert counts(found) == (1, 1, 0, 0)
    assert found.conditions == (4,)
    assert found.effect.value == 0  # of 3 - 1 and 8 - 10


@pytest.mark.slow
def test_a_reference_is_the_same_condition_otherwise_and_is_not_compared_with_itself():
    one = np.ones(SEEDS)
    rows = frame(
        (one, p(0.1, temperature=0.1)),
        (3 * one, p(0.1, temperature=0.5)),
        (4 * one, p(0.1, temperature=1.0)),
        (one, p(0.2, temperature=0.1)),
        (one, p(0.2, temperature=0.5)),
    )
    found = only(rows, metric(reference={"temperature": 0.1}, above=1))
    assert (found.answer, counts(found), found.conditions) == ("refuted", (2, 1, 0, 0), (4,))


def test_a_condition_without_a_counterpart_is_not_judged():
    rows = frame((NOISE, p(0.1)), (9 + NOISE, p(0.1, **INFONCE)), (9 + NOISE, p(0.2, **INFONCE)))
    found = only(rows, metric(than={"objective": "mse"}, above=1))
    assert (found.answer, counts(found), found.conditions) == ("undecided", (1, 0, 0, 1), (2,))


def test_a_diverged_seed_of_the_other_group_makes_a_comparison_unknown():
    rows = frame((NOISE, {}, LOST), (9 + NOISE, INFONCE))
    found = only(rows, metric(than={"objective": "mse"}, above=1))
    assert (found.answer, found.unjudged) == ("undecided", 1)


@pytest.mark.slow
def test_sets_of_directions_are_spoken_of_together_or_one_by_one():
    encoder, decoder = (frame((score, {"directions": name})) for score, name in SETS)
    rows = pd.concat([encoder, decoder])
    assert counts(only(rows, metric(above=3))) == (1, 1, 0, 0)
    assert only(rows, metric(above=3, rows={"directions": "encoder"})).answer == "supported"
    found = only(rows, metric(above=3, than={"directions": "decoder"}))
    assert (found.answer, counts(found)) == ("supported", (1, 0, 0, 0))


SETS = ((5 + NOISE / 9, "encoder"), (1 + NOISE / 9, "decoder"))


def curve(*means, **case):
    """A condition for each mean, along p = 1, 2, ..."""
    return [(m + 0.01 * NOISE, p(float(i), **case)) for i, m in enumerate(means, start=1)]


def passing(between, **rule):
    along = {"along": "feature_probability", "between": between}
    return metric(crosses=0.5, **along, **rule)


@pytest.mark.parametrize(
    ("means", "between", "outcome"),
    [
        ((0.0, 0.2, 0.8, 1.0), (2, 3), "supported"),
        ((0.0, 0.2, 0.8, 1.0), (1, 4), "supported"),
        ((1.0, 0.8, 0.2, 0.0), (2, 3), "supported"),
        ((0.0, 0.2, 0.8, 1.0), (3, 4), "refuted"),
        ((0.0, 0.2, 0.8, 1.0), (2.4, 3), "undecided"),
        ((0.0, 0.2, 0.3, 0.4), (1, 4), "refuted"),
        ((0.0, 0.8, 0.2, 0.8), (1, 2), "refuted"),
        ((0.0, 0.5, 0.8, 1.0), (1, 3), "supported"),
        ((0.0, 0.5, 0.8, 1.0), (1, 2), "undecided"),
        ((0.0, 0.2, 0.8, 0.5), (2, 3), "undecided"),
        ((0.0, 0.2, 0.2, 0.5), (1, 2), "refuted"),
    ],
)
def test_a_crossing_is_between_two_values_if_the_points_around_it_are_sure(means, between, outcome):
    assert only(frame(*curve(*means)), passing(between)).answer == outcome


def test_the_effect_of_a_crossing_is_interpolated_between_points_that_are_sure():
    found = only(frame(*curve(0.0, 0.2, 0.8, 1.0)), passing((1, 4)))
    assert list(vars(found.effect).values()) == pytest.approx([2.5, 2, 3])
    assert found.confidence == 1 - 0.05 / 4


@pytest.mark.slow
def test_each_other_condition_has_a_crossing_of_its_own_and_the_mean_has_one():
    rows = frame(*curve(0, 0.2, 0.8, 1), *curve(0, 0.8, 1, 1, temperature=0.5))
    found = only(rows, passing((2, 3)))
    assert (found.answer, counts(found), found.conditions) == (
        "refuted",
        (1, 1, 0, 0),
        (4, 5, 6, 7),
    )
    assert only(rows, passing((2, 3), holds="some")).answer == "supported"
    average = only(rows, passing((1, 3), holds="mean"))  # 0, 0.5, 0.9, 1
    assert (average.answer, counts(average)) == ("supported", (1, 0, 0, 0))


@pytest.mark.slow
def test_a_curve_with_a_diverged_point_is_unknown_around_it():
    points = curve(0.0, 0.2, 0.8, 1.0)
    rows = frame(*points[:3], (*points[3], LOST))
    assert only(rows, passing((2, 3))).answer == "undecided"
    assert only(rows, passing((2, 4))).answer == "supported"
    lost = only(frame(*[(*point, LOST) for point in points]), passing((1, 4)))
    assert (lost.answer, lost.unjudged) == ("undecided", 1)


def test_a_crossing_agrees_with_trying_both_sides_of_every_unsure_point():
    x, between = np.arange(5.0), (1.0, 3.0)
    for sides in np.ndindex(3, 3, 3, 3, 3):
        side = np.array(sides) - 1
        band = Interval(side, side - (side == 0), side + (side == 0))
        found = find_crossing(x, band, 0, between).truth
        outcomes = set()
        for guess in np.ndindex(*[2 if s == 0 else 1 for s in side]):
            filled = np.where(side == 0, 2 * np.array(guess) - 1, side)
            at = [i for i in range(4) if filled[i] != filled[i + 1]]
            outcomes.add(bool(at) and all(1 <= i < 3 for i in at))
        # It may stay unsure where trying all of them would not be, but never the other way round.
        assert found is None or outcomes == {found}


@pytest.mark.slow
def test_names_of_seeds_and_the_order_of_rows_change_nothing():
    rows = frame(
        *curve(0.0, 0.2, 0.8, 1.0), *curve(0.1, 0.3, 0.7, 0.9, **INFONCE), (NOISE, p(9.0), LOST)
    )
    said = [
        passing((2, 3)),
        passing((2, 3), holds="mean"),
        metric(above=0.1),
        metric(than={"objective": "mse"}, above=0, rows={"objective": "infonce"}),
        claim(verdict=("minimising, no superposition",)),
    ]
    expected = json.dumps(jsonable(decided(rows, *said)))
    shuffled = rows.sample(frac=1, random_state=0)
    assert json.dumps(jsonable(decided(shuffled, *said))) == expected
    names = np.random.default_rng(1).permutation(SEEDS) + 5
    renamed = rows.assign(seed=names[rows["seed"]])
    assert json.dumps(jsonable(decided(renamed, *said))) == expected


@pytest.mark.slow
def test_thousands_of_conditions_are_decided_at_once():
    rng = np.random.default_rng(0)
    case = pd.DataFrame({"condition": np.repeat(np.arange(3000), SEEDS)})
    case["seed"] = np.tile(np.arange(SEEDS), 3000)
    case["objective"] = np.where(case["condition"] % 2, "mse", "infonce")
    case["feature_probability"] = case["condition"] // 2
    case = case.assign(features="independent", views=None, encoder="linear", directions="encoder")
    case = case.assign(
        outcome="converged",
        distance=1.0,
        learning_rate=0.01,
        loss=0.5,
        score=rng.standard_normal(len(case)),
    )
    said = metric(than={"objective": "mse"}, below=99)
    found = only_of(case, said, ["feature_probability"])
    assert (found.answer, found.true) == ("supported", 1500)


def only_of(rows, said, settings):
    [found] = decide([said], rows, settings)
    return found


@pytest.fixture
def run(tmp_path):
    """A run that minimises, with a claim that says so and one that says the opposite."""
    yes = claim(name="yes", verdict=("minimising",))
    no = claim(
        name="no", verdict=("minimising",), holds="no", predicted="refuted", outcome="refuted"
    )
    return made(tmp_path / "run", (MINIMISES, p(0.1)), claims=[yes, no])


@pytest.mark.slow
def test_a_run_is_checked_against_the_claims_of_its_manifest(run):
    found = claims.check(run)
    assert [c.answer for c in found.claims] == ["supported", "refuted"]
    assert (found.changed, found.afterwards) == ((), "")


@pytest.mark.slow
def test_claims_of_a_file_are_checked_instead_and_said_to_be_late(run, tmp_path):
    file = tmp_path / "later.toml"
    file.write_text(
        '[[claims]]\nname = "late"\nsays = "It is small."\nmetric = "loss"\nbelow = 0\n'
        'predicted = "supported"\noutcome = "supported"\n'
    )
    found = claims.check(run, file)
    assert [c.claim.name for c in found.changed] == ["late"]
    assert found.afterwards == str(file)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ('verdict = "minimising"\nrows = { objective = "infonce" }', 'objective is "infonce"'),
        ('verdict = "minimising"\nrows = { directions = "encodr" }', "Did you mean encoder?"),
        ('metric = "los"\nabove = 0', "claims.late.metric is los, no column of the results. Did"),
        ('metric = "outcome"\nabove = 0', "claims.late.metric is outcome, no column"),
        ('metric = "W"\nabove = 0', "claims.late.metric is W, which is a list"),
    ],
)
def test_claims_of_a_file_are_held_to_what_the_run_has(run, tmp_path, rule, message):
    file = tmp_path / "later.toml"
    head = (
        '[[claims]]\nname = "late"\nsays = "So."\npredicted = "supported"\noutcome = "supported"\n'
    )
    file.write_text(head + rule)
    with pytest.raises(SpecError) as caught:
        claims.check(run, file)
    assert message in str(caught.value)


@pytest.mark.slow
def test_a_run_without_claims_says_how_to_have_some(tmp_path):
    store = made(tmp_path / "bare", (MINIMISES, {}))
    with pytest.raises(ToysupError, match=r"bare: its sweep has no claims\. Write \[\[claims\]\]"):
        claims.check(store)
    (tmp_path / "none.toml").write_text("seeds = 1")
    with pytest.raises(SpecError, match=r"none.toml: has no claims\. Add some"):
        claims.check(store, tmp_path / "none.toml")


@pytest.mark.long
def test_checking_never_imports_jax(run, tmp_path):
    file = tmp_path / "later.toml"
    file.write_text(
        '[[claims]]\nname = "late"\nsays = "So."\npredicted = "supported"\n'
        'outcome = "supported"\nverdict = "random"\n'
    )
    script = (
        "import sys\nfrom toysup.__main__ import main\n"
        f"sys.argv = ['toysup', 'check', {str(run.folder)!r}, '--claims', {str(file)!r}]\n"
        "try: main()\nexcept SystemExit as stop: assert stop.code == 4, stop.code\n"
        "assert not {'jax', 'flax', 'matplotlib'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)


def with_claim(run, change):
    """The run with its first claim changed in its manifest."""
    manifest = json.loads(run.manifest_path.read_text())
    change(manifest["plan"]["sweep"]["claims"][0])
    run.manifest_path.write_bytes(sealed(manifest))
    return Store(run.folder)


def test_a_damaged_claim_of_a_manifest_is_damage(run):
    with pytest.raises(DamagedError, match=r"manifest.json: is damaged"):
        claims.check(with_claim(run, lambda claim: claim.pop("says")))


def test_claims_of_another_version_are_told_by_their_keys_in_one_line(run):
    def as_it_was(claim):
        claim["expected"] = claim.pop("predicted")

    with pytest.raises(DamagedError) as caught:
        claims.check(with_claim(run, as_it_was))
    assert str(caught.value) == (
        "manifest.json: its claims have expected, which this version of toysup does not know. "
        "Start over with --fresh."
    )


@pytest.mark.slow
def test_the_median_and_the_mean_without_the_worst_are_one_number_for_each_condition():
    rows = frame((np.array([1.0, 2.0, 9.0, 4.0]), p(0.1)))
    rows["loss"] = [0.1, 0.2, 0.3, 0.2]
    for seeds, value in (("median", 3.0), ("mean without the worst", 7 / 3)):
        found = only(rows, metric(seeds=seeds, near=value, within=1e-9))
        assert found.answer == Answer.SUPPORTED
        assert found.effect == Interval(*[pytest.approx(value)] * 3)
        assert only(rows, metric(seeds=seeds, above=value + 0.01)).answer == Answer.REFUTED


def correlated(slopes, other):
    """Conditions whose scores are slopes times 0, 1, 2, ..., by seed, and another metric."""
    rows = frame(*((place * slopes, p(0.1 + place / 10)) for place in range(len(other))))
    return rows.assign(other=np.repeat(other, len(slopes)))


@pytest.mark.slow
def test_a_correlation_is_pearsons_over_conditions_seed_by_seed():
    slopes, other = np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 2.5, 5.0])
    rows = correlated(slopes, other)
    expected = stats.pearsonr(np.arange(4), other).statistic
    found = only(rows, metric(correlates="other", above=0.9))
    assert found.answer == Answer.SUPPORTED
    assert found.effect.value == pytest.approx(expected)
    assert found.conditions == (0, 1, 2, 3)
    assert only(rows, metric(correlates="other", above=0.99)).answer == Answer.REFUTED
    assert only(rows, metric(correlates="other", below=0.0, seeds="median")).answer == "refuted"


@pytest.mark.slow
def test_a_correlation_is_undecided_where_a_metric_is_the_same_everywhere_or_unknown():
    slopes = np.array([1.0, 2.0])
    for other in (np.ones(3), np.array([1.0, 2.0, np.nan])):
        found = only(correlated(slopes, other), metric(correlates="other", above=0.0))
        assert (found.answer, found.unjudged) == (Answer.UNDECIDED, 1)

"""A claim is read with its sweep, or refused with what would work, before anything is trained."""

import contextlib
import json
from dataclasses import replace

import numpy as np
import pytest

from toysup import grid
from toysup.errors import SpecError
from toysup.spec import Sweep, parse
from toysup.spec.claim import KEYS, Claim
from toysup.spec.difference import difference
from toysup.spec.label import JUDGED

SWEEP = {
    "seeds": 3,
    "features": {"independent": {"feature_probability": [1.0, 0.3, 0.1]}},
    "views": {"mask": {}, "identity": {}},
    "objective": {
        "mse": {"importance_decay": [1.0, 0.7]},
        "infonce": {"temperature": [0.1, 0.5], "train": {"batch_size": 256}},
    },
}
FEW = {"name": "a", "says": "So it is.", "predicted": "supported"}
SAID = FEW | {"holds": "always"}  # of 18 conditions
VERDICT = {"verdict": "minimising"}
ABOVE = {"metric": "loss", "above": 0}
CROSSES = {"metric": "loss", "crosses": 1, "along": "feature_probability", "between": [0.1, 0.3]}
INFONCE = {"rows": {"objective": "infonce"}}
TABLES = ("model", "train", "features.independent", "objective.mse")
PAIRED = ("views.mask", "objective.infonce")
PREDICT = (
    "Say what you expect before the run: supported, refuted, undecided. "
    "For a claim that is written after its run, it is none."
)
LABELS = ", ".join(f'"{label}"' for label in JUDGED)


def read(*claims, overrides=()):
    return parse(SWEEP | {"claims": list(claims)}, "q", "q.toml", overrides)


def faults(*claims, overrides=()):
    with pytest.raises(SpecError) as caught:
        read(*claims, overrides=overrides)
    return caught.value.faults


GOOD = {
    "verdict": SAID | VERDICT,
    "verdicts": SAID | {"verdict": ["minimising", "partial"], "holds": "most"},
    "number": SAID | ABOVE | {"holds": "mean"},
    "group": SAID | ABOVE | INFONCE | {"than": {"objective": "mse"}},
    "reference": SAID | ABOVE | INFONCE | {"reference": {"temperature": 0.1}},
    "crossing": SAID | CROSSES,
    "near": SAID | {"metric": "loss", "near": 0.4, "within": 0.02, "seeds": "lowest loss"},
    "median": SAID | ABOVE | {"seeds": "median"},
    "correlation": FEW | ABOVE | {"correlates": "effective_rank"},
    "rows": SAID
    | ABOVE
    | {"rows": {"views": ["mask", "identity"], "feature_probability": {"min": 0.1, "max": 0.5}}},
    "directions": SAID
    | ABOVE
    | {"rows": {"directions": "encoder"}, "than": {"directions": "decoder"}},
}


@pytest.mark.parametrize("claim", GOOD.values(), ids=GOOD)
def test_a_claim_comes_back_from_json_and_is_in_no_hash(claim):
    sweep = read(claim)
    again = Sweep.from_json(json.loads(json.dumps(sweep.to_json())))
    assert again == sweep
    assert again.claims[0].name == "a"
    assert grid.plan(sweep).hash == grid.plan(parse(SWEEP, "q")).hash


def test_a_claim_is_complete_and_takes_one_verdict_for_a_list_of_one():
    rows = {"objective": "mse"}
    [claim] = read(FEW | VERDICT | {"rows": rows}).claims
    assert claim == Claim(**FEW, rows=rows, verdict=("minimising",))
    assert (claim.holds, claim.who, claim.because, claim.outcome) == ("every", "", "", None)


def test_values_of_a_notebook_are_taken_like_those_of_a_file():
    rows = {"feature_probability": np.array([1.0, 0.1])}
    [claim] = read(SAID | ABOVE | {"above": np.float64(1), "rows": rows}).claims
    assert claim.rows == {"feature_probability": (1.0, 0.1)}
    assert json.dumps(claim.to_dict())


BAD = {
    "unknown key": (
        SAID | VERDICT | {"hold": "some"},
        f"claims.a.hold is not a key of a claim. Did you mean holds? A claim takes: "
        f"{', '.join(KEYS)}.",
    ),
    "no sentence": (
        {"name": "a", "predicted": "refuted"} | VERDICT,
        "claims.a has no says. It is the sentence that is decided.",
    ),
    "nothing predicted": (
        {"name": "a", "says": "So."} | VERDICT,
        f"claims.a has no predicted. {PREDICT}",
    ),
    "no name": (
        {"says": "So.", "predicted": "refuted"} | VERDICT,
        "claims.1 has no name. Give it a short one, such as infonce-sparse.",
    ),
    "an empty sentence": (SAID | VERDICT | {"says": " "}, "claims.a.says is empty."),
    "a number for a name": (
        SAID | VERDICT | {"who": 5},
        "claims.a.who must be a string, found 5.",
    ),
    "an unknown prediction": (
        SAID | VERDICT | {"predicted": "true"},
        'claims.a.predicted must be one of "supported", "refuted", "undecided", "none", '
        'found "true".',
    ),
    "a check that is no switch": (
        SAID | VERDICT | {"check": "yes"},
        'claims.a.check must be true or false, found "yes".',
    ),
    "an outcome that is no answer": (
        SAID | VERDICT | {"outcome": "none"},
        'claims.a.outcome must be one of "supported", "refuted", "undecided", found "none".',
    ),
    "what was once expected": (
        SAID | VERDICT | {"expected": "supported"},
        f"claims.a.expected is not a key of a claim. Did you mean predicted? A claim takes: "
        f"{', '.join(KEYS)}.",
    ),
    "an unknown extent": (
        SAID | VERDICT | {"holds": "all"},
        'claims.a.holds must be one of "every", "some", "no", "most", "always", "never", '
        '"sometimes", "mean", found "all".',
    ),
    "no rule": (
        SAID,
        "claims.a has no rule. Give it a verdict, or a metric with above, below, near or crosses.",
    ),
    "near without a tolerance": (
        SAID | {"metric": "loss", "near": 0.4},
        "claims.a needs near and within together: near = 0.4 and within = 0.02, say.",
    ),
    "a tolerance without a number": (
        SAID | ABOVE | {"within": 0.4},
        "claims.a needs near and within together: near = 0.4 and within = 0.02, say.",
    ),
    "no tolerance": (
        SAID | {"metric": "loss", "near": 0.4, "within": 0},
        "claims.a.within must be above 0, found 0.",
    ),
    "unknown seeds": (
        SAID | ABOVE | {"seeds": "best"},
        'claims.a.seeds must be one of "all", "lowest loss", "median", '
        '"mean without the worst", found "best".',
    ),
    "a verdict of one seed": (
        SAID | VERDICT | {"seeds": "lowest loss"},
        "claims.a has seeds, which goes with a metric: a verdict is on all of them.",
    ),
    "two rules": (
        SAID | VERDICT | ABOVE,
        "claims.a has two rules, verdict and metric. Make two claims of it.",
    ),
    "a number beside a verdict": (
        SAID | VERDICT | {"below": 1},
        "claims.a has below, which goes with a metric, beside a verdict.",
    ),
    "a mean of verdicts": (
        SAID | VERDICT | {"holds": "mean"},
        'claims.a has holds = "mean", and verdicts have no mean. It takes: every, some, no, most, '
        "always, never, sometimes.",
    ),
    "a metric without a side": (
        SAID | {"metric": "loss"},
        "claims.a compares its metric with nothing. Give it above, below, near or crosses.",
    ),
    "above and below": (
        SAID | ABOVE | {"below": 1},
        "claims.a has above and below. Choose one, or make two claims of it.",
    ),
    "two other groups": (
        SAID | ABOVE | {"than": {}, "reference": {}},
        "claims.a has than and reference. Choose one.",
    ),
    "a crossing without its setting": (
        SAID | {"metric": "loss", "crosses": 1},
        "claims.a has crosses without along. It takes along and between.",
    ),
    "a crossing of a difference": (
        SAID | CROSSES | {"than": {"objective": "mse"}},
        "claims.a has than, which does not go with crosses.",
    ),
    "a setting without a crossing": (
        SAID | ABOVE | {"between": [0, 1]},
        "claims.a has between, which goes with crosses alone.",
    ),
    "a correlation within a tolerance": (
        FEW | {"metric": "loss", "correlates": "score", "near": 1, "within": 0.1},
        "claims.a has near, which does not go with correlates: it takes above or below.",
    ),
    "a correlation of some conditions": (
        SAID | ABOVE | {"correlates": "effective_rank"},
        "claims.a has holds, which does not go with correlates: it takes above or below.",
    ),
    "a correlation with no column": (
        FEW | ABOVE | {"correlates": "effective_ranks"},
        "claims.a.correlates is effective_ranks, no column of the results. Did you mean "
        "effective_rank? `toysup schema` describes them.",
    ),
    "an unknown verdict": (
        SAID | {"verdict": ["partial", "minimizing"]},
        f'claims.a.verdict is "minimizing", no verdict. Did you mean minimising? '
        f"There are: {LABELS}.",
    ),
    "a verdict of what is not judged": (
        SAID | {"verdict": "diverged"},
        f'claims.a.verdict is "diverged", no verdict. There are: {LABELS}.',
    ),
    "no verdicts": (
        SAID | {"verdict": []},
        "claims.a.verdict is an empty list. Give it at least one verdict.",
    ),
    "an unknown column": (
        SAID | {"metric": "minimization_index", "above": 0},
        "claims.a.metric is minimization_index, no column of the results. "
        "Did you mean minimisation_index? `toysup schema` describes them.",
    ),
    "a column of lists": (
        SAID | {"metric": "dimensionality", "above": 0},
        "claims.a.metric is dimensionality, which is a list in each row, not a number. "
        "Use mean_dimensionality.",
    ),
    "a text for a number": (
        SAID | {"metric": "loss", "above": "1"},
        'claims.a.above must be a number, found "1".',
    ),
    "not a number": (
        SAID | {"metric": "loss", "below": float("nan")},
        "claims.a.below must be a number, found nan.",
    ),
    "rows that are no table": (
        SAID | VERDICT | {"rows": "mse"},
        'claims.a.rows must be a table, such as { objective = "mse" }, found "mse".',
    ),
    "an unknown setting": (
        SAID | VERDICT | {"rows": {"temprature": 0.1}},
        "claims.a.rows.temprature is no setting here. Did you mean temperature? "
        "There are: temperature, learn_temperature, features, n_features, amplitude and 19 more.",
    ),
    "an objective that is not here": (
        SAID | VERDICT | {"rows": {"objective": "infonec"}},
        'claims.a.rows.objective is "infonec", which is not here. Did you mean infonce? '
        "There are: mse, infonce.",
    ),
    "a view that is not here": (
        SAID | VERDICT | {"rows": {"views": ["mask", "noise"]}},
        'claims.a.rows.views is "noise", which is not here. There are: mask, identity.',
    ),
    "an encoder that is not here": (
        SAID | VERDICT | {"rows": {"encoder": "mlp"}},
        'claims.a.rows.encoder is "mlp", which is not here. There are: linear.',
    ),
    "features that are not here": (
        SAID | VERDICT | {"rows": {"features": "ring"}},
        'claims.a.rows.features is "ring", which is not here. There are: independent.',
    ),
    "a value that is not here": (
        SAID | ABOVE | INFONCE | {"than": {"temperature": 0.2}},
        "claims.a.than.temperature is 0.2, which is not here. There are: 0.1, 0.5.",
    ),
    "a switch for a number": (
        SAID | VERDICT | {"rows": {"feature_probability": True}},
        "claims.a.rows.feature_probability is true, which is not here. There are: 1.0, 0.3, 0.1.",
    ),
    "a range without a value": (
        SAID | VERDICT | {"rows": {"feature_probability": {"max": 0.05}}},
        "claims.a.rows.feature_probability has no value of the sweep in its range. "
        "There are: 1.0, 0.3, 0.1.",
    ),
    "a range that is upside down": (
        SAID | VERDICT | {"rows": {"feature_probability": {"min": 1, "max": 0.1}}},
        "claims.a.rows.feature_probability has its min above its max.",
    ),
    "another table": (
        SAID | VERDICT | {"rows": {"feature_probability": {"below": 1}}},
        "claims.a.rows.feature_probability must be a value, a list, or a range such as "
        "{ max = 0.1 }, not another table.",
    ),
    "an empty list": (
        SAID | VERDICT | {"rows": {"objective": []}},
        "claims.a.rows.objective is an empty list. Give it at least one value.",
    ),
    "a list in a list": (
        SAID | VERDICT | {"rows": {"objective": [["mse"]]}},
        "claims.a.rows.objective must be a value, a list of values, or a range, found a list.",
    ),
    "no condition": (
        SAID | VERDICT | {"rows": {"objective": "mse", "temperature": 0.1}},
        "claims.a.rows matches no condition: its values never occur together.",
    ),
    "a group that is not here": (
        SAID
        | ABOVE
        | {"rows": {"objective": "infonce"}, "than": {"objective": "mse", "batch_size": 256}},
        "claims.a.than matches no condition: its values never occur together.",
    ),
    "another condition for a reference": (
        SAID | ABOVE | INFONCE | {"reference": {"objective": "mse"}},
        "claims.a.reference has nothing to compare batch_size = 256 with. It has: 1024. "
        "Use than, which needs less in common, or fewer rows.",
    ),
    "many references": (
        SAID | ABOVE | INFONCE | {"reference": {"temperature": [0.1, 0.5]}},
        "claims.a.reference must have single values: it is one condition for each.",
    ),
    "a group of its own": (
        SAID | ABOVE | INFONCE | {"than": {"objective": ["infonce", "mse"]}},
        "claims.a.than is all that rows chooses: it would be compared with itself.",
    ),
    "an empty group": (
        SAID | ABOVE | {"than": {}},
        "claims.a.than is empty. Say which conditions it is.",
    ),
    "a setting that is no axis": (
        SAID | CROSSES | {"along": "steps", "between": [1, 2]},
        'claims.a.along is "steps", along which no number varies. '
        "What does: feature_probability, importance_decay, temperature.",
    ),
    "values out of order": (
        SAID | CROSSES | {"between": [0.3, 0.1]},
        "claims.a.between must be two numbers in order, found [0.3, 0.1].",
    ),
    "values beyond the axis": (
        SAID | CROSSES | {"between": [0.1, 2]},
        "claims.a.between must be within the values of feature_probability, 0.1 to 1.0.",
    ),
}


@pytest.mark.parametrize(("claim", "message"), BAD.values(), ids=BAD)
def test_a_fault_says_where_what_was_found_and_what_would_work(claim, message):
    assert faults(claim) == [f"q.toml: {message}"]


def test_a_group_that_lacks_a_value_to_pair_by_is_a_fault():
    train = {"steps": [10, 20]}
    mapping = SWEEP | {"train": train}
    mapping["objective"] = SWEEP["objective"] | {"mse": {"train": {"steps": 10}}}
    mapping["claims"] = [SAID | ABOVE | INFONCE | {"than": {"objective": "mse"}}]
    with pytest.raises(SpecError) as caught:
        parse(mapping, "q", "q.toml")
    assert caught.value.faults == [
        "q.toml: claims.a.than has nothing to compare steps = 20 with. It has: 10. "
        "Choose fewer rows."
    ]


def test_a_group_that_rows_contain_is_not_paired_with_itself():
    mapping = SWEEP | {"train": {"steps": 20}}
    mapping["objective"] = SWEEP["objective"] | {"mse": {"train": {"steps": 10}}}
    mapping["claims"] = [SAID | ABOVE | {"than": {"objective": "mse"}}]
    assert parse(mapping).claims


def test_all_faults_of_all_claims_are_shown_together():
    assert faults(SAID | VERDICT | {"holds": "all", "hold": 1}, {"name": "b"}, SAID | VERDICT) == [
        f"q.toml: {BAD['unknown key'][1]}",
        f"q.toml: {BAD['an unknown extent'][1]}",
        "q.toml: claims.b has no says. It is the sentence that is decided.",
        f"q.toml: claims.b has no predicted. {PREDICT}",
        "q.toml: claims.b has no rule. Give it a verdict, or a metric with above, below, near or "
        "crosses.",
        "q.toml: claims.a is there twice. A claim needs a name of its own.",
    ]


def test_claims_are_not_blamed_for_a_fault_of_their_sweep():
    with pytest.raises(SpecError) as caught:
        parse(
            {"objective": {"msee": {}}, "claims": [SAID | VERDICT | {"rows": {"objective": "mse"}}]}
        )
    assert len(caught.value.faults) == 1
    assert "objective.msee" in caught.value.faults[0]


@pytest.mark.parametrize(
    ("value", "found"),
    [(1, "1"), ({}, "a table"), (SAID, "a table"), ([1], "something else in its list")],
)
def test_claims_are_a_list_of_tables(value, found):
    with pytest.raises(SpecError) as caught:
        parse(SWEEP | {"claims": value}, "q", "q.toml")
    message = f"claims must be tables, each of them [[claims]], found {found}."
    assert caught.value.faults == [f"q.toml: {message}"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "value", [None, float("nan"), {}, [], (), [None], {1: 2}, "", b"x", object(), True]
)
@pytest.mark.parametrize("key", [*KEYS, "rows.objective", "than.temperature", 5])
def test_no_value_anywhere_ends_in_a_traceback(key, value):
    for rule in (VERDICT, ABOVE | {"than": {"objective": "mse"}}, CROSSES):
        claim = SAID | rule
        if isinstance(key, str) and "." in key:
            table, name = key.split(".")
            claim |= {table: {name: value}}
        else:
            claim |= {key: value}
        with contextlib.suppress(SpecError):
            read(claim)


def test_an_override_that_takes_what_a_claim_speaks_of_is_a_fault_that_can_be_left_out():
    said = SAID | VERDICT | {"rows": {"feature_probability": 0.3}}
    assert faults(said, overrides=["feature_probability=0.5"]) == [
        "q.toml: claims.a.rows.feature_probability is 0.3, which is not here. There are: 0.5.",
        "q.toml: --set 'claims=[]' leaves the claims out of a changed sweep.",
    ]
    assert read(said, overrides=["feature_probability=0.5", "claims=[]"]).claims == ()


@pytest.mark.parametrize("key", ["says", "who", "source", "because", "outcome"])
def test_words_about_a_claim_may_change_and_its_outcome_may_come(key):
    old = read(SAID | VERDICT)
    assert difference(old, replace(old, claims=(replace(old.claims[0], **{key: "x"}),))) == []


@pytest.mark.parametrize(
    ("now", "line"),
    [
        ([SAID | VERDICT | {"holds": "sometimes"}], "claims.a: another holds"),
        ([SAID | VERDICT | {"predicted": "refuted"}], "claims.a: another predicted"),
        ([SAID | {"verdict": "partial"} | INFONCE], "claims.a: another rows, verdict"),
        ([SAID | ABOVE], "claims.a: another verdict, metric, above"),
        ([], "claims.a: removed"),
        ([SAID | VERDICT, SAID | ABOVE | {"name": "b"}], "claims.b: added"),
    ],
)
def test_a_rule_may_not_change_once_there_are_results(now, line):
    assert difference(read(SAID | VERDICT), read(*now)) == [line]


LARGE = SWEEP | {
    "features": {"independent": {"feature_probability": [1.0, 0.6, 0.4, 0.3, 0.2, 0.1]}},
}
MSE = {"rows": {"objective": "mse"}}  # 6 x 2 conditions; infonce has 6 x 2 x 2


@pytest.mark.parametrize(
    ("claim", "count"),
    [
        (MSE | VERDICT, "12 conditions"),
        (MSE | VERDICT | {"holds": "every"}, "12 conditions"),
        (MSE | VERDICT | {"holds": "some"}, "12 conditions"),
        (INFONCE | VERDICT | {"holds": "no"}, "24 conditions"),
        (ABOVE | {"than": {"objective": "mse"}}, "24 conditions"),
        (INFONCE | ABOVE | {"reference": {"temperature": 0.1}}, "12 conditions"),
        (MSE | ABOVE | {"rows": {"objective": "mse", "importance_decay": 1.0}}, ""),
        (INFONCE | ABOVE | {"reference": {"temperature": 0.1, "views": "mask"}}, "18 conditions"),
        (CROSSES | {"rows": {"feature_probability": {"max": 0.4}}}, ""),
        (MSE | VERDICT | {"holds": "never"}, ""),
        (MSE | VERDICT | {"holds": "most"}, ""),
        (MSE | ABOVE | {"holds": "mean"}, ""),
    ],
)
def test_all_some_or_none_of_a_large_grid_are_no_claim(claim, count):
    mapping = LARGE | {"claims": [FEW | claim]}
    if not count:
        assert parse(mapping, "q", "q.toml").claims
        return
    with pytest.raises(SpecError) as caught:
        parse(mapping, "q", "q.toml")
    assert caught.value.faults == [
        f'q.toml: claims.a.holds is "{claim.get("holds", "every")}" of {count}. From 10 on, use '
        "always, never or sometimes, which are decided by shares: existence over a large grid is "
        "not support."
    ]


def test_curves_of_a_large_grid_are_counted_without_the_setting_they_are_along():
    probabilities = {"independent": {"feature_probability": [0.3, 0.1]}}
    objective = {"mse": {"importance_decay": [1.0 - 0.05 * i for i in range(10)]}}
    mapping = {"features": probabilities, "objective": objective, "claims": [FEW | CROSSES]}
    with pytest.raises(SpecError, match='"every" of 10 curves'):
        parse(mapping, "q", "q.toml")

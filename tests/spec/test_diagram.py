"""A claim by theory needs the grid of one diagram that has a closed form, or is refused."""

import json

import pytest

from toysup.errors import SpecError
from toysup.spec import Sweep, parse

CLAIM = {
    "name": "phases",
    "says": "So it is.",
    "theory": "mse phases",
    "above": 0.97,
    "predicted": "supported",
}
SWEEP = {
    "model": {"n_features": 2, "d_hidden": 1},
    "features": {"independent": {"feature_probability": [1.0, 0.3, 0.1]}},
    "objective": {"mse": {"relative_importance": [0.1, 1.0, 10.0]}},
}


def read(claim=None, overrides=(), **tables):
    return parse(SWEEP | tables | {"claims": [CLAIM | (claim or {})]}, "q", "q.toml", overrides)


def faults(*args, **kwargs):
    with pytest.raises(SpecError) as caught:
        read(*args, **kwargs)
    return "\n".join(caught.value.faults)


def test_it_comes_back_from_json():
    sweep = read()
    assert Sweep.from_json(json.loads(json.dumps(sweep.to_json()))) == sweep


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("tied=false", "phases.theory needs tied = true, and no other."),
        ("importance_decay=0.9", "needs importance_decay = 1.0, and no other."),
        ('amplitude="one"', 'needs amplitude = "uniform", and no other.'),
        ("feature_probability=[1.0, 0.1]", "needs 3 values or more of feature_probability"),
        ("steps=[10, 20]", "needs one diagram, and there is one for each steps."),
        ("n_features=3", "has no closed form here: 3 features in 1 dimension:"),
    ],
)
def test_a_sweep_that_is_no_such_diagram_is_refused(change, words):
    assert words in faults(overrides=[change])


def test_more_features_than_have_an_exact_loss_in_good_time_are_refused():
    assert "takes up to 5 features" in faults(model={"n_features": 6, "d_hidden": 3})


def test_several_objectives_are_several_diagrams_until_rows_chooses():
    both = {"objective": SWEEP["objective"] | {"linear_mse": {}}}
    assert "rows chooses several objectives" in faults(**both)
    assert read({"rows": {"objective": "mse"}}, **both).claims


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"theory": "mse phase"}, 'is "mse phase", no theory. Did you mean mse phases?'),
        ({"above": 1.0}, "has theory without a share: above = 0.97, say"),
        ({"above": None}, "has theory without a share"),
        ({"metric": "loss"}, "has metric, which does not go with theory."),
        ({"holds": "most"}, "has holds, which does not go with theory."),
        ({"seeds": "median"}, "has seeds, which does not go with theory."),
    ],
)
def test_a_rule_by_theory_takes_a_share_and_nothing_else(change, words):
    assert words in faults(change)


OPTIMUM = {
    "measure": "optimum",
    "model": {"n_features": 3, "d_hidden": 2},
    "features": {"independent": {"feature_probability": [1.0, 0.3, 0.1]}},
    "views": {"mask": {"relative_keep_probability": [0.1, 0.5, 1.0]}},
    "objective": {"infonce": {}},
}
BY_OPTIMUM = {"theory": "infonce optimum"}


def faults_of_optimum(change=(), **tables):
    return faults(BY_OPTIMUM, change, **(OPTIMUM | tables))


def test_a_diagram_of_infonce_may_be_held_against_its_optimum():
    assert read(BY_OPTIMUM, **OPTIMUM).claims
    warm = {"views": {"mask": {}}, "objective": {"infonce": {"temperature": [0.1, 0.3, 1.0]}}}
    assert read(BY_OPTIMUM, **(OPTIMUM | warm)).claims


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ('measure="directions"', 'phases.theory needs measure = "optimum", which finds it.'),
        ("learn_temperature=true", "needs learn_temperature = false, and no other."),
        ('amplitude="one"', 'needs amplitude = "uniform", and no other.'),
        ("relative_keep_probability=[0.5, 1.0]", "needs 3 values or more of relative_keep"),
        ("temperature=[0.1, 0.5]", "needs one diagram, and there is one for each temperature."),
        ("n_features=7", "takes up to 6 features"),
    ],
)
def test_what_has_no_known_optimum_is_refused(change, words):
    assert words in faults_of_optimum([change])


def test_other_views_than_masks_have_no_known_optimum():
    assert 'needs views = "mask", and no other.' in faults_of_optimum(views={"noise": {}})


def test_only_the_diagram_of_the_squared_error_is_averaged_over_restarts():
    said = faults(BY_OPTIMUM | {"seeds": "mean without the worst"}, **OPTIMUM)
    assert 'phases.seeds is "mean without the worst", which is for "mse phases".' in said

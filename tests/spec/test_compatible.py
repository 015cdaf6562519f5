"""Settings that do not go together are faults, each said once, with where it is so."""

import pytest

from toysup import registry
from toysup.errors import RefusedError, SpecError
from toysup.spec import compatible, parse

MODEL = {"n_features": [4, 6], "d_hidden": [2, 3]}


@pytest.fixture
def asks(monkeypatch):
    """Gives a plug-in an `incompatibility`, and returns what it is asked about."""

    def put(family, name, says=lambda settings: None):
        asked = []

        def incompatibility(settings):
            asked.append(settings)
            return says(settings)

        monkeypatch.setattr(
            registry.load(family, name),
            "incompatibility",
            staticmethod(incompatibility),
            raising=False,
        )
        return asked

    return put


def faults(mapping):
    with pytest.raises(SpecError) as caught:
        parse(mapping, where="a.toml")
    return caught.value.faults


def test_a_plugin_is_asked_about_each_combination_of_its_own_values_with_those_of_model(asks):
    asked = asks("objectives", "mse")
    decay = [1.0, 0.7, 0.5]
    parse({"model": MODEL, "objective": {"mse": {"importance_decay": decay}}})
    met = {"features": "independent", "views": None, "encoder": "linear", "tied": True}
    met["relative_importance"] = 1.0
    assert asked == [
        {**met, "n_features": n, "d_hidden": d, "importance_decay": i}
        for n in (4, 6)
        for d in (2, 3)
        for i in decay
    ]


def test_a_world_meets_one_objective_and_view_at_a_time(asks):
    asked = asks("features", "independent")
    parse({"views": {"mask": {}, "identity": {}}, "objective": {"mse": {}, "infonce": {}}})
    assert [(s["objective"], s["views"], s["encoder"]) for s in asked] == [
        ("mse", None, "linear"),
        ("infonce", "mask", "linear"),
        ("infonce", "identity", "linear"),
    ]


def test_views_meet_only_the_objectives_that_compare_them(asks):
    asked = asks("views", "mask")
    parse({"views": {"mask": {}}, "objective": {"mse": {}, "infonce": {}}})
    assert [(s["objective"], s["features"]) for s in asked] == [("infonce", "independent")]


def test_an_encoder_is_asked_once_for_each_objective(asks):
    asked = asks("encoders", "linear")
    parse({"views": {"mask": {}}, "objective": {"mse": {}, "infonce": {}}})
    assert [(s["objective"], s["views"]) for s in asked] == [("mse", None), ("infonce", "mask")]


def test_what_is_wrong_everywhere_is_said_once_and_needs_no_values(asks):
    asks("objectives", "mse", lambda settings: "needs more: use [objective.infonce]")
    mapping = {"model": MODEL, "objective": {"mse": {"tied": [True, False]}}}
    assert faults(mapping) == ["a.toml: objective.mse needs more: use [objective.infonce]."]


def test_what_is_wrong_at_some_values_names_them(asks):
    def says(settings):
        wrong = settings["n_features"] == 6 and not settings["tied"]
        return "is not for this: set tied = true" if wrong else None

    asks("objectives", "mse", says)
    mapping = {"model": MODEL, "objective": {"mse": {"tied": [True, False]}}}
    assert faults(mapping) == [
        "a.toml: objective.mse is not for this: set tied = true (at n_features = 6, tied = false)."
    ]


def test_what_is_wrong_with_some_plugins_names_them(asks):
    asks("features", "independent", lambda s: "is odd" if s["views"] == "mask" else None)
    mapping = {"views": {"mask": {}, "swap": {}}, "objective": {"mse": {}, "infonce": {}}}
    assert faults(mapping) == [
        'a.toml: features.independent is odd (at objective = "infonce", views = "mask").'
    ]


def test_many_values_are_shown_by_the_first(asks):
    asks("objectives", "mse", lambda s: "is small" if s["n_features"] < 9 else None)
    mapping = {"model": {"n_features": {"range": [2, 20]}}, "objective": {"mse": {}}}
    assert faults(mapping) == ["a.toml: objective.mse is small (at n_features = 2, 3, 4, ...)."]


def test_words_of_their_own_for_each_value_are_lines_of_their_own(asks):
    asks("objectives", "mse", lambda s: f"dislikes {s['d_hidden']}")
    assert faults({"model": MODEL, "objective": {"mse": {}}}) == [
        "a.toml: objective.mse dislikes 2 (at d_hidden = 2).",
        "a.toml: objective.mse dislikes 3 (at d_hidden = 3).",
    ]


def test_misfits_are_shown_together_with_other_faults_and_see_right_values_only(asks):
    asked = asks("objectives", "mse", lambda settings: "does not fit")
    mapping = {"model": {"n_features": [4, -1]}, "objective": {"mse": {}}}
    assert faults(mapping) == [
        "a.toml: model.n_features must be at least 1, found -1.",
        "a.toml: objective.mse does not fit.",
    ]
    assert [s["n_features"] for s in asked] == [4]


def test_too_many_combinations_are_refused_before_anything_is_asked(asks, monkeypatch):
    asked = asks("objectives", "mse")
    monkeypatch.setattr(compatible, "MOST_ASKED", 7)
    mapping = {"model": MODEL, "objective": {"mse": {"importance_decay": [1.0, 0.7]}}}
    with pytest.raises(RefusedError) as refused:
        parse(mapping, where="a.toml")
    assert str(refused.value) == (
        "a.toml: objective.mse and what it meets have 8 combinations of settings, and there may "
        "be at most 7. Use fewer values."
    )
    assert asked == []


def test_a_tied_decoder_of_an_encoder_without_a_matrix_is_a_fault():
    mapping = {"encoder": {"linear": {}, "mlp": {}}, "objective": {"mse": {"tied": [True, False]}}}
    assert faults(mapping) == [
        "a.toml: objective.mse transposes the encoder's matrix, and encoder.mlp has no single one: "
        "set tied = false, or use [encoder.linear] or [encoder.relu] "
        '(at encoder = "mlp", tied = true).'
    ]


def test_a_world_and_an_encoder_that_do_not_fit_the_model_are_shown_together():
    ring = {"tuning_width": [0.1, 1.0], "empty_samples": "fill"}
    mapping = {
        "model": {"n_features": 8},
        "features": {"ring": ring},
        "encoder": {"conv": {"positions": 3}},
        "objective": {"mse": {"tied": False}},
    }
    assert faults(mapping) == [
        "a.toml: features.ring has angles to which no feature responds, so it cannot fill every "
        'sample: set tuning_width to at least 0.393, or empty_samples to "keep" '
        "(at tuning_width = 0.1).",
        "a.toml: encoder.conv cannot lay out 8 features over 3 positions: "
        "use 1, 2, 4 or 8 of them.",
    ]

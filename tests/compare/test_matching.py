"""Conditions are matched by what they are, whichever run has a setting as an axis."""

from types import SimpleNamespace

from toysup.compare.matching import matched


def verdicts(*settings, objective="infonce", directions="encoder"):
    who = {"objective": objective, "features": "independent", "views": "mask", "encoder": "linear"}
    return [SimpleNamespace(**who, directions=directions, settings=s) for s in settings]


def settings_of(pairs):
    return [(a.settings, b.settings) for a, b in pairs]


def test_a_fixed_value_meets_the_same_value_on_the_others_axis():
    fixed = verdicts({"temperature": 0.1, "p": 1.0}, {"temperature": 0.1, "p": 0.1})
    axis = verdicts({"temperature": 0.5, "p": 0.1}, {"temperature": 0.1, "p": 0.1})
    pairs, only_first, only_second = matched(fixed, axis)
    assert settings_of(pairs) == [(fixed[1].settings, fixed[1].settings)]
    assert only_first == [fixed[0]]
    assert only_second == [axis[0]]


def test_a_setting_that_both_fix_does_not_keep_conditions_apart():
    short = verdicts({"steps": 100, "p": 1.0}, {"steps": 100, "p": 0.1})
    long = verdicts({"steps": 900, "p": 0.1}, {"steps": 900, "p": 1.0})
    pairs, only_first, only_second = matched(short, long)
    assert [(a.settings["p"], b.settings["p"]) for a, b in pairs] == [(1.0, 1.0), (0.1, 0.1)]
    assert only_first == only_second == []


def test_a_value_that_is_on_neither_axis_is_matched_with_nothing():
    pairs, *only = matched(verdicts({"t": 0.1}, {"t": 0.2}), verdicts({"t": 0.3}))
    assert pairs == []
    assert list(map(len, only)) == [2, 1]


def test_what_one_objective_fixes_is_no_axis_because_another_varies_it():
    first = verdicts({"steps": 1}) + verdicts({"steps": 2}, objective="mse")
    second = verdicts({"steps": 3}) + verdicts({"steps": 4}, objective="mse")
    pairs, *only = matched(first, second)
    assert [a.objective for a, _ in pairs] == ["infonce", "mse"]
    assert only == [[], []]


def test_other_objectives_and_directions_are_other_conditions():
    first = verdicts({}) + verdicts({}, directions="decoder")
    second = verdicts({}, objective="mse") + verdicts({}, directions="decoder")
    pairs, only_first, only_second = matched(first, second)
    assert [a.directions for a, _ in pairs] == ["decoder"]
    assert [v.directions for v in only_first] == ["encoder"]
    assert [v.objective for v in only_second] == ["mse"]


def test_a_setting_that_an_older_version_does_not_have_keeps_nothing_apart_where_it_is_fixed():
    pairs, *only = matched(verdicts({"p": 1.0}), verdicts({"p": 1.0, "newer": 0}))
    assert len(pairs) == 1
    assert only == [[], []]

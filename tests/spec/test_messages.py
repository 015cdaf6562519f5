"""A message stays short, whatever is wrong: it quotes little, and tells the first of many."""

import json
from pathlib import Path

import pytest

import toysup
from tests.commands import run
from toysup.errors import RefusedError, SpecError, ToysupError
from toysup.files import packaged
from toysup.resources import container
from toysup.spec import parse, read
from toysup.spec.tables import names_of

MSE = {"objective": {"mse": {}}}


def message(mapping, overrides=()):
    with pytest.raises(ToysupError) as caught:
        parse(mapping, "a", "a.toml", overrides)
    return str(caught.value)


def test_of_a_thousand_faults_the_first_twenty_are_told_and_the_rest_counted():
    said = message({**MSE, **{f"no{i}": 1 for i in range(1000)}}).split("\n")
    assert said[-1] == f"a.toml: and {1000 - len(said) + 1} more."
    assert len(said) <= 21
    few = message({"train": {f"n{i}": 1 for i in range(20)}, **MSE}).split("\n")
    assert "more" not in few[-1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "mapping",
    [
        {"x" * 10**5: 1, **MSE},
        {"train": {"y" * 10**5: 1}, **MSE},
        {"title": ["z"] * 10**5, **MSE},
        {"train": {"schedule": "w" * 10**5}, **MSE},
        {"features": {"table": {"path": "p" * 10**5}}, **MSE},
        {"train": {"steps": {f"k{i}": 1 for i in range(10**5)}}, **MSE},
        {"claims": [{"name": "n" * 10**5, "q" * 10**5: 1}], **MSE},
    ],
)
def test_what_was_found_is_quoted_in_short(mapping):
    said = message(mapping)
    assert len(said.encode()) < 4096
    assert max(len(word) for word in said.split()) < 200


def test_long_overrides_are_quoted_in_short():
    assert len(message(MSE, [f"steps={'x' * 10**5}"])) < 400
    assert len(message(MSE, [f"{'s' * 10**5}=1"])) < 400


@pytest.mark.parametrize(
    "setting",
    ["train.steps", "features.independent.feature_probability", "objective.mse.tied", "seed"],
)
def test_a_million_values_of_any_setting_are_one_line(monkeypatch, setting):
    monkeypatch.setattr(container, "memory", lambda: 1e8)
    assert message(MSE, [f"{setting}={{ range = [0, 1000000] }}"]) == (
        f"--set {setting}={{ range = [0, 1000000] }}: {setting} has 1,000,000 values, which need "
        "about 500 MB of memory to be listed, and there are 100 MB. Use fewer values."
    )
    with pytest.raises(RefusedError):
        parse(MSE, overrides=[f"{setting}={{ range = [0, 1000000] }}"])


def test_as_many_seeds_as_memory_has_no_room_for_are_one_line(monkeypatch):
    monkeypatch.setattr(container, "memory", lambda: 8e9)
    assert message(MSE, ["seeds=2000000000"]) == (
        "--set seeds=2000000000: seeds has 2,000,000,000 values, which need about 1 TB of memory "
        "to be listed, and there are 8 GB. Use fewer values."
    )


@pytest.mark.parametrize("text", [".".join("a" * 3000) + " = 1", "x = " + "[" * 3000 + "]" * 3000])
def test_tables_and_lists_that_are_nested_too_deep_are_one_line(tmp_path, text):
    file = tmp_path / "a.toml"
    file.write_text(f"{text}\n[objective.mse]\n")
    with pytest.raises(SpecError, match=r"a\.toml: .*nested.* deep\.$"):
        read(file)


def test_a_key_in_dots_of_an_override_may_be_long():
    deep = ".".join("a" * 3000)
    for override in (f"train.{deep}=1", f"{deep}=1", f"steps={{{deep} = 1}}"):
        assert len(message(MSE, [override])) < 4096


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("feature_probability=1e-45", "single precision can hold"),
        ("feature_probability=5e-324", "single precision can hold"),
        ("learning_rate=1e308", "single precision can hold"),
        ("feature_probability=[0.9999999999, 1.0]", "one number in single precision"),
        ("feature_probability={ logspace = [0.5, 0.5, 2] }", "has 0.5 more than once"),
        ("seeds=[2147483648]", "must be at most 2147483647"),
        ("seeds=9223372036854775808", "found 9223372036854775808"),
        ("steps=0", "found 0"),
    ],
)
def test_numbers_over_the_edge_are_told(override, words):
    assert words in message(MSE, [override])


def test_numbers_at_the_edge_are_taken():
    assert parse(MSE, overrides=["seeds=[2147483647]"]).seeds == (2**31 - 1,)
    reversed_ends = parse(MSE, overrides=["feature_probability={ logspace = [0.01, 1.0, 3] }"])
    assert reversed_ends.features["independent"]["feature_probability"] == (0.01, 0.1, 1.0)
    for override in ("steps=1", "n_features=1", "d_hidden=100", "feature_probability=0.9999999999"):
        parse(MSE, overrides=[override])


def test_an_objective_below_another_table_is_told_to_be_a_table_of_its_own():
    assert message({"model": {"n_features": 5, "objective": "mse"}, **MSE}) == (
        "a.toml: model.objective is not a setting of model. What stands below [model] is a part of "
        "it, and each objective is a table: [objective.mse]."
    )


def test_a_key_of_the_top_below_a_table_is_told_where_it_goes():
    assert message({"train": {"seeds": 5}, **MSE}) == (
        "a.toml: train.seeds is not a setting of train. seeds stands at the top of the file, above "
        "the first [table]."
    )
    assert message({"train": {"model": {"d_hidden": 2}}, **MSE}) == (
        "a.toml: train.model is not a setting of train. Write [model] as a table of its own."
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("mse", 'is "mse", and each objective is a table: write [objective.mse].'),
        ("MSE", 'is "MSE", and each objective is a table: write [objective.mse].'),
        (
            ["mse", "vae"],
            "is a list, and each objective is a table: write [objective.mse], [objective.vae].",
        ),
    ],
)
def test_an_objective_that_is_a_word_is_told_to_be_a_table(value, words):
    assert f"a.toml: objective {words}" in message({"objective": value}).split("\n")


def test_an_objective_by_its_name_is_told_to_be_a_table():
    assert "a.toml: objective.name is not an objective. Write [objective.mse]." in (
        message({"objective": {"name": "mse"}}).split("\n")
    )


def test_a_name_in_capitals_is_told_to_be_in_lower_case():
    assert message({"objective": {"MSE": {}}}) == (
        "a.toml: objective.MSE is not an objective: names are in lower case. Write [objective.mse]."
    )
    assert "Did you mean barlow_twins?" in message({"objective": {"Barlow-Twins": {}}})
    assert "Did you mean steps?" in message({"train": {"Steps": 5}, **MSE})


def test_a_setting_or_an_objective_at_the_top_is_told_where_it_goes():
    said = message({"steps": 5, "mse": {}, **MSE}).split("\n")
    assert said[0].startswith("a.toml: steps is not a key of a sweep, but a setting of train.")
    assert said[1].startswith(
        "a.toml: mse is not a key of a sweep, but an objective: [objective.mse]."
    )


def test_of_many_names_the_nearest_few_are_told_and_the_rest_counted():
    many = len(names_of("objective"))
    said = message({"objective": {"infonec": {}}})
    assert "Did you mean infonce? There are: infonce, " in said
    assert said.endswith(f"and {many - 5} more: `toysup list objectives`.")
    assert said.count(",") == 4


def test_of_many_files_the_nearest_few_are_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for place in range(23):
        Path(f"sweep{place}.toml").touch()
    Path("polygons.toml").touch()
    with pytest.raises(SpecError) as caught:
        read("polygns.toml")
    assert "There are: polygons.toml, " in str(caught.value)
    assert "and 19 more. `toysup list sweeps`" in str(caught.value)


def test_a_sweep_without_features_says_that_all_are_present():
    [note] = parse(MSE, "a", "a.toml").notes
    assert note.startswith(
        "a.toml: has no table [features.NAME], so every sample has all features "
        "(feature_probability = 1)."
    )
    assert parse({**MSE, "features": {"independent": {}}}).notes == ()
    assert parse(MSE, overrides=["feature_probability=0.1"]).notes == ()
    assert parse(MSE) == parse({**MSE, "features": {"independent": {}}})


def test_the_note_is_on_stderr_and_a_warning_in_python(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("a.toml").write_text("[objective.mse]\n")
    code, out, err = run(monkeypatch, capsys, "sweep", "a.toml", "--plan", "--json")
    assert (code, err.count("\n")) == (0, 1)
    assert json.loads(out)["instances"] == 1
    assert err.startswith("a.toml: has no table [features.NAME]")
    monkeypatch.setattr("toysup.engine.orchestrate.run_sweep", lambda *a, **k: 1 / 0)
    with pytest.warns(UserWarning, match="has no table"), pytest.raises(ZeroDivisionError):
        toysup.sweep("a.toml")


@pytest.mark.parametrize("name", packaged.sweeps())
def test_no_packaged_sweep_needs_a_note(name):
    assert read(name).notes == ()

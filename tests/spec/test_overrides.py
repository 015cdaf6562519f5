"""`--set` changes what a sweep has, and never adds to it in silence."""

import pytest

from toysup.errors import SpecError
from toysup.spec import parse
from toysup.spec.tables import tables_with, takes

SWEEP = {
    "train": {"steps": 10},
    "views": {"mask": {}},
    "objective": {"mse": {"train": {"batch_size": 8}}, "infonce": {}},
}


def sweep(*overrides):
    return parse(SWEEP, "a", "a.toml", overrides)


def faults(*overrides):
    with pytest.raises(SpecError) as caught:
        sweep(*overrides)
    return caught.value.faults


def test_a_dotted_path_sets_one_value():
    assert sweep("train.steps=100").train["steps"] == (100,)
    assert sweep("objective.infonce.temperature=[0.1, 0.5]").objective["infonce"][
        "temperature"
    ] == (0.1, 0.5)


def test_a_table_of_a_maker_makes_an_axis():
    changed = sweep("learning_rate={ logspace = [0.1, 0.001, 3] }")
    assert changed.train["learning_rate"] == (0.1, 0.01, 0.001)


def test_values_outside_of_the_tables_are_set_as_well():
    changed = sweep("seeds=3", "seed = 7", "title=Two words")
    assert (changed.seeds, changed.seed, changed.title) == ((0, 1, 2), 7, "Two words")


def test_a_bare_name_goes_to_every_table_that_takes_it():
    changed = sweep("batch_size=4", "keep_probability=0.25")
    assert changed.objective_train["mse"]["batch_size"] == (4,)
    assert changed.objective_train["infonce"]["batch_size"] == (4,)
    assert changed.views["mask"]["keep_probability"] == (0.25,)


def test_a_bare_name_leaves_the_other_settings_of_an_objectives_train():
    assert sweep("steps=4").objective_train["mse"]["batch_size"] == (8,)


def test_a_table_that_is_implied_can_be_set():
    assert sweep("feature_probability=0.1").features["independent"]["feature_probability"] == (0.1,)


def test_an_objective_can_be_given_its_own_train():
    changed = sweep("objective.infonce.train.batch_size=64")
    assert changed.objective_train["infonce"]["batch_size"] == (64,)
    assert changed.objective_train["mse"]["batch_size"] == (8,)


def test_a_word_needs_no_quotes():
    assert sweep("schedule=linear").train["schedule"] == ("linear",)
    assert sweep('schedule="linear"').train["schedule"] == ("linear",)


def test_two_of_one_key_are_refused():
    said = ["--set train.steps=2: sets train.steps, as --set steps=1 does. Leave one out."]
    assert faults("steps=1", "train.steps=2") == said
    assert faults("seeds=1", "seeds=1") == [
        "--set seeds=1: sets seeds, as --set seeds=1 does. Leave one out."
    ]


def test_a_bare_name_may_be_followed_by_one_of_its_tables():
    changed = sweep("batch_size=4", "train.batch_size=16")
    assert changed.objective_train["mse"]["batch_size"] == (4,)
    assert changed.objective_train["infonce"]["batch_size"] == (16,)


def test_an_override_mends_a_fault_of_the_file():
    mapping = {"train": {"steps": "many"}, "objective": {"mse": {}}}
    assert parse(mapping, overrides=["steps=5"]).train["steps"] == (5,)


TAKES = ", ".join(sorted(takes("train")))


@pytest.mark.parametrize(
    ("override", "message"),
    [
        (
            "train.stepz=5",
            f"train.stepz is not a setting. Did you mean steps? It takes: {TAKES}.",
        ),
        ("stepz=5", "stepz is not a setting. Did you mean steps?"),
        ("sedes=5", "sedes is not a setting. Did you mean seeds?"),
        ("zzz=5", "zzz is not a setting."),
        (
            "noise_scale=1",
            f"noise_scale is a setting of {', '.join(tables_with('noise_scale'))}, "
            "which a.toml does not have.",
        ),
        (
            "views.noise.noise_scale=1",
            "a.toml has no table views.noise. It has: views.mask.",
        ),
        (
            "objective.infonec.temperature=1",
            "a.toml has no table objective.infonec. Did you mean objective.infonce? "
            "It has: objective.mse, objective.infonce.",
        ),
        ("objective.triplet=1",
         "a.toml has no table objective.triplet. It has: objective.mse, objective.infonce."),
        ("trian.steps=5", "trian is not a table. Did you mean train?"),
        ("train=5", "train is a table. Set one of its settings."),
        ("objective.mse=5", "objective.mse is a table. Set one of its settings."),
        ("objective.mse.train=5", "objective.mse.train must be a table, found 5."),
        ("model.a.b=5", "model.a.b is not a setting."),
        ("objective.mse.output.x=5", "objective.mse.output.x is not a setting."),
        ("steps", "must be KEY=VALUE, such as steps=100."),
        ("=5", "must be KEY=VALUE, such as steps=100."),
        ("train..steps=5", "must be KEY=VALUE, such as steps=100."),
        ("steps=", 'train.steps must be a whole number, found "".'),
        ("steps=0", f"train.steps must be {takes('train')['steps'].range}, found 0."),
        ("steps={ rnge = [1, 2] }",
         "train.steps must be a value, a list, or a table with one of linspace, logspace, range, "
         "found rnge. Did you mean range?"),
        ("steps={ range = [1] }",
         "train.steps.range must be [start, stop] or [start, stop, step] in whole numbers, "
         "found [1]."),
        ("schedule=[linear, cosine]",
         "[linear, cosine] is not TOML. Texts in a list need quotes, and the whole needs quotes "
         """against the shell: --set 'KEY=["a", "b"]'."""),
        ("objective.infonce.train.batch_size=1",
         "objective.infonce.train.batch_size is 1, but objective.infonce needs at least 2: "
         "it compares the samples of a batch with each other."),
    ],
)  # fmt: skip
def test_a_fault_of_an_override_is_told_by_the_override(override, message):
    assert faults(override) == [f"--set {override}: {message}"]


def test_an_override_of_a_file_whose_table_is_none_leaves_its_fault():
    with pytest.raises(SpecError) as caught:
        parse({"train": 5, "objective": {"mse": {}}}, overrides=["steps=5"])
    assert caught.value.faults == ["sweep: train must be a table, found 5."]


def test_an_override_with_a_line_break_is_told_in_one_line():
    assert faults("steps=1\ny = 2") == [
        '--set steps=1\\ny = 2: train.steps must be a whole number, found "1\\ny = 2".'
    ]

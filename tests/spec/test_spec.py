"""A sweep file is read whole, or refused with every fault and what would work."""

import contextlib
import json
import math
import re
from itertools import combinations
from pathlib import Path

import pytest

from toysup import registry
from toysup.errors import RefusedError, SpecError
from toysup.resources import container
from toysup.spec import Sweep, parse, read
from toysup.spec.faults import there_are
from toysup.spec.tables import CORE_TABLES, FAMILIES, TOP_KEYS, names_of, tables_with, takes
from toysup.spec.top import SEED

PACKAGED = "`toysup list sweeps` shows those that come with toysup."
SMALL = """
title = "Small"
seeds = 2

[model]
n_features = 5
d_hidden = 2

[train]
steps = 10
batch_size = 8

[features.independent]
feature_probability = [1, 0.5]

[views.mask]

[views.identity]

[objective.mse]
importance_decay = [1.0, 0.7]

[objective.infonce]
temperature = 0.1

[objective.infonce.train]
batch_size = 4
"""
MSE = "[objective.mse]\n"
POSITIVE = takes("model")["d_hidden"].range
NATURAL = SEED.range
TEMPERATURE = takes("objective.infonce")["temperature"].range
PAIRS = [name for name in names_of("objective") if registry.load("objectives", name).pairs]


def listed(names):
    return ", ".join(names)


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Writes text to a.toml in the current folder and names it."""
    monkeypatch.chdir(tmp_path)

    def write(text):
        Path("a.toml").write_text(text, encoding="utf-8")
        return "a.toml"

    return write


def faults(path, *overrides):
    with pytest.raises(SpecError) as caught:
        read(path, overrides)
    return caught.value.faults


def test_a_sweep_is_complete_and_in_the_order_of_the_file(written):
    sweep = read(written(SMALL))
    assert (sweep.name, sweep.title, sweep.question) == ("a", "Small", "")
    assert (sweep.seed, sweep.seeds) == (0, (0, 1))
    assert sweep.model == {"n_features": (5,), "d_hidden": (2,)}
    assert list(sweep.train) == list(takes("train"))
    assert sweep.train["schedule"] == ("cosine",)
    assert sweep.features["independent"]["feature_probability"] == (1.0, 0.5)
    assert sweep.features["independent"]["empty_samples"] == ("keep",)
    assert list(sweep.views) == ["mask", "identity"]
    assert list(sweep.objective) == ["mse", "infonce"]
    assert sweep.encoder == {"linear": {}}


def test_an_objective_sees_train_with_its_own_values_put_in(written):
    sweep = read(written(SMALL))
    assert sweep.objective_train["mse"] == sweep.train
    assert sweep.objective_train["infonce"] == {**sweep.train, "batch_size": (4,)}


def test_features_are_independent_and_the_encoder_linear_unless_a_file_says_otherwise():
    sweep = parse({"objective": {"mse": {}}})
    assert list(sweep.features) == ["independent"]
    assert list(sweep.encoder) == ["linear"]
    assert sweep.views == {}


def test_whole_numbers_become_floats_where_a_float_is_meant():
    sweep = parse({"objective": {"mse": {}}, "train": {"learning_rate": 1}})
    assert type(sweep.train["learning_rate"][0]) is float


def test_json_brings_back_the_same_sweep(written):
    sweep = read(written(SMALL))
    again = Sweep.from_json(json.loads(json.dumps(sweep.to_json())))
    assert again == sweep
    assert json.dumps(again.to_json()) == json.dumps(sweep.to_json())


def test_parse_leaves_the_mapping_of_a_notebook_as_it_is():
    mapping = {"objective": {"mse": {"train": {"steps": 5}}}}
    parse(mapping, overrides=["steps=7"])
    assert mapping == {"objective": {"mse": {"train": {"steps": 5}}}}


@pytest.mark.parametrize(
    ("text", "seeds"),
    [("seeds = 3", (0, 1, 2)), ("seeds = [4, 2]", (4, 2)), ("", (0,))],
)
def test_seeds_are_a_count_or_a_list(written, text, seeds):
    assert read(written(f"{text}\n{MSE}")).seeds == seeds


def test_a_file_with_a_byte_order_mark_is_read(written):
    assert read(written("\ufeff" + SMALL)).title == "Small"


@pytest.mark.slow
def test_every_sweep_of_the_project_is_valid():
    files = sorted((Path(__file__).parents[2] / "sweeps").glob("*.toml"))
    assert files
    for file in files:
        read(file)


BAD = {
    "unknown top-level key": (
        MSE + "[trian]\nsteps = 5",
        f"trian is not a key of a sweep. Did you mean train? A sweep takes: {listed(TOP_KEYS)}.",
    ),
    "unknown key without a near one": (
        "zzz = 1\n" + MSE,
        f"zzz is not a key of a sweep. A sweep takes: {listed(TOP_KEYS)}.",
    ),
    "unknown setting": (
        "[views.mask]\n[objective.infonce]\ntemprature = 1",
        "objective.infonce.temprature is not a setting. Did you mean temperature? "
        "It takes: learn_temperature, similarity, temperature.",
    ),
    "setting of a plugin without any": (
        MSE + "[encoder.linear]\nzzz = 1",
        "encoder.linear.zzz is not a setting. It takes: nothing.",
    ),
    "setting in the wrong table": (
        MSE + "[train]\nfeature_probability = 1",
        "train.feature_probability is not a setting of train, "
        f"but of {listed(tables_with('feature_probability'))}.",
    ),
    "unknown plugin": (
        "[views.mask]\n[objective.infonec]",
        "objective.infonec is not an objective. Did you mean infonce?"
        f"{there_are(names_of('objective'), 'infonec', 'toysup list objectives')}",
    ),
    "setting one level too high": (
        MSE + "[features]\nempty_samples = 'fill'",
        "features.empty_samples is not a feature distribution. "
        "Did you mean features.independent.empty_samples? "
        f"There are: {listed(names_of('features'))}.",
    ),
    "text for a whole number": (
        MSE + '[train]\nsteps = "many"',
        'train.steps must be a whole number, found "many".',
    ),
    "float for a whole number": (
        MSE + "[train]\nbatch_size = 1024.0",
        "train.batch_size must be a whole number, found 1024.0.",
    ),
    "switch for a number": (
        MSE + "[train]\nsteps = true",
        "train.steps must be a whole number, found true.",
    ),
    "number for a switch": (
        "[views.mask]\n[objective.infonce]\nlearn_temperature = 1",
        "objective.infonce.learn_temperature must be true or false, found 1.",
    ),
    "a word that is no choice": (
        MSE + '[train]\nschedule = "cosin"',
        'train.schedule must be one of "constant", "linear", "cosine", "cooldown", "warmup", '
        'found "cosin".',
    ),
    "a date": (
        MSE + "[train]\nsteps = 2020-01-01",
        "train.steps must be a whole number, found a date.",
    ),
    "scalar for a table": ("train = 5\n" + MSE, "train must be a table, found 5."),
    "array of tables": ("[[train]]\nsteps = 5\n" + MSE, "train must be a table, found a list."),
    "scalar for a plugin's table": (
        "[objective]\nmse = 5",
        "objective.mse must be a table, found 5.",
    ),
    "scalar for an objective's train": (
        "[objective.mse]\ntrain = 5",
        "objective.mse.train must be a table, found 5.",
    ),
    "scalar for a family": (
        "objective = 7",
        f"objective must be a table of tables, such as [objective.{names_of('objective')[0]}], "
        "found 7.",
    ),
    "a line break in a key": (
        MSE + '"a\\nb" = 1',
        "objective.mse.a\\nb is not a setting. It takes: importance_decay, relative_importance, "
        "tied.",
    ),
    "table in an objective's train": (
        "[objective.mse.train.train]",
        "objective.mse.train.train is not a setting of objective.mse.train. Write [train] as a "
        "table of its own.",
    ),
    "empty axis": (
        MSE + "[train]\nsteps = []",
        "train.steps is an empty list. Give it at least one value.",
    ),
    "duplicate value": (MSE + "[train]\nsteps = [5, 6, 5]", "train.steps has 5 more than once."),
    "duplicate value as float and whole number": (
        "[objective.mse]\nimportance_decay = [1, 1.0]",
        "objective.mse.importance_decay has 1.0 more than once.",
    ),
    "nested list": (
        MSE + "[train]\nsteps = [[5]]",
        "train.steps has a list inside of its list. An axis is a list of single values.",
    ),
    "table in a list": (
        MSE + "[train]\nsteps = [{ range = [1, 2] }]",
        "train.steps must be a whole number, found a table.",
    ),
    "p of 0": (
        MSE + "[features.independent]\nfeature_probability = 0",
        "features.independent.feature_probability must be in (0, 1], found 0.",
    ),
    "p above 1": (
        MSE + "[features.independent]\nfeature_probability = [0.5, 1.5]",
        "features.independent.feature_probability must be in (0, 1], found 1.5.",
    ),
    "temperature of 0": (
        "[views.mask]\n[objective.infonce]\ntemperature = 0.0",
        f"objective.infonce.temperature must be {TEMPERATURE}, found 0.0.",
    ),
    "temperature below 0": (
        "[views.mask]\n[objective.infonce]\ntemperature = -1",
        f"objective.infonce.temperature must be {TEMPERATURE}, found -1.",
    ),
    "no dimensions": (
        MSE + "[model]\nd_hidden = 0",
        f"model.d_hidden must be {POSITIVE}, found 0.",
    ),
    "no features": (
        MSE + "[model]\nn_features = -3",
        f"model.n_features must be {POSITIVE}, found -3.",
    ),
    "not a number": (
        MSE + "[train]\nlearning_rate = nan",
        "train.learning_rate must be at least 0 and finite, found nan.",
    ),
    "infinite": (
        MSE + "[train]\nlearning_rate = inf",
        "train.learning_rate must be at least 0 and finite, found inf.",
    ),
    "too large for 32 bits": (
        MSE + "[train]\nsteps = 3_000_000_000",
        "train.steps must be in [1, 10000000], found 3000000000.",
    ),
    "too long to show": (
        MSE + f"[train]\nsteps = 0x{'f' * 5000}",
        "train.steps must be in [1, 10000000], found a number of more than 19 digits.",
    ),
    "zero in single precision": (
        MSE + "[train]\nlearning_rate = 1e-50",
        "train.learning_rate must be a number that single precision can hold, found 1e-50.",
    ),
    "no objective": (
        "seeds = 3",
        "has no objective. Add at least one table, such as [objective.mse]."
        f"{there_are(names_of('objective'), see='toysup list objectives')}",
    ),
    "pairs without views": (
        "[objective.infonce]",
        "objective.infonce compares two views of a sample, and there are none. "
        f"Add at least one table, such as [views.mask]. There are: {listed(names_of('views'))}.",
    ),
    "views without pairs": (
        MSE + "[views.mask]\n[views.noise]",
        "views.mask, views.noise: no objective of this sweep compares views. "
        f"Remove what is not used, or add one of: {listed(PAIRS)}.",
    ),
    "batch too small": (
        "[train]\nbatch_size = [1, 8]\n[views.mask]\n[objective.infonce]",
        "train.batch_size is 1, but objective.infonce needs at least 2: "
        "it compares the samples of a batch with each other.",
    ),
    "an objective's own batch too small": (
        "[views.mask]\n[objective.infonce.train]\nbatch_size = 1",
        "objective.infonce.train.batch_size is 1, but objective.infonce needs at least 2: "
        "it compares the samples of a batch with each other.",
    ),
    "no seeds": ("seeds = 0\n" + MSE, "seeds must be at least 1, found 0."),
    "empty seeds": (
        "seeds = []\n" + MSE,
        "seeds is an empty list. Give it at least one value.",
    ),
    "duplicate seeds": ("seeds = [1, 2, 1]\n" + MSE, "seeds has 1 more than once."),
    "negative seed in the list": (
        "seeds = [0, -1]\n" + MSE,
        f"seeds must be {NATURAL}, found -1.",
    ),
    "too large a seed": (
        "seeds = [2147483648]\n" + MSE,
        "seeds must be at most 2147483647, found 2147483648.",
    ),
    "text for seeds": ('seeds = "ten"\n' + MSE, 'seeds must be a whole number, found "ten".'),
    "negative sweep seed": ("seed = -1\n" + MSE, f"seed must be {NATURAL}, found -1."),
    "list for the sweep seed": (
        "seed = [1, 2]\n" + MSE,
        "seed must be one number. The list is seeds.",
    ),
    "number for a title": ("title = 5\n" + MSE, "title must be a string, found 5."),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_a_fault_says_where_what_was_found_and_what_would_work(written, text, message):
    [found] = faults(written(text))
    assert re.sub(r"^a\.toml, line \d+:", "a.toml:", found) == f"a.toml: {message}"


def test_all_faults_of_a_file_are_shown_together(written):
    text = "seeds = []\n[train]\nsteps = 0\nstepz = 1\n[objective.mse]\nimportance_decay = [2, 3]"
    assert faults(written(text), "title=5", "modle.n=1") == [
        "--set modle.n=1: modle is not a table. Did you mean model?",
        "--set title=5: title must be a string, found 5.",
        "a.toml, line 1: seeds is an empty list. Give it at least one value.",
        "a.toml, line 3: train.steps must be in [1, 10000000], found 0.",
        "a.toml, line 4: train.stepz is not a setting. Did you mean steps? "
        f"It takes: {listed(sorted(takes('train')))}.",
        "a.toml, line 6: objective.mse.importance_decay must be in (0, 1], found 2.",
        "a.toml, line 6: objective.mse.importance_decay must be in (0, 1], found 3.",
    ]


def test_an_unknown_objective_is_the_only_fault_when_the_views_may_be_its(written):
    assert len(faults(written("[objective.mse]\n[objective.infonec]\n[views.mask]"))) == 1


def test_a_missing_file_names_the_sweeps_beside_it(written):
    written(SMALL)
    Path("other.toml").write_text(SMALL)
    assert faults("aa.toml") == [
        "aa.toml: there is no such file. Did you mean a.toml? There are: a.toml, other.toml. "
        f"{PACKAGED}"
    ]


def test_a_missing_file_names_the_sweeps_of_the_project_where_there_are_none_beside_it(written):
    Path("sweeps").mkdir()
    Path("pyproject.toml").write_text("")
    Path("sweeps/mine.toml").write_text(SMALL)
    assert faults("mines") == [
        "mines: there is no such sweep. Did you mean sweeps/mine.toml? "
        f"There are: sweeps/mine.toml. {PACKAGED}"
    ]


def test_a_missing_file_in_a_missing_folder(written):
    assert faults("nowhere/a.toml") == [f"nowhere/a.toml: there is no such file. {PACKAGED}"]


def test_a_folder_is_not_a_sweep(written):
    Path("sweeps").mkdir()
    Path("sweeps/b.toml").write_text(SMALL)
    assert faults("sweeps") == ["sweeps: is a folder, not a sweep file. There are: sweeps/b.toml."]


def test_a_file_below_a_file_cannot_be_read(written):
    written(SMALL)
    assert faults("a.toml/b.toml") == ["a.toml/b.toml: cannot be read: Not a directory."]


def test_a_file_that_may_not_be_read(written, monkeypatch):
    def refuse(self, mode):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert faults("a.toml") == ["a.toml: cannot be read: Permission denied."]


def test_a_file_that_is_not_toml_is_told_with_line_and_column(written):
    assert faults(written("seeds = 3\ntitle oops")) == [
        "a.toml, line 2, column 7: is not TOML: expected '=' after a key in a key/value pair."
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"x = {'[' * 10**5}", "its lists are nested too deep"),
        (f"x = {'1' * 5000}", None),
    ],
)
def test_toml_that_python_gives_up_on_is_a_fault_like_others(written, text, reason):
    [fault] = faults(written(text))
    assert re.match(rf"a\.toml(, line 1, column \d+)?: is not TOML: {reason or ''}", fault)


def test_a_file_that_is_not_utf8(written):
    Path("a.toml").write_bytes(b'title = "caf\xe9"')
    assert faults("a.toml") == ["a.toml: is not UTF-8 text, at byte 12. Save it as UTF-8."]


def test_a_billion_seeds_are_refused_before_they_are_listed(written, monkeypatch):
    monkeypatch.setattr(container, "memory", lambda: 16e9)
    with pytest.raises(RefusedError) as caught:
        read(written("seeds = 1_000_000_000\n" + MSE))
    assert str(caught.value).startswith("a.toml, line 1: seeds has 1,000,000,000 values, which")


@pytest.mark.parametrize("value", [None, math.nan, {}, [], (), [None], {1: 2}, "", b"x", object()])
@pytest.mark.parametrize("path", [*TOP_KEYS, "train.steps", "objective.mse", "objective.mse.train"])
def test_no_value_anywhere_ends_in_a_traceback(path, value):
    mapping = {"objective": {"mse": {}}}
    *names, last = path.split(".")
    table = mapping
    for name in names:
        table = table.setdefault(name, {})
    table[last] = value
    with contextlib.suppress(SpecError):
        parse(mapping)


def test_a_settings_name_means_one_thing_in_every_table_there_is():
    named = [f"{family}.{name}" for family in FAMILIES for name in names_of(family)]
    for one, other in combinations([*CORE_TABLES, *named], 2):
        for name in takes(one).keys() & takes(other).keys():
            assert one.partition(".")[0] == other.partition(".")[0], f"{one} {other} {name}"
            assert takes(one)[name].kind is takes(other)[name].kind, f"{one} {other} {name}"


def test_two_tables_with_one_name_for_two_things_are_a_fault(monkeypatch):
    takes_of_mse = {
        **takes("objective.mse"),
        "feature_probability": takes("train")["steps"],
    }
    monkeypatch.setattr(
        "toysup.spec.together.takes",
        lambda t: takes_of_mse if t == "objective.mse" else takes(t),
    )
    with pytest.raises(SpecError) as caught:
        parse({"objective": {"mse": {}}})
    assert caught.value.faults == [
        "sweep: features.independent and objective.mse both take feature_probability, and the "
        "results have one column for it. Use one of the two in a sweep."
    ]


def test_what_is_measured_and_shown_is_all_or_named():
    sweep = parse({"objective": {"mse": {}}} | {"measure": "directions"})
    assert (sweep.measure, sweep.pictures) == ("directions", ())
    assert parse({"objective": {"mse": {}}}).measure == "all"


def test_a_measure_or_a_picture_that_is_none_is_a_fault():
    with pytest.raises(SpecError) as caught:
        parse(
            {"objective": {"mse": {}}} | {"measure": "direction", "pictures": ["nothing-like-it"]},
            "q",
            "q.toml",
        )
    [measure, picture] = caught.value.faults
    assert measure == (
        'q.toml: measure must be one of "all", "directions", "optimum", found "direction". '
        "Did you mean directions?"
    )
    assert picture.startswith('q.toml: pictures has "nothing-like-it", which is none.')

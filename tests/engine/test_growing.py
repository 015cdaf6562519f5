"""A run that grew is the same bytes as the grown sweep run from nothing; old cells are not trained
again, and a sweep that lacks one is refused."""

import json
import shutil
import signal

import pytest

from toysup import spec
from toysup.engine import local
from toysup.engine.orchestrate import Request, forecast_sweep, run_sweep
from toysup.errors import DamagedError, Interrupted, ToysupError
from toysup.reports import catalogue
from toysup.reports.findings import gather
from toysup.storage.store import Store

CLAIM = {
    "name": "low",
    "says": "It is low.",
    "metric": "loss",
    "below": 9,
    "holds": "mean",
    "predicted": "none",
}
BASE = {
    "title": "Small",
    "seeds": 2,
    "measure": "directions",
    "model": {"n_features": 5, "d_hidden": 2},
    "train": {"steps": 20, "batch_size": 16, "learning_rate": 0.01},
    "features": {"independent": {"feature_probability": [1.0, 0.2]}},
    "objective": {"mse": {}},
    "claims": [CLAIM],
}
ONE = {"independent": {"feature_probability": 0.5}}
PAIRS = {"features": ONE, "views": {"mask": {}}, "objective": {"infonce": {}}}


def probabilities(*values):
    return {"features": {"independent": {"feature_probability": list(values)}}}


# What a sweep is changed to before and after: (before, after), each on top of BASE.
KINDS = {
    "seeds": ({}, {"seeds": 5}),
    "seeds in another order": ({}, {"seeds": [7, 1, 0]}),
    "a value in front": ({}, probabilities(0.5, 1.0, 0.2)),
    "a value in the middle": ({}, probabilities(1.0, 0.5, 0.2)),
    "a value at the end": ({}, probabilities(1.0, 0.2, 0.5)),
    "more than a group of values": ({}, probabilities(*(i / 12 for i in range(1, 12)), 1.0, 0.2)),
    "values in another order": ({}, probabilities(0.2, 1.0)),
    "seeds and values": ({}, {"seeds": 3} | probabilities(0.5, 1.0, 0.2)),
    "a setting that becomes an axis": (
        {},
        {"objective": {"mse": {"importance_decay": [0.7, 1.0], "tied": [True, False]}}},
    ),
    "an objective after it": (
        {"features": ONE},
        {**PAIRS, "objective": {"mse": {}, "infonce": {}}},
    ),
    "an objective before it, with columns of its own": (
        {"features": ONE},
        {**PAIRS, "objective": {"infonce": {"learn_temperature": True}, "mse": {}}},
    ),
    "other views": (PAIRS, PAIRS | {"views": {"identity": {}, "mask": {"keep_probability": 0.5}}}),
    "another distribution": (
        {"features": ONE},
        {"features": {"zipf": {"exponent": 1.0}, **ONE}},
    ),
    "a recorded run": ({"record": {"steps": [0, 10]}}, {"record": {"steps": [0, 10]}, "seeds": 3}),
}
# These compile programs of their own, and run the code that the others run.
LONG = (
    "an objective after it",
    "more than a group of values",
    "a setting that becomes an axis",
    "an objective before it, with columns of its own",
    "other views",
    "another distribution",
    "a recorded run",
)


def read(*changes):
    return spec.parse({key: v for table in (BASE, *changes) for key, v in table.items()})


def run(sweep, folder, **options):
    """Two seeds in a chunk, on any machine."""
    return local.run(sweep, folder, devices=2, **options)


def trained(store):
    """The chunks that were trained, in order."""
    lines = (store.folder / "events.jsonl").read_text().splitlines()
    return [event["chunk"] for event in map(json.loads, lines) if "chunk" in event]


def instances(store):
    """How many instances are in each part."""
    chunks = store.manifest()["plan"]["chunks"]
    return {chunk["id"]: len(chunk["conditions"]) * len(chunk["seeds"]) for chunk in chunks}


def stopped_after(chunks):
    def callback(update):
        if update.chunks_done >= chunks:
            signal.raise_signal(signal.SIGINT)

    return callback


def interrupted(sweep, folder, chunks=1, **options):
    """The store of a run that stops before it has its results."""
    with pytest.raises(Interrupted):
        run(sweep, folder, callback=stopped_after(chunks), **options)
    with pytest.raises(ToysupError, match="is not finished"):
        Store(folder).results()
    return Store(folder)


def from_nothing(sweep, tmp_path):
    return run(sweep, tmp_path / "from nothing")


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    return run(read(), tmp_path_factory.mktemp("growing") / "run").folder


@pytest.fixture
def folder(finished, tmp_path):
    """A copy of the finished run of BASE, to grow."""
    return shutil.copytree(finished, tmp_path / "run")


def same(one, other):
    return one.results_path.read_bytes() == other.results_path.read_bytes()


@pytest.mark.some(2)
@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(*sweeps, id=kind, marks=[pytest.mark.long] if kind in LONG else [])
        for kind, sweeps in KINDS.items()
    ],
)
def test_a_grown_run_has_the_bytes_of_its_sweep_run_from_nothing(before, after, folder, tmp_path):
    if before:
        shutil.rmtree(folder)
        run(read(before), folder)
    parts = {path: path.read_bytes() for path in (folder / "parts").iterdir()}
    chunks = trained(Store(folder))
    grown = run(read(before, after), folder, extend=True)
    whole = from_nothing(read(before, after), tmp_path)
    assert same(grown, whole)
    assert {path: path.read_bytes() for path in parts} == parts
    assert trained(grown)[: len(chunks)] == chunks
    assert sorted(trained(grown)) == sorted(instances(grown))
    assert sum(instances(grown).values()) == sum(instances(whole).values())


@pytest.mark.long
def test_everything_that_is_measured_is_the_same_after_growth(tmp_path):
    before = {"measure": "all", "features": ONE}
    after = before | {"seeds": 3, "encoder": {"linear": {}, "relu": {}}}
    run(read(before), tmp_path / "run")
    grown = run(read(after), tmp_path / "run", extend=True)
    assert same(grown, from_nothing(read(after), tmp_path))


@pytest.mark.slow
def test_an_interrupted_run_grows_and_its_parts_stay(tmp_path):
    before, after = read({"seeds": 6}), read(probabilities(0.5, 1.0, 0.2), {"seeds": 7})
    there = trained(interrupted(before, tmp_path / "run"))
    grown = run(after, tmp_path / "run", extend=True)
    assert len(there) == 1
    assert len(trained(grown)) == len(set(trained(grown)))
    assert same(grown, from_nothing(after, tmp_path))


@pytest.mark.long
def test_a_growth_that_was_interrupted_goes_on_with_and_without_extend(folder, tmp_path):
    after, whole = read({"seeds": 8}), from_nothing(read({"seeds": 8}), tmp_path)
    interrupted(after, folder, 2, extend=True)
    for extend in (False, True):
        copy = shutil.copytree(folder, tmp_path / f"copy {extend}")
        grown = run(after, copy, extend=extend)
        assert len(trained(grown)) == len(set(trained(grown)))
        assert same(grown, whole)


@pytest.mark.long
def test_a_run_grows_again_and_again(folder, tmp_path):
    steps = [{"seeds": 3}, {"seeds": 3} | probabilities(0.5, 1.0, 0.2)]
    steps.append({**steps[-1], "seeds": 5, "title": "Large"})
    interrupted(read(steps[0]), folder, 1, extend=True)
    for changes in steps[1:]:
        grown = run(read(changes), folder, extend=True)
    assert len(grown.manifest()["earlier"]) == 3
    assert sum(instances(grown).values()) == 15
    assert same(grown, from_nothing(read(steps[-1]), tmp_path))


@pytest.mark.slow
def test_a_grid_that_is_turned_there_and_back_has_the_results_that_it_began_with(folder, finished):
    run(read(probabilities(0.2, 1.0)), folder, extend=True)
    back = run(read(), folder, extend=True)
    assert len(trained(back)) == 1
    assert same(back, Store(finished))


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        {"claims": [CLAIM, CLAIM | {"name": "other"}]},
        {"title": "Another"},
        {"question": "Why?"},
        {"claims": [CLAIM | {"says": "It is small."}]},
    ],
    ids=["a claim", "a title", "a question", "the words of a claim"],
)
def test_new_words_train_nothing_and_are_in_the_manifest_and_the_results(folder, tmp_path, words):
    before = trained(Store(folder))
    grown = run(read(words), folder, extend=True)
    assert trained(grown) == before
    assert "earlier" not in grown.manifest()
    assert same(grown, from_nothing(read(words), tmp_path))
    assert spec.Sweep.from_json(grown.manifest()["plan"]["sweep"]) == read(words)


@pytest.mark.slow
def test_the_same_sweep_with_extend_changes_nothing(folder):
    def files():
        return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}

    before = files()
    run(read(), folder, extend=True)
    assert files() == before


@pytest.mark.slow
def test_a_run_begins_with_extend(finished, tmp_path):
    begun = run(read(), tmp_path / "new", extend=True)
    assert same(begun, Store(finished))


SMALLER = {"seeds": 3} | probabilities(0.5, 0.2)
LOST = {
    "a value": (SMALLER, "2 of its 4 instances are not in it"),
    "a seed": ({"seeds": [1, 2]}, "2 of its 4 instances are not in it"),
    "the length": (
        {"train": BASE["train"] | {"steps": 40}, "seeds": 3},
        "4 of its 4 instances are not in it (seeds: 0, 1 -> 0, 1, 2; train.steps: 20 -> 40)",
    ),
    "the sweep's seed": ({"seed": 1}, "4 of its 4 instances are not in it (seed: 0 -> 1)"),
    "what is measured": ({"measure": "all"}, "4 of its 4 instances are not in it (measure: "),
    "what is recorded": ({"record": {"steps": [0]}}, "4 of its 4 instances are not in it"),
    "an objective": (
        {"objective": {"linear_mse": {}}},
        "some of its instances are not in it (objective.mse: removed; objective.linear_mse: added)",
    ),
    "a claim": ({"claims": []}, "claims that it was begun with would go or change (claims.low:"),
    "a prediction": (
        {"claims": [CLAIM | {"predicted": "supported"}]},
        "claims that it was begun with would go or change (claims.low: another predicted)",
    ),
}


@pytest.mark.parametrize(("changes", "reason"), LOST.values(), ids=LOST)
def test_a_sweep_that_lacks_what_is_there_is_refused_with_the_difference(folder, changes, reason):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(ToysupError) as refused:
        run(read(changes), folder, extend=True)
    said = str(refused.value)
    assert said.startswith(f"{folder}: cannot grow into this sweep, and is left as it is: {reason}")
    assert said.endswith("Start over in a new folder with --fresh, or choose one with --out.")
    assert refused.value.exit_code == 2
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.long
def test_data_that_has_changed_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = "\n".join(f"{i % 3},{i % 5},{i % 7}" for i in range(99))
    (tmp_path / "my.csv").write_text(f"a,b,c\n{rows}")
    table = {"features": {"table": {"path": "my.csv"}}, "model": {"n_features": 3, "d_hidden": 2}}
    run(read(table), tmp_path / "run")
    run(read(table, {"seeds": 3}), tmp_path / "run", extend=True)
    (tmp_path / "my.csv").write_text(f"a,b,c\n{rows}\n1,1,1")
    with pytest.raises(ToysupError, match=r"3 of its 3 instances .*table: my.csv has changed"):
        run(read(table, {"seeds": 4}), tmp_path / "run", extend=True)


def test_other_lanes_are_refused(folder):
    with pytest.raises(ToysupError, match="--lanes: 8 -> 4"):
        run(read({"seeds": 3}), folder, lanes=4, extend=True)


@pytest.mark.long
def test_lanes_that_were_chosen_stay_when_a_run_grows(tmp_path):
    run(read(), tmp_path / "run", lanes=4)
    grown = run(read({"seeds": 3}), tmp_path / "run", extend=True)
    assert {stack["group"] for stack in grown.manifest()["plan"]["stacks"]} == {4}


def test_without_extend_a_changed_sweep_is_refused_and_told_of_it_where_it_would_do(folder):
    remedy = "All of its instances are in this sweep: --extend keeps them and trains the rest. "
    for changes, helps in (({"seeds": 3}, True), (SMALLER, False)):
        with pytest.raises(ToysupError, match="was made with other inputs") as refused:
            run(read(changes), folder)
        assert (remedy in str(refused.value)) == helps


@pytest.mark.slow
def test_while_a_run_grows_its_old_results_are_not_taken_for_the_new(folder):
    old = Store(folder).results_path.read_bytes()
    store = interrupted(read({"seeds": 6}), folder, 2, extend=True)
    assert store.results_path.read_bytes() == old
    done, chunks = store.done(store.manifest())
    assert 0 < done < chunks
    with pytest.raises(ToysupError, match=f"is not finished: {done} of {chunks} chunks are done"):
        gather(store)
    assert catalogue.runs(str(folder.parent))[0]["summary"] == f"Small ({done} of {chunks} chunks)"


@pytest.mark.slow
def test_a_part_from_before_that_is_damaged_is_told_and_trained_again(folder, tmp_path):
    grown = run(read({"seeds": 3}), folder, extend=True)
    whole = grown.results_path.read_bytes()
    [part], [new] = (
        [grown.part(chunk) for chunk in instances(grown) if ("-g1" in chunk) == later]
        for later in (False, True)
    )
    part.write_bytes(new.read_bytes())
    with pytest.raises(DamagedError, match="holds the rows of another chunk"):
        run(read({"seeds": 3}), folder)
    part.unlink()
    assert run(read({"seeds": 3}), folder).results_path.read_bytes() == whole


@pytest.mark.slow
def test_a_part_of_another_run_is_none_of_a_grown_one(folder, tmp_path):
    other = run(read({"title": "Other", "seed": 1}), tmp_path / "other")
    name = sorted(path.name for path in other.parts.iterdir())[0]
    run(read({"seeds": 3}), folder, extend=True)
    shutil.copy(other.parts / name, folder / "parts" / name)
    with pytest.raises(DamagedError, match="it belongs to another run"):
        run(read({"seeds": 3}), folder)


@pytest.mark.slow
def test_a_dry_run_says_how_much_is_there_and_how_much_is_to_be_trained(folder):
    before = sorted(folder.rglob("*"))

    def counts(changes, out=folder):
        request = Request(BASE | changes)
        found = forecast_sweep(request, out=out, extend=True)
        return found["there"], found["to_train"], found["instances"]

    assert counts({}) == (4, 0, 4)
    assert counts({"seeds": 3} | probabilities(0.5, 1.0, 0.2)) == (4, 5, 9)
    assert counts({}, folder.parent / "new") == (0, 4, 4)
    with pytest.raises(ToysupError, match="cannot grow"):
        counts({"seeds": 1})
    assert sorted(folder.rglob("*")) == before


def test_extend_and_fresh_are_one_too_many(tmp_path):
    with pytest.raises(ToysupError, match="use one of them"):
        run_sweep(Request(BASE), tmp_path / "run", fresh=True, extend=True)

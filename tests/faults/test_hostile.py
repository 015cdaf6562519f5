"""A run's folder from a stranger: one line, and nothing written, read or waited for outside."""

import json
import os
import resource
from hashlib import sha256

import pyarrow as pa
import pytest

from tests.faults.runs import bomb, forged, in_process, mini, resealed, with_column
from toysup import claims, spec
from toysup.engine import local
from toysup.reports.findings import gather
from toysup.storage.store import Store

pytestmark = pytest.mark.slow

SWEEP = ("plan", "sweep")


def put(*path, value):
    """A change of a manifest: a value at a place."""

    def change(content):
        for key in path[:-1]:
            content = content[key]
        content[path[-1]] = value

    return change


MANIFESTS = {
    "an id that leads elsewhere": put("plan", "chunks", 0, "id", value="../../escaped"),
    "an absolute id": put("plan", "chunks", 0, "id", value="/etc/passwd"),
    "seeds below 0": put("plan", "chunks", 0, "seeds", value=[-1, 0]),
    "seeds that are no numbers": put("plan", "chunks", 0, "seeds", value=["0", "1"]),
    "no chunks": put("plan", "chunks", value=[]),
    "chunks that are a text": put("plan", "chunks", value="abc"),
    "lanes of 0": put("plan", "stacks", 0, "lanes", value=0),
    "a list of versions": put("versions", value=["jax"]),
    "no versions": put("versions", value=None),
    "versions that are numbers": put("versions", value={"jax": 1}),
    "no sources": put("sources", value=None),
    "a command that is a list": put("command", value=["rm"]),
    "a hash that is a number": put("plan", "hash", value=7),
    "no seeds": put(*SWEEP, "seeds", value=[]),
    "a title that is a list": put(*SWEEP, "title", value=["a"]),
    "no features": put(*SWEEP, "features", value=None),
    "a sweep that is a list": put(*SWEEP, value=[]),
    "a model of no size": put(*SWEEP, "model", value={}),
    "a claim that is a text": put(*SWEEP, "claims", value=["a"]),
    "a claim of a list": put(*SWEEP, "claims", 0, "metric", value=["loss"]),
    "a claim above a text": put(*SWEEP, "claims", 0, "below", value="1"),
    "a claim with another outcome": put(*SWEEP, "claims", 0, "outcome", value="perhaps"),
    "another seeds_per_chunk": put("plan", "seeds_per_chunk", value=True),
    "what it was earlier as a text": put("earlier", value="a"),
    "what it was earlier without a sweep": put("earlier", value=[{"seeds_per_chunk": 2}]),
}


def readers(store):
    """Everything that reads a run, on its own."""
    folder = store.folder
    yield lambda: gather(Store(folder))
    yield lambda: claims.check(Store(folder))
    yield lambda: Store(folder).frame()


@pytest.mark.parametrize("change", MANIFESTS.values(), ids=MANIFESTS)
def test_a_manifest_of_another_form_is_damaged_even_where_its_digest_is_right(store, change):
    resealed(store, change)
    sweep = spec.read(mini(store.folder.parent))
    before = sorted(store.folder.parent.rglob("*"))
    for read in (*readers(store), lambda: local.run(sweep, store.folder)):
        assert in_process(read) == f"6: {store.manifest_path}: is damaged. Start over with --fresh."
    assert sorted(store.folder.parent.rglob("*")) == before


CLAIMS = {
    "of texts": put(*SWEEP, "claims", 0, "metric", value="outcome"),
    "of lists": put(*SWEEP, "claims", 0, "metric", value="W"),
    "along what is not there": put(*SWEEP, "claims", 0, "along", value="nope"),
}


@pytest.mark.parametrize("change", CLAIMS.values(), ids=CLAIMS)
def test_a_claim_that_the_results_cannot_decide_is_told(store, change):
    resealed(store, change)
    again = Store(store.folder)
    forged(again, lambda table: table)
    for read in readers(store):
        assert in_process(read).startswith(f"6: {store.results_path}: is damaged (a claim ")


def grown_from(**tables):
    """A change of a manifest: the run grew, from a sweep with other tables."""

    def change(content):
        sweep = content["plan"]["sweep"] | tables
        content["earlier"] = [{"identity": "0" * 64, "sweep": sweep, "seeds_per_chunk": 2}]

    return change


PLANS = {
    "another chunk's seeds": put("plan", "chunks", 0, "seeds", value=[0, 3]),
    "another chunk's lanes": put("plan", "chunks", 0, "lanes", value=64),
    "a stack's static size": put("plan", "stacks", 0, "static", "n_features", value=6),
    "another id": put("plan", "chunks", 0, "id", value="mse-00-c000-s009"),
    "another group": put("plan", "group", value=4),
    "another hash": put("plan", "hash", value="0" * 16),
    "a setting more": put(*SWEEP, "more", value=1),
    "a seed that it had earlier": grown_from(seeds=[9]),
    "an objective that it had earlier": grown_from(objective={"../x": {}}),
    "steps that it had earlier": grown_from(objective_train={"mse": {"steps": [7]}}),
    "a text for a size earlier": grown_from(model={"n_features": ["a"], "d_hidden": [2]}),
}


@pytest.mark.parametrize("change", PLANS.values(), ids=PLANS)
def test_a_plan_that_is_not_that_of_its_sweep_is_not_gone_on_with(store, change):
    resealed(store, change)
    sweep = spec.read(mini(store.folder.parent))
    said = in_process(lambda: local.run(sweep, store.folder))
    assert said == f"6: {store.manifest_path}: is damaged. Start over with --fresh."


@pytest.mark.parametrize(
    "data",
    [b"", b"[" * 100_000, b"[" * 5_000_000, b"\xff\xfe", b'{"manifest_version": 1e999}', b"null"],
    ids=["blank", "deep", "very deep", "no text", "infinite", "null"],
)
def test_what_is_no_manifest_is_damaged(store, data):
    store.manifest_path.write_bytes(data)
    for read in readers(store):
        assert in_process(read) == f"6: {store.manifest_path}: is damaged. Start over with --fresh."


def nulls(name):
    return lambda table: with_column(table, name, [None] * table.num_rows)


def values(name, value):
    return lambda table: with_column(table, name, [value] * table.num_rows)


def of_type(name, kind):
    return lambda table: with_column(table, name, pa.array(["a"] * table.num_rows, kind))


FORGERIES = {
    "every row twice": lambda table: pa.concat_tables([table, table]),
    "no rows": lambda table: table.slice(0, 0),
    "a row less": lambda table: table.slice(1),
    "seeds of -1": values("seed", -1),
    "other conditions": values("condition", 7),
    "no W": lambda table: table.drop_columns(["W"]),
    "no loss": lambda table: table.drop_columns(["loss"]),
    "W twice": lambda table: table.append_column("W", table.column("W")),
    "a short W": values("W", [1.0]),
    "an infinite W": values("W", [float("inf")] * 10),
    "a huge code": lambda table: values("n_features", 200_000)(values("d_hidden", 200_000)(table)),
    "no features": values("n_features", 0),
    "a size that overflows": values("n_features", 2**62),
    "an outcome that is none": values("outcome", "[red]perhaps"),
    "NaN losses": values("loss", float("nan")),
    "texts for losses": of_type("loss", pa.string()),
    "texts for seeds": of_type("seed", pa.string()),
    "texts for sizes": of_type("d_hidden", pa.string()),
    "texts for probabilities": of_type("feature_probability", pa.string()),
    "no half": lambda table: with_column(table, "half", pa.nulls(table.num_rows)),
    "a struct": lambda table: table.append_column("x", pa.array([{"a": 1}] * table.num_rows)),
    "no settings": lambda table: table.replace_schema_metadata({}),
    "settings that are no columns": lambda table: table.replace_schema_metadata({"settings": "x"}),
    **{f"nulls in {n}": nulls(n) for n in ("W", "loss", "seed", "condition", "outcome")},
    **{f"nulls in {n}": nulls(n) for n in ("objective", "directions", "d_hidden", "distance")},
}

CURVES = {
    "curves of several lengths": lambda table: with_column(
        table, "loss_curve", [[1.0] * (1 + i) for i in range(table.num_rows)]
    ),
    "empty curves": values("loss_curve", []),
}


@pytest.mark.parametrize("change", CURVES.values(), ids=CURVES)
def test_curves_that_are_none_are_told_by_what_reads_curves(store, change):
    whole = store.results_path.read_bytes()
    forged(store, change)
    assert in_process(lambda: claims.check(Store(store.folder))) == "fine"
    for read in (lambda: gather(Store(store.folder)), lambda: Store(store.folder).frame()):
        assert in_process(read).startswith(f"6: {store.results_path}: is damaged (")
    local.run(spec.read(mini(store.folder.parent)), store.folder)
    assert store.results_path.read_bytes() == whole


@pytest.mark.some(4)
@pytest.mark.parametrize("change", FORGERIES.values(), ids=FORGERIES)
def test_results_that_are_not_those_of_their_run_are_damaged_and_made_of_the_parts_again(
    store, change
):
    whole = store.results_path.read_bytes()
    forged(store, change)
    for read in readers(store):
        said = in_process(read)
        assert said.startswith(f"6: {store.results_path}: is damaged (")
    local.run(spec.read(mini(store.folder.parent)), store.folder)
    assert store.results_path.read_bytes() == whole


def test_ten_million_rows_in_a_small_file_take_no_memory(store):
    data = bomb(store.results(), 10_000_000)
    assert len(data) < 200_000
    small = pa.table({"a": [1]})
    store.publish_tables(small.schema, [small])
    store.results_path.write_bytes(data)
    store.results_file.digest_path.write_text(f"{sha256(data).hexdigest()}  results.parquet\n")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for read in readers(store):
        assert "has 10,000,000 rows, and its run has at most" in in_process(read)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kB


THINGS = {
    "a link": lambda path, outside: path.symlink_to(outside),
    "a broken link": lambda path, outside: path.symlink_to(outside.with_name("nowhere")),
    "a pipe": lambda path, outside: os.mkfifo(path),
    "a folder": lambda path, outside: path.mkdir(),
}
CLAIM = ".shard-1-of-1"
FILES = ("manifest.json", "results.parquet", "results.sha256", "events.jsonl", CLAIM, "part")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("thing", THINGS)
def test_what_is_no_regular_file_is_neither_read_nor_written_nor_waited_for(
    store, tmp_path, name, thing
):
    path = sorted(store.parts.iterdir())[0] if name == "part" else store.folder / name
    outside = tmp_path / "outside"
    outside.write_bytes(b"" if name == CLAIM else path.read_bytes())
    path.unlink(missing_ok=True)
    THINGS[thing](path, outside)
    content = outside.read_bytes()
    if name in ("manifest.json", "results.parquet", "results.sha256"):
        assert in_process(lambda: gather(Store(store.folder))).startswith(f"6: {path}: is a link")
    sweep = spec.read(mini(tmp_path))
    said = in_process(lambda: local.run(sweep, store.folder))
    if name == "events.jsonl":  # nothing is trained, and so nothing is logged
        said = in_process(lambda: store.log(a=1))
    assert said.split(":")[0] in ("2", "6"), said
    assert outside.read_bytes() == content
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("name", ["parts", "plugins"])
def test_a_folder_that_is_a_link_is_refused(store, tmp_path, name):
    (tmp_path / "outside").mkdir()
    if name == "parts":
        store.parts.rename(tmp_path / "moved")
    (store.folder / name).symlink_to(tmp_path / "outside")
    said = in_process(lambda: local.run(spec.read(mini(tmp_path)), store.folder))
    assert said.startswith(f"6: {store.folder / name}: is a link or a file, where a run has")
    assert list((tmp_path / "outside").iterdir()) == []


@pytest.mark.long
def test_parts_that_are_swapped_or_of_another_run_are_told(store, tmp_path):
    sweep = spec.read(mini(tmp_path))
    first, second = sorted(store.parts.iterdir())[:2]
    whole = first.read_bytes()
    first.write_bytes(second.read_bytes())
    said = in_process(lambda: local.run(sweep, store.folder))
    assert said.startswith(f"6: {first}: is damaged (holds the rows of another chunk")
    other = local.run(spec.read(mini(tmp_path), ["steps=40"]), tmp_path / "other")
    first.write_bytes(sorted(other.parts.iterdir())[0].read_bytes())
    said = in_process(lambda: local.run(sweep, store.folder))
    assert said.startswith(f"6: {first}: is damaged (it belongs to another run)")
    first.write_bytes(whole)
    for name in ("results.parquet", "results.sha256"):
        (store.folder / name).write_bytes((other.folder / name).read_bytes())
    said = in_process(lambda: gather(store))
    assert said.startswith(f"6: {store.results_path}: is damaged (it belongs to another run)")


@pytest.mark.some(2)
@pytest.mark.parametrize("data", [b"", b"\xff" * 80, b"abc  results.parquet\n", None])
def test_results_without_their_checksum_are_told_and_mended_by_the_same_command(store, data):
    store.results_file.digest_path.unlink()
    if data is not None:
        store.results_file.digest_path.write_bytes(data)
    assert in_process(lambda: gather(store)).startswith("6: ")
    local.run(spec.read(mini(store.folder.parent)), store.folder)
    assert in_process(lambda: gather(store)) == "fine"


def test_the_manifest_is_that_of_its_digest(store):
    content = json.loads(store.manifest_path.read_bytes())
    content["plan"]["sweep"]["train"]["learning_rate"] = [0.02]
    store.manifest_path.write_text(json.dumps(content))
    assert in_process(lambda: gather(Store(store.folder))).startswith("6: ")

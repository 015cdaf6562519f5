"""Plug-ins from files of the user's: what they can do, and what is said of those that cannot."""

import json
from pathlib import Path

import pandas as pd
import pytest

import toysup
from toysup import registry, spec
from toysup.claims import check
from toysup.errors import ToysupError
from toysup.new import write
from toysup.registry import outside
from toysup.report import findings, pictures
from toysup.spec.plugins import use_in_every_sweep
from toysup.storage.store import Store

SMALL = {
    "seeds": 2,
    "model": {"n_features": 5, "d_hidden": 2},
    "train": {"steps": 20, "batch_size": 16},
    "features": {"independent": {"feature_probability": 0.3}},
}
OBJECTIVE = '''
import jax.numpy as jnp
from flax import struct
from toysup.plugin import Objective, setting

@struct.dataclass
class Squares(Objective):
    """Mean of squares. Source: this test."""

    def loss(self, model, key, x):
        return jnp.mean(model.encode(x) ** 2)

    @staticmethod
    def workspace(n_features, d_hidden, batch):
        return n_features * batch
'''


@pytest.fixture(autouse=True)
def nothing_else(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    yield
    use_in_every_sweep([])


@pytest.fixture
def put(tmp_path):
    def put(text, name="squares.py"):
        (tmp_path / name).write_text(text)
        return name

    return put


def sweep(*plugins, **more):
    return spec.parse(SMALL | {"plugins": list(plugins), "objective": {"squares": {}}} | more)


def refusal(*plugins):
    with pytest.raises(ToysupError) as caught:
        toysup.sweep(SMALL | {"plugins": list(plugins), "objective": {"squares": {}}}, "run")
    line = str(caught.value).splitlines()[0]
    assert not Path("run", "manifest.json").exists()
    return line


def test_a_file_is_a_plugin_while_a_sweep_names_it(put):
    put(OBJECTIVE)
    made = sweep("squares.py")
    assert "squares" in registry.names("objectives")
    assert made.plugins == (("objectives", "squares", outside.read(Path("squares.py")).digest),)
    spec.parse(SMALL | {"objective": {"mse": {}}})
    assert "squares" not in registry.names("objectives")


def test_a_plugin_that_the_command_line_names_is_used_wherever_it_is(put, tmp_path, monkeypatch):
    put(OBJECTIVE)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    use_in_every_sweep([Path("../squares.py")])
    assert sweep().plugins[0][:2] == ("objectives", "squares")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("def broken(:\n", "squares.py, line 1: invalid syntax."),
        ("x = 1\ny = unknown\n", "squares.py, line 2: NameError: name 'unknown' is not defined."),
        ("x = 1\n", "squares.py: defines no plug-in: no class with a base class of"),
        (OBJECTIVE + OBJECTIVE.replace("Squares", "Cubes"), "defines 2 plug-ins, Squares, Cubes"),
        (OBJECTIVE.replace("def loss", "def lost"), "Squares does not define loss, which"),
        (OBJECTIVE.replace('"""Mean of squares. Source: this test."""', ""), "has no docstring"),
        (
            OBJECTIVE.replace("    def loss", "    power: float = 2.0\n\n    def loss"),
            "Squares declares power without setting(default, what it is).",
        ),
        (
            OBJECTIVE.replace("jnp.mean(model.encode(x) ** 2)", "model.encode(x)"),
            "squares.py: TypeError: loss must be floats of shape (), not float32 (2, 16).",
        ),
        (
            OBJECTIVE.replace("jnp.mean(model.encode(x) ** 2)", "model.encoding(x)"),
            "squares.py, line 11: AttributeError: 'Model' object has no attribute 'encoding'.",
        ),
    ],
)
def test_a_plugin_that_cannot_do_its_part_is_refused_in_one_line(put, text, says):
    assert says in refusal(put(text))


def test_a_file_that_is_not_there_or_no_python_is_refused(put):
    assert "squares.py: there is no such file." in refusal("squares.py")
    assert "a plug-in is a Python file" in refusal(put("", "squares.txt"))


def test_a_name_that_is_taken_is_refused(put, tmp_path):
    put(OBJECTIVE, "mse.py")
    assert "the name mse is taken: toysup has an objective of that name" in refusal("mse.py")
    (tmp_path / "more").mkdir()
    put(OBJECTIVE)
    put(OBJECTIVE + "# another\n", "more/squares.py")
    assert "the name squares is taken" in refusal("squares.py", "more/squares.py")


def test_a_path_outside_of_the_sweeps_folder_is_refused(put, tmp_path, monkeypatch):
    put(OBJECTIVE)
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert "which is not below the sweep file's folder" in refusal("../squares.py")
    assert "which is not below the sweep file's folder" in refusal(str(tmp_path / "squares.py"))


@pytest.mark.slow
def test_a_run_keeps_the_source_and_refuses_another(put):
    put(OBJECTIVE)
    mapping = SMALL | {"plugins": ["squares.py"], "objective": {"squares": {}}}
    first = toysup.sweep(mapping, "run")
    assert Path("run/plugins/squares.py").read_text() == OBJECTIVE
    pd.testing.assert_frame_equal(toysup.sweep(mapping, "run"), first)
    put(OBJECTIVE + "\n# changed\n")
    with pytest.raises(ToysupError, match="plug-in squares: changed"):
        toysup.sweep(mapping, "run")


@pytest.mark.slow
def test_what_only_reads_a_run_runs_no_code_of_it(put):
    trap = "open('executed', 'a').write('x')\n"
    put(trap + OBJECTIVE)
    write("picture", "norms", Path())
    put(trap + Path("norms.py").read_text(), "norms.py")
    claim = {"name": "a", "says": "So.", "rows": {}, "metric": "n_represented", "above": 0.5}
    asked = {"pictures": ["norms"], "claims": [claim | {"predicted": "supported"}]}
    mapping = SMALL | {"plugins": ["squares.py", "norms.py"], "objective": {"squares": {}}}
    toysup.sweep(mapping | asked, "run")
    use_in_every_sweep([])
    Path("executed").unlink()
    store = Store(Path("run"))
    found = findings.gather(store)
    check(store)
    assert list(pictures.pictures(found)) == []
    assert "toysup --plugin run/plugins/norms.py report run" in found.caveats[-1]
    toysup.judge("run")
    assert not Path("executed").exists()
    use_in_every_sweep([Path("run/plugins/norms.py")])
    assert [name for name, _ in pictures.pictures(findings.gather(store))] == ["norms"]


@pytest.mark.slow
def test_one_of_each_kind_works_together_from_a_template(put):
    for kind in ("objective", "features", "view", "encoder", "metric", "picture"):
        write(kind, f"my_{kind}", Path())
    claim = {"name": "a", "says": "So.", "rows": {"encoder": "my_encoder"}, "metric": "my_metric"}
    mapping = {
        "seeds": 2,
        "plugins": sorted(str(path) for path in Path().glob("my_*.py")),
        "pictures": ["my_picture"],
        "model": {"n_features": 5, "d_hidden": 2},
        "train": {"steps": 20, "batch_size": 16},
        "features": {"my_features": {"low": [0.2, 0.5]}},
        "objective": {"my_objective": {"power": [1.5, 2.0]}, "infonce": {}},
        "views": {"my_view": {}},
        "encoder": {"my_encoder": {}},
        "claims": [claim | {"above": 0.0, "predicted": "supported"}],
    }
    rows = toysup.sweep(mapping, "run")
    assert len(rows) == 2 * (4 + 2)
    assert (rows["my_metric"] >= 0).all()
    assert rows["half"].map(lambda half: half["my_metric"]).notna().all()
    assert rows["low"].nunique() == 2
    found = findings.gather(Store(Path("run")))
    assert "my_metric" in found.lines[0].points[0].measured
    assert json.loads(Path("run/manifest.json").read_text())["plan"]["sweep"]["plugins"]
    [(_, picture)] = pictures.pictures(found)
    assert picture.draw(found).axes

"""Plug-ins from files of the user's: what they can do, and what is said of those that cannot."""

import json
from pathlib import Path
from types import SimpleNamespace

import jax
import pandas as pd
import pytest

import toysup
from toysup import registry, spec, testing
from toysup.claims import check
from toysup.errors import ToysupError
from toysup.new import write
from toysup.registry import outside
from toysup.reports import findings, pictures
from toysup.spec.plugins import use_in_every_sweep
from toysup.storage.store import Store

SMALL = {
    "seeds": 2,
    "measure": "directions",
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


def test_a_measure_with_the_name_of_a_setting_is_refused_before_anything_is_trained(put):
    text = OBJECTIVE.replace("import Objective", "import Measure, Objective").replace(
        "    def loss",
        """    scale: float = setting(1.0, "factor of the loss")

    measures = (Measure("scale", "1", "How large the code is.", "this test"),)

    def measure(self, model, key, x):
        return {"scale": jnp.mean(model.encode(x) ** 2)}

    def loss""",
    )
    put(text)
    assert refusal("squares.py") == (
        'sweep: plugins: Two columns have the name scale: "Setting: factor of the loss." and '
        '"How large the code is." Rename one of them.'
    )


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
            "squares.py: loss must be floats of shape (), not float32 (2, 16).",
        ),
        (
            OBJECTIVE.replace("jnp.mean(model.encode(x) ** 2)", "model.encoding(x)"),
            "squares.py, line 11: AttributeError: 'Model' object has no attribute 'encoding'.",
        ),
    ],
)
def test_a_plugin_that_cannot_do_its_part_is_refused_in_one_line(put, text, says):
    assert says in refusal(put(text))


FEATURES = '''
import jax
import jax.numpy as jnp
from flax import struct
from toysup.plugin import FeatureDistribution, setting

@struct.dataclass
class Thing(FeatureDistribution):
    """Uniform. Source: this test."""

    shift: float = setting(0.0, "what is added", traced=True, low=-1.0, high=1.0)

    def sample(self, key, n_features, batch):
        return jax.random.uniform(key, (n_features, batch)) + self.shift

    def resample_amplitudes(self, key, x):
        return x
'''
ENCODER = '''
from flax import struct
from toysup.plugin import Encoder
from toysup.encoders.linear import Linear

@struct.dataclass
class Thing(Encoder):
    """h = W x. Source: this test."""

    def module(self, n_features, d_hidden):
        return Linear().module(n_features, d_hidden)

    @staticmethod
    def workspace(settings):
        return settings["unknown"]
'''
CODES = "\n    def codes(self, model):\n        return "


@pytest.mark.some(2)
@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        (
            "objective",
            OBJECTIVE.replace("return n_features * batch", "return None"),
            "thing.py: workspace must give a number, 0 or more, not None.",
        ),
        (
            "objective",
            OBJECTIVE.replace("return n_features * batch", "return -5"),
            "thing.py: workspace must give a number, 0 or more, not -5.",
        ),
        (
            "objective",
            f"{OBJECTIVE}{CODES}model.W\n",
            "thing.py: codes must give a dict with at least one set of directions, "
            "not float32 (2, 5).",
        ),
        (
            "objective",
            f'{OBJECTIVE}{CODES}{{"mine": model.W.T}}\n',
            "thing.py: the directions mine must be floats of shape (2, 5), not float32 (5, 2).",
        ),
        (
            "objective",
            OBJECTIVE.replace("        return jnp.mean", "        if x[0, 0] > 0: return jnp.mean"),
            "thing.py, line 11: a traced setting or an array has no value in Python here. Use "
            "jnp.where and jax.numpy, or leave out traced=True.",
        ),
        ("objective", OBJECTIVE.replace("@struct.dataclass\n", ""), "lacks @struct.dataclass."),
        ("encoder", ENCODER, "thing.py, line 15: KeyError: 'unknown'."),
        (
            "features",
            FEATURES + "\n    def partners(self, n_features):\n        return jnp.eye(3)\n",
            "thing.py: partners must give a mask of bool and shape (5, 5), not float32 (3, 3).",
        ),
        (
            "features",
            FEATURES.replace("setting(0.0", "setting(-0.5"),
            "thing.py: sample gave a value below 0. Set signed = True if that is meant.",
        ),
    ],
)
def test_a_method_that_answers_wrongly_is_one_line_before_training_and_fails_its_test(
    put, kind, text, says
):
    put(text.replace("class Squares", "class Thing"), "thing.py")
    mapping = SMALL | {"objective": {"mse": {}}, kind: {"thing": {}}, "plugins": ["thing.py"]}
    with pytest.raises(ToysupError) as caught:
        toysup.sweep(mapping, "run")
    assert str(caught.value).endswith(says)
    assert "\n" not in str(caught.value)
    if "lacks" not in says:
        with pytest.raises((AssertionError, KeyError, jax.errors.ConcretizationTypeError)):
            testing.check(outside.read(Path("thing.py")).cls)


@pytest.mark.slow
def test_a_value_below_0_is_found_in_any_condition(put):
    put(FEATURES, "thing.py")
    mapping = SMALL | {"objective": {"mse": {}}, "plugins": ["thing.py"]}
    with pytest.raises(ToysupError, match="sample gave a value below 0"):
        toysup.sweep(mapping | {"features": {"thing": {"shift": [0.0, -0.5]}}}, "run")


@pytest.mark.long
def test_a_loss_that_is_not_finite_is_told_with_its_settings(put):
    norm = "jnp.mean(jnp.linalg.norm(model.encode(x), axis=0)) * self.scale"
    text = OBJECTIVE.replace("jnp.mean(model.encode(x) ** 2)", norm)
    scale = '    scale: float = setting(1.0, "a scale", traced=True)\n\n    def loss'
    put(text.replace("    def loss", scale))
    with pytest.raises(AssertionError, match=r"Squares\(scale=1.0\): its loss or gradient is not"):
        testing.check(outside.read(Path("squares.py")).cls)


def test_a_plugin_that_failed_is_told_once(put):
    put("def broken(:\n")
    with pytest.raises(ToysupError) as caught:
        sweep("squares.py", pictures=["squares"])
    assert str(caught.value) == "sweep: plugins: squares.py, line 1: invalid syntax."


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("raise ValueError('no rows')", "norms.py, line 12: ValueError: no rows."),
        ("return None", "norms.py: draw must give a matplotlib figure, not NoneType."),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_one_line(put, body, says):
    text = '''"""A picture."""

from toysup.plugin import Picture


class Norms(Picture):
    """Nothing."""

    title = "Norms"
    caption = "Nothing."
    def draw(self, findings):
        '''
    use_in_every_sweep([Path(put(text + body, "norms.py"))])
    found = SimpleNamespace(sweep={"pictures": ["norms"]}, lines=())
    with pytest.raises(ToysupError) as caught:
        pictures.write(found, Path("drawn"))
    assert str(caught.value) == says


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
    with pytest.raises(ToysupError, match=r"was made with other inputs.*plug-in squares: removed"):
        toysup.sweep(SMALL | {"objective": {"mse": {}}}, "run")


@pytest.mark.long
def test_a_run_grows_by_a_plugin_and_not_by_a_metric(put):
    put(OBJECTIVE)
    write("metric", "my_metric", Path())
    small = SMALL | {"measure": "all"}
    before = small | {"objective": {"mse": {}}}
    after = small | {"plugins": ["squares.py"], "objective": {"squares": {}, "mse": {}}}
    toysup.sweep(before, "run")
    toysup.sweep(after, "run", extend=True)
    toysup.sweep(after, "whole")
    results = [Path(run, "results.parquet").read_bytes() for run in ("run", "whole")]
    assert results[0] == results[1]
    assert Path("run/plugins/squares.py").read_text() == OBJECTIVE
    with pytest.raises(ToysupError, match=r"4 of its 4 instances .*plug-in my_metric: added"):
        toysup.sweep(after | {"plugins": ["squares.py", "my_metric.py"]}, "run", extend=True)
    put(OBJECTIVE.replace("** 2", "** 4"))
    with pytest.raises(ToysupError, match=r"2 of its 4 instances .*plug-in squares: changed"):
        toysup.sweep(after | {"seeds": 3}, "run", extend=True)


@pytest.mark.long
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


@pytest.mark.long
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

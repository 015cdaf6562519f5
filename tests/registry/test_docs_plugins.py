"""What docs/plugins.md says of plug-ins is so."""

import tomllib
from pathlib import Path

import pytest

import toysup.plugin
from tests.documents import ROOT, blocks, write_files
from toysup import registry, spec, testing
from toysup.new import KINDS, write
from toysup.registry import outside
from toysup.registry.installed import GROUP
from toysup.spec.plugins import use_in_every_sweep

DOCUMENT = ROOT / "docs" / "plugins.md"
TEXT = DOCUMENT.read_text()
BASES = ("Objective", "FeatureDistribution", "View", "Encoder", "Metric", "Picture")


@pytest.fixture
def files(tmp_path):
    yield {path.name: path for path in write_files(DOCUMENT, tmp_path)}
    use_in_every_sweep([])


@pytest.mark.slow
def test_the_objective_of_the_document_keeps_what_its_family_promises(files):
    testing.check(outside.read(files["cosine.py"]).cls)


def test_the_sweep_of_the_document_uses_it(files):
    read = spec.read(files["cosine.toml"])
    assert read.plugins[0][:2] == ("objectives", "cosine")
    assert read.objective["cosine"]["target"] == (0.5, 1.0)


def test_the_test_of_the_document_is_the_one_that_is_written(files, tmp_path):
    (tmp_path / "new").mkdir()
    _, test = write("objective", "cosine", tmp_path / "new")
    assert files["test_cosine.py"].read_text() == f"# test_cosine.py\n{test.read_text()}"


@pytest.mark.parametrize("base", BASES)
def test_the_table_has_what_each_base_class_must_write(base):
    cls = getattr(toysup.plugin, base)
    [row] = [line for line in TEXT.splitlines() if line.startswith(f"| `{base}` |")]
    assert f"| {', '.join(f'`{name}`' for name in cls.must_write)} |" in row
    assert cls.family in registry.FAMILIES


def test_every_kind_and_family_is_there():
    assert all(f"`{kind}`" in TEXT for kind in KINDS)
    assert all(f"`{family}`" in TEXT for family in registry.FAMILIES)


def test_the_entry_point_is_of_the_group_and_its_name_of_a_family():
    [text] = [text for text in blocks(DOCUMENT, "toml") if "entry-points" in text]
    points = tomllib.loads(text)["project"]["entry-points"][GROUP]
    assert {name.partition(".")[0] for name in points} <= set(registry.FAMILIES)


HEAD = "from flax import struct\nfrom toysup.plugin import Objective\n\n"
SQUARES = '@struct.dataclass\nclass Squares(Objective):\n    """Squares."""\n'
LOSS = "    def loss(self, model, key, x):\n        return x.sum()\n    workspace = None\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("squares", "def broken(:\n"),
        ("squares", HEAD + SQUARES + "    workspace = None\n"),
        ("squares", (HEAD + SQUARES + LOSS).replace("@struct.dataclass\n", "")),
        ("mse", (HEAD + SQUARES + LOSS).replace("Squares", "Mse")),
    ],
)
def test_each_fault_of_the_document_is_what_is_said(tmp_path, monkeypatch, name, text):
    monkeypatch.chdir(tmp_path)
    Path(f"{name}.py").write_text(text)
    Path("my.toml").write_text(f'plugins = ["{name}.py"]\n[objective.{name}]\n')
    with pytest.raises(toysup.errors.ToysupError) as caught:
        spec.read(Path("my.toml"))
    assert str(caught.value) in TEXT.splitlines()

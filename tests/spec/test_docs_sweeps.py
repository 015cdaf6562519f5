"""docs/sweeps.md has every key of a sweep file."""

import re
from pathlib import Path

import pytest

from tests.documents import ROOT, blocks, write_files
from toysup import spec
from toysup.errors import SpecError
from toysup.spec import axes, claim, label, small, top
from toysup.spec.record import STEP
from toysup.spec.tables import CORE_TABLES, SCALARS, TOP_KEYS, takes

DOCUMENT = ROOT / "docs" / "sweeps.md"
TEXT = DOCUMENT.read_text()
KEYS = [*claim.KEYS, *small.KEYS, STEP.name, *claim.Quantifier, *claim.PREDICTIONS, *top.MEASURES]
SETTINGS = [(table, setting) for table in CORE_TABLES for setting in takes(table).values()]


def code(word):
    """Whether a word stands in the document as code, alone or with its quotes."""
    return f"`{word}`" in TEXT or f'`"{word}"`' in TEXT


@pytest.mark.parametrize("key", TOP_KEYS)
def test_every_key_of_a_sweep_is_there(key):
    tables = (f"`[{key}]`", f"`[[{key}]]`", f"`[{key}.NAME]`")
    assert (
        f"| `{key}` |" in TEXT if key in SCALARS else any(t in TEXT for t in (*tables, f"`{key}`"))
    )


@pytest.mark.parametrize("key", KEYS)
def test_every_key_and_word_of_a_claim_of_small_and_of_record_is_there(key):
    assert code(key)


@pytest.mark.parametrize("judged", label.JUDGED)
def test_every_verdict_that_a_claim_may_name_is_there(judged):
    assert code(judged)


@pytest.mark.parametrize("maker", axes.MAKERS)
def test_every_way_to_make_an_axis_is_there(maker):
    assert re.search(rf"`{{ {maker} = \[", TEXT)


@pytest.mark.parametrize(("table", "setting"), SETTINGS, ids=lambda x: getattr(x, "name", x))
def test_every_setting_of_model_and_train_is_there_with_its_default(table, setting):
    default = f'"{setting.default}"' if setting.kind is str else f"{setting.default:g}"
    assert f"| `{table}.{setting.name}` | `{default}` |" in TEXT


def test_the_example_with_everything_has_every_key(tmp_path):
    everything = write_files(DOCUMENT, tmp_path)[-1]
    words = set(re.findall(r"\w+", everything.read_text()))
    assert words >= {*TOP_KEYS, *claim.KEYS} - {"views", "outcome", "check", "than"}
    read = spec.read(everything)
    assert len(read.claims) == 6
    assert [c.name for c in spec.read(everything, small=True).claims] == ["phases"]


SLIPS = """title = "Two slips"

[views.mask]

[features.independent]

[objective.infonce]
# the third letter
temprature = 0.1

[model]
objective = "mse"
"""


def test_the_messages_of_the_document_are_what_is_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("my.toml").write_text(SLIPS)
    with pytest.raises(SpecError) as caught:
        spec.read("my.toml")
    [told] = [block for block in blocks(DOCUMENT, "text") if block.startswith("my.toml")]
    for line, said in zip(told.splitlines(), caught.value.faults, strict=True):
        assert said.startswith(line.removesuffix(" [...]"))

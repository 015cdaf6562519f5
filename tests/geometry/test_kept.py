import json

import pytest

from toysup.files import cache
from toysup.geometry import kept
from toysup.geometry.optimum import EXPONENTIAL_PROBLEM, PACKING_PROBLEM


@pytest.fixture
def base(monkeypatch, tmp_path):
    monkeypatch.setenv(cache.SWITCH, str(tmp_path))
    return tmp_path


def test_what_is_kept_is_recalled_for_its_own_size_alone(base):
    kept.keep("packing", 9, 3, 0.123)
    assert kept.recall("packing", 9, 3) == 0.123
    assert kept.recall("packing", 9, 4) is kept.recall("exponential", 9, 3) is None


@pytest.mark.parametrize(
    "damage", [b"", b"\xff\x00", b"[]", b"null", b'{"found": "x"}', b'{"found": 1}', b"{}"]
)
def test_a_damaged_file_is_ignored_and_replaced(base, damage):
    kept.keep("packing", 9, 3, 0.123)
    kept.place("packing", 9, 3).write_bytes(damage)
    assert kept.recall("packing", 9, 3) is None
    kept.keep("packing", 9, 3, 0.124)
    assert kept.recall("packing", 9, 3) == 0.124


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-1", "0", "true", '"0.1"'])
def test_a_value_that_no_energy_has_is_ignored(base, value):
    text = json.dumps({"kind": "packing", "r": 9, "m": 3, "found": None}).replace("null", value)
    kept.place("packing", 9, 3).write_text(text)
    assert kept.recall("packing", 9, 3) is None


def test_another_files_content_is_ignored(base):
    kept.keep("packing", 9, 3, 0.123)
    kept.place("packing", 9, 4).write_bytes(kept.place("packing", 9, 3).read_bytes())
    assert kept.recall("packing", 9, 4) is None


def test_nothing_is_kept_where_nothing_may_be(monkeypatch):
    monkeypatch.setenv(cache.SWITCH, "off")
    kept.keep("packing", 9, 3, 0.123)
    assert kept.place("packing", 9, 3) is kept.recall("packing", 9, 3) is None


def test_other_code_finds_anew(base, monkeypatch):
    kept.keep("packing", 9, 3, 0.123)
    monkeypatch.setattr(kept, "version", lambda: "another")
    assert kept.recall("packing", 9, 3) is None


@pytest.mark.slow
@pytest.mark.parametrize("problem", [PACKING_PROBLEM, EXPONENTIAL_PROBLEM])
def test_a_search_is_made_once_and_recalled(base, monkeypatch, problem):
    first = problem.searched(26, 12)
    monkeypatch.setattr("toysup.geometry.search.best_code", None)
    assert problem.searched(26, 12) == first
    assert [path.suffix for path in cache.folder().iterdir()] == [".json"]


def test_a_full_disk_is_no_error(base, monkeypatch):
    def full(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("toysup.geometry.kept.replace_file", full)
    kept.keep("packing", 9, 3, 0.123)
    assert kept.recall("packing", 9, 3) is None

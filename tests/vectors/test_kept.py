"""Machine code between processes."""

import jax
import pytest

from toysup.vectors import kept


@pytest.fixture
def folder(tmp_path):
    before = jax.config.values["jax_compilation_cache_dir"]
    jax.config.update("jax_compilation_cache_dir", str(tmp_path))
    yield tmp_path
    jax.config.update("jax_compilation_cache_dir", before)


def never():
    pytest.fail("it is compiled again")


def test_what_is_compiled_once_is_kept_for_its_source_and_recipe_alone(folder):
    assert kept.once("a", "cpu", lambda: b"code") == b"code"
    assert kept.once("a", "cpu", never) == b"code"
    assert kept.once("b", "cpu", lambda: b"of b") == b"of b"
    assert kept.once("a", "another", lambda: b"of another") == b"of another"


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "of another"])
def test_a_damaged_file_is_compiled_again_and_mended(folder, damage):
    kept.once("a", "cpu", lambda: b"code")
    kept.once("b", "cpu", lambda: b"of b")
    path = kept.place("a", "cpu")
    whole = path.read_bytes()
    flipped = bytes([*whole[:-1], whole[-1] ^ 1])
    other = kept.place("b", "cpu").read_bytes()
    path.write_bytes(
        {"cut": whole[:-1], "flipped": flipped, "empty": b"", "of another": other}[damage]
    )
    assert kept.once("a", "cpu", lambda: b"code") == b"code"
    assert path.read_bytes() == whole


def test_nothing_is_kept_where_jax_has_no_folder_for_its_programs(folder):
    for elsewhere in (None, "gs://bucket/folder", str(folder / "missing")):
        jax.config.update("jax_compilation_cache_dir", elsewhere)
        assert kept.place("a", "cpu") is None
        assert kept.once("a", "cpu", lambda: b"code") == b"code"
    assert not list(folder.iterdir())


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(folder, monkeypatch):
    def full(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept, "replace_file", full)
    assert kept.once("a", "cpu", lambda: b"code") == b"code"

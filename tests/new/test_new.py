from pathlib import Path

import pytest

from toysup import testing
from toysup.errors import ToysupError
from toysup.new import KINDS, write
from toysup.registry import outside


@pytest.mark.some(2)
@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_keeps_what_its_family_promises(tmp_path, kind):
    plugin, test = write(kind, "my_thing", tmp_path)
    made = outside.read(plugin)
    assert (made.family, made.name, made.cls.__name__) == (KINDS[kind], "my_thing", "MyThing")
    testing.check(made.cls)
    names = {"__file__": str(test)}
    exec(compile(test.read_text(), test, "exec"), names)
    assert callable(names["test_my_thing_keeps_what_its_family_promises"])


def test_a_folder_that_is_not_there_is_made(tmp_path):
    plugin, test = write("metric", "spread", tmp_path / "a" / "b")
    assert all(path.exists() for path in (plugin, test))


def test_nothing_is_written_over_and_no_name_is_taken(tmp_path):
    (tmp_path / "test_spread.py").write_text("mine")
    with pytest.raises(ToysupError, match=r"test_spread\.py: is there already"):
        write("metric", "spread", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["test_spread.py"]
    with pytest.raises(ToysupError, match="there is one already"):
        write("objective", "mse", tmp_path)


@pytest.mark.parametrize("name", ["Cosine", "my-loss", "2nd", "class", ""])
def test_a_name_that_cannot_be_a_modules_is_refused(tmp_path, name):
    with pytest.raises(ToysupError, match="small letters"):
        write("objective", name, tmp_path)


def test_an_unknown_kind_is_refused_with_those_there_are():
    with pytest.raises(ToysupError, match="Choose objective, features, view, encoder"):
        write("loss", "cosine", Path())

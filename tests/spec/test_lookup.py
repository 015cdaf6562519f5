"""A sweep is found by a path or a name, and a file beside the user wins."""

from pathlib import Path

import pytest

from toysup.errors import SpecError
from toysup.files import packaged
from toysup.spec import lookup, read

ROOT = Path(__file__).parents[2]
OWN = 'title = "Own"\n[objective.mse]\n'


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path):
    Path(path).parent.mkdir(exist_ok=True)
    Path(path).write_text(OWN)
    return Path(path)


def test_every_packaged_sweep_is_found_by_its_name_in_any_folder():
    known = packaged.sweeps()
    assert {"question", "pentagon", "elhage2022_polygons"} <= set(known)
    assert known["question"] == ROOT / "sweeps" / "question.toml"  # a checkout has no copy
    for name, path in known.items():
        assert lookup.find(name) == path
    assert read("question").name == "question"


def test_a_file_beside_the_user_wins_over_a_packaged_sweep_nearest_first():
    for path in ("sweeps/question.toml", "question.toml", "question"):
        written = write(path)
        assert lookup.find("question") == written
    assert read("question").title == "Own"


def test_a_folder_of_the_name_hides_nothing(here):
    (here / "question").mkdir()
    assert lookup.find("question") == packaged.sweeps()["question"]
    assert lookup.find("question/") == Path("question")


@pytest.mark.parametrize("path", ["question.toml", "sweeps/question.toml", "./question"])
def test_a_path_is_never_a_packaged_sweep_but_its_name_is_offered(path):
    with pytest.raises(SpecError) as caught:
        read(path)
    [line] = caught.value.faults
    assert "there is no such" in line
    assert "Did you mean question?" in line
    assert lookup.find(write(path)) == Path(path)


def test_a_name_that_nothing_has_is_answered_with_near_ones_and_those_that_it_is_a_part_of():
    with pytest.raises(SpecError, match=r"^pentagom: there is no such sweep\. Did you mean pent"):
        read("pentagom")
    with pytest.raises(SpecError, match=r"Did you mean elhage2022_polygons\?"):
        read("polygons")
    with pytest.raises(SpecError) as caught:
        read("zzz")
    assert caught.value.faults == [
        "zzz: there is no such sweep. `toysup list sweeps` shows those that come with toysup."
    ]


def test_a_hidden_file_is_not_offered_as_a_sweep(tmp_path):
    for name in (".taplo.toml", "mine.toml"):
        (tmp_path / name).write_text("")
    assert lookup.toml_files(tmp_path) == [tmp_path / "mine.toml"]

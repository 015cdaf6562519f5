"""A relative path leads to the same file wherever one stands."""

import pytest

from toysup.files import data, packaged


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """A sweep's folder, the packaged one and the working folder."""
    made = [tmp_path / name for name in ("own", "packaged", "here")]
    for folder in made:
        folder.mkdir()
    monkeypatch.setattr(packaged, "folder", lambda: made[1])
    monkeypatch.chdir(made[2])
    data.start_at(made[0])
    return made


def test_the_folder_of_the_sweep_comes_first_then_that_of_the_packaged_sweeps(folders):
    own, inside, here = folders
    (here / "a.csv").touch()
    assert data.place("a.csv") == str(own / "a.csv")  # where it is missed
    (inside / "a.csv").touch()
    assert data.place("a.csv") == str(inside / "a.csv")
    (own / "a.csv").touch()
    assert data.place("a.csv") == str(own / "a.csv")


def test_a_packaged_sweep_has_its_own_files_first_and_then_those_of_the_working_folder(folders):
    _, inside, here = folders
    data.start_at(inside)
    (here / "a.csv").touch()
    assert data.place("a.csv") == str(here / "a.csv")
    (inside / "a.csv").touch()
    assert data.place("a.csv") == str(inside / "a.csv")


def test_no_path_leads_out_of_the_packaged_folder(folders):
    own, inside, _ = folders
    (inside.parent / "a.csv").touch()
    (own.parent / "a.csv").rename(inside.parent / "b.csv")
    data.start_at(own / "deeper")
    assert data.place("../b.csv") == str(own / "deeper" / "../b.csv")


def test_a_whole_path_and_the_home_folder_start_nowhere_else(folders, monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    assert data.place("/x/a.csv") == "/x/a.csv"
    assert data.place("~/a.csv") == "/home/somebody/a.csv"

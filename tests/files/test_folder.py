"""A folder is written whole or not at all, and nothing that toysup did not write is lost."""

import json
import os

import pytest

from toysup.errors import DiskError, ToysupError
from toysup.files import folder
from toysup.files.folder import LISTING, publish_folder

FIRST = {"index.html": b"one", "runs/a.html": b"a"}
SECOND = {"index.html": b"two", "runs/b.html": b"b"}


def content(place):
    """The files of a folder by their relative paths, without the listing."""
    files = {p.relative_to(place).as_posix(): p for p in place.rglob("*") if p.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if name != LISTING}


@pytest.fixture
def site(tmp_path):
    publish_folder(tmp_path / "site", FIRST)
    return tmp_path / "site"


def test_a_folder_takes_the_place_of_the_one_that_was_there(site):
    assert content(site) == FIRST
    publish_folder(site, SECOND)
    assert content(site) == SECOND
    assert sorted(json.loads((site / LISTING).read_text())["files"]) == sorted(SECOND)
    assert os.listdir(site.parent) == ["site"]


def test_an_empty_folder_a_missing_parent_and_a_link_are_filled(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to("empty")
    for name in ("link", "a/b/c"):
        publish_folder(tmp_path / name, FIRST)
        assert content(tmp_path / name) == FIRST
    assert (tmp_path / "link").is_symlink()


def notes(site):
    (site / "notes.txt").write_text("mine")


def edited(site):
    (site / "index.html").write_text("mine")


def empty_folder(site):
    (site / "mine").mkdir()


def link(site):
    (site / "away").symlink_to("/")


def linked_file(site):
    (site / "index.html").rename(site.parent / "kept")
    (site / "index.html").symlink_to("../kept")


def no_listing(site):
    (site / LISTING).unlink()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (notes, "holds notes.txt, which toysup did not write"),
        (edited, "holds index.html, which was changed since"),
        (empty_folder, "holds mine, which toysup did not write"),
        (link, "holds away, which toysup did not write"),
        (linked_file, "holds index.html, which was changed since"),
        (no_listing, "holds index.html, which toysup did not write"),
    ],
)
def test_a_folder_with_something_else_in_it_is_left_as_it_is(site, change, named):
    change(site)
    before = content(site)
    with pytest.raises(ToysupError, match=named):
        publish_folder(site, SECOND)
    assert content(site) == before


@pytest.mark.parametrize("text", ["", "[]", '{"files": 3}', '{"files": [1]}', "[" * 100_000])
def test_a_listing_of_somebody_else_is_a_line(site, text):
    (site / LISTING).write_text(text)
    with pytest.raises(ToysupError, match=r"written\.json: is not one that toysup wrote"):
        publish_folder(site, SECOND)


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ToysupError, match="file: is no folder"):
        publish_folder(tmp_path / "file", FIRST)
    with pytest.raises(ToysupError, match=r"site: cannot be written \(Not a directory\)"):
        publish_folder(tmp_path / "file" / "site", FIRST)


def test_a_full_disk_leaves_what_was_there_and_nothing_beside_it(site, monkeypatch):
    whole = folder.publish

    def full(path, data):
        if path.name == LISTING:
            raise OSError(28, "No space left on device")
        whole(path, data)

    monkeypatch.setattr(folder, "publish", full)
    with pytest.raises(DiskError, match="site: cannot be written"):
        publish_folder(site, SECOND)
    assert content(site) == FIRST
    assert os.listdir(site.parent) == ["site"]


def test_a_folder_that_cannot_take_its_place_leaves_the_one_that_was_there(site, monkeypatch):
    rename = os.rename

    def refuse(old, new):
        if new == site and os.listdir(site.parent) != ["site"] and not site.exists():
            monkeypatch.setattr(os, "rename", rename)
            raise PermissionError(13, "Permission denied")
        rename(old, new)

    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(ToysupError, match="site: cannot be written"):
        publish_folder(site, SECOND)
    assert content(site) == FIRST
    assert os.listdir(site.parent) == ["site"]

"""Every picture that a sweep may ask for says what it shows, and is on the page and in a folder."""

from types import SimpleNamespace

import pytest

from toysup import registry
from toysup.errors import ToysupError
from toysup.reports import page, pictures
from toysup.spec.top import PICTURES


@pytest.mark.parametrize("name", registry.names(PICTURES))
def test_a_picture_has_a_title_and_a_caption(name):
    [(_, picture)] = pictures.pictures(SimpleNamespace(sweep={"pictures": [name]}))
    assert picture.title[0].isupper()
    assert not picture.title.endswith(".")
    assert picture.caption.endswith(".")
    assert callable(picture.draw)


@pytest.fixture
def drawn(monkeypatch, findings):
    """The findings of a sweep that asks for one picture, which is drawn by hand."""
    from matplotlib.figure import Figure

    def draw(findings):
        figure = Figure(figsize=(1, 1))
        figure.text(0.5, 0.5, f"{len(findings.rows)} rows")
        return figure

    picture = SimpleNamespace(title="A picture", caption="Rows, p = 1.", draw=draw)
    monkeypatch.setattr(pictures, "pictures", lambda findings: [("rows", picture)])
    return findings


@pytest.mark.slow
def test_a_page_has_the_pictures_that_its_sweep_asks_for(drawn):
    html = page.render(drawn)
    assert "<h2>A picture</h2>" in html
    assert f"{len(drawn.rows)} rows" in html


@pytest.mark.slow
def test_a_picture_on_a_page_has_a_margin_and_grows_little(drawn):
    """1.4 times an inch of 96 pixels, at most; six points around its 72."""
    html = page.render(drawn)
    assert 'style="max-width: 134px"' in html
    assert 'viewBox="-6 -6 84 84"' in html


@pytest.mark.slow
def test_pictures_are_written_into_a_folder_that_need_not_be_there(drawn, tmp_path):
    paths = pictures.write(drawn, tmp_path / "new" / "folder")
    assert [path.name for path in paths] == ["overview.png", "rows.png"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in paths)


def test_pictures_that_cannot_be_written_are_an_error_in_a_line(drawn, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ToysupError, match="cannot be"):
        pictures.write(drawn, tmp_path / "file")

"""The index of a site fits a phone, is readable in the light and the dark, and asks for nothing."""

import numpy as np
import pytest

from tests.reports.conftest import made
from tests.reports.page import browser
from tests.reports.site.test_site import changed_sweep, claiming
from toysup.files.folder import publish_folder
from toysup.geometry import polygon
from toysup.reports import site

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(browser.CHROMIUM is None, reason="there is no Chromium here"),
]
# Source: WCAG 2.2, relative luminance, and 1.4.3 for the least contrast of a text.
CONTRAST = """
const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
const light = (colour) => {
  const [r, g, b] = parts(colour).map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const paper = (part) => {
  for (let one = part; one; one = one.parentElement) {
    const colour = getComputedStyle(one).backgroundColor;
    if (parts(colour)[3] !== 0) return colour;
  }
};
const least = [...document.querySelectorAll("main *")]
  .filter((part) => [...part.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
  .map((part) => {
    const [a, b] = [light(getComputedStyle(part).color), light(paper(part))];
    return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), part.outerHTML.slice(0, 80)];
  })
  .sort((one, two) => one[0] - two[0])[0];
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A site of a run of the discussion, two of the paper, one with a picture, and fresh seeds."""
    where = tmp_path_factory.mktemp("browser")
    claiming(where / "runs" / "talk-fresh-seeds", "talk", range(10, 20))
    drawn = made(where / "runs" / "plane", ([polygon(5)] * 10, {"importance_decay": 0.9}))
    changed_sweep(drawn, pictures=["plane"])
    runs = [
        claiming(where / "runs" / "talk", "talk"),
        claiming(where / "runs" / "figure", "elhage2022_figure"),
        made(where / "runs" / "cone", ([np.ones((2, 5))] * 10, {})).folder,
        drawn.folder,
    ]
    publish_folder(where / "site", site.site(runs).files)
    return where / "site"


@pytest.mark.long
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [400, 1200])
def test_nothing_is_cut_and_every_text_can_be_read(folder, width, dark):
    script = (
        CONTRAST
        + """
    return {
      over: document.documentElement.scrollWidth - innerWidth,
      paper: getComputedStyle(document.body).backgroundColor,
      contrast: least[0], of: least[1],
      cut: [...document.querySelectorAll(".scroll")]
        .filter((box) => box.scrollWidth > box.clientWidth)
        .map((box) => box.outerHTML.slice(0, 80)),
    };"""
    )
    html = (folder / "index.html").read_text()
    found = browser.found(html, script, folder, width=width, dark=dark)
    assert found["over"] <= 0
    assert found["cut"] == []
    assert found["paper"] == ("rgb(20, 23, 26)" if dark else "rgb(255, 255, 255)")
    assert found["contrast"] >= 4.5, found["of"]


@pytest.mark.long
def test_pictures_are_there_and_all_of_a_run_leads_to_its_page(folder):
    script = """
    const item = document.getElementById("plane");
    const img = item.querySelector("img");
    img.loading = "eager";
    img.scrollIntoView();
    const box = img.getBoundingClientRect();
    const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const link = [...item.querySelectorAll(".note a")].at(-1).getBoundingClientRect();
    const picture = document.elementFromPoint(link.left + 2, link.top + 2);
    return [img.getAttribute("src"), there.getAttribute("href"), picture.getAttribute("href")];"""
    html = (folder / "index.html").read_text()
    found = browser.found(html, script, folder)
    assert found == ["pictures/plane/plane.png", "runs/plane.html", "pictures/plane/plane.png"]
    assert (folder / found[0]).is_file()

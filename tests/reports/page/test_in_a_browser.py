"""What a reader does with the page works in a browser, and nothing on it is cut."""

import numpy as np
import pytest

from tests.reports.page import browser
from toysup.geometry import antipodal_pairs, polygon
from toysup.reports import page
from toysup.reports.findings import gather

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(browser.CHROMIUM is None, reason="there is no Chromium here"),
]
CHOOSE = """
const choose = (select, value) => {
  select.value = value;
  select.dispatchEvent(new Event("change"));
};
"""


@pytest.fixture(scope="module")
def store(make_run, tmp_path_factory):
    """Two values of p under two objectives; the second seed of the first condition is turned."""
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    seeds = [polygon(5), turn @ polygon(5), *[polygon(5)] * 8]
    cone = [np.ones((2, 5))] * 10
    contrastive = {"objective": "infonce", "temperature": 0.5, "views": "mask"}
    return make_run(
        tmp_path_factory.mktemp("browser") / "run",
        (seeds, {"importance_decay": 0.7}),
        ([polygon(5)] * 10, {"importance_decay": 0.7, "feature_probability": 0.01}),
        (cone, contrastive),
        (cone, contrastive | {"feature_probability": 0.01}),
    )


@pytest.fixture(scope="module")
def html(store):
    return page.render(gather(store))


@pytest.fixture
def tried(html, tmp_path):
    return lambda script, **options: browser.found(html, script, tmp_path, **options)


def test_rows_cards_and_cells_follow_a_filter(tried):
    script = """
    const select = filters.find((one) => one.closest("label").textContent.startsWith("objective"));
    choose(select, "mse");
    return {
      rows: rows.filter((row) => !row.hidden).map((row) => row.dataset.id),
      cards: all(".cards .card:not([hidden])").map((card) => card.id),
      out: all(".map .out a").map((cell) => cell.hash),
      words: document.getElementById("matching").textContent,
      csv: csv().split("\\r\\n").length,
    };"""
    assert tried(CHOOSE + script) == {
        "rows": ["c0", "c1"],
        "cards": ["c0", "c1"],
        "out": ["#c2", "#c3"],
        "words": "2 of 4 conditions",
        "csv": 3,
    }


def test_a_column_sorts_by_its_numbers_and_then_the_other_way_round(tried):
    script = """
    const column = heads.indexOf("p");
    const button = all("th button", table.tHead)[column];
    const order = () => all("tbody tr", table).map((row) => row.cells[column].textContent);
    button.click();
    const up = order();
    button.click();
    return [up, order(), button.parentElement.getAttribute("aria-sort")];"""
    low, high = ["0.01"] * 2, ["0.1"] * 2
    assert tried(script) == [low + high, high + low, "descending"]


def test_a_seed_that_is_chosen_has_its_own_directions_curve_and_loss(tried):
    script = """
    const card = document.getElementById("c0");
    const tip = () => all(".arrow", card)
      .map((arrow) => [+arrow.getAttribute("x2"), +arrow.getAttribute("y2")])[0];
    const before = tip();
    const place = data.conditions.c0.seeds.indexOf(1);
    choose(card.querySelector("select"), String(place));
    return {
      before, after: tip(),
      words: card.querySelector(".chosen").textContent,
      curve: all(".curves .best", card).map((path) => path.dataset.seed),
      picture: card.querySelector(".gram").src.startsWith("data:image/png"),
    };"""
    found = tried(CHOOSE + script)
    assert found["before"] == pytest.approx([1, 0], abs=0.01)
    assert found["after"] == pytest.approx([0, -1], abs=0.01)  # y points down in SVG
    assert found["words"] == "seed 1, loss 0.49"
    assert found["curve"] == ["1"]
    assert found["picture"]


def test_the_script_draws_the_lowest_loss_seed_as_the_page_has_it(tried):
    script = """
    const card = document.getElementById("c0");
    const tops = () => ["observed", "null"].map((one) =>
      card.querySelector("." + one).getBBox().y);
    const before = tops();
    draw(card, data.conditions.c0, 0);
    return [before, tops()];"""
    before, after = tried(script)
    assert after == pytest.approx(before, abs=0.3)
    assert before[0] < before[1]


@pytest.mark.long
@pytest.mark.parametrize("width", [1200, 400])
def test_the_name_of_a_seed_fits_beside_the_arrow_of_its_list(tried, width):
    script = """
    const select = document.querySelector("#c0 select");
    const style = getComputedStyle(select);
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = style.fontSize + " " + style.fontFamily;
    const words = pen.measureText(select.selectedOptions[0].textContent).width;
    const padding = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
    return [words + padding + 20, select.getBoundingClientRect().width];"""
    needed, width_of_list = tried(script, width=width)
    assert needed <= width_of_list


def test_a_sphere_is_drawn_without_the_script_and_turned_by_it(make_run, tmp_path):
    octahedron = [antipodal_pairs(3)] * 10
    html = page.render(gather(make_run(tmp_path / "run", (octahedron, {}))))
    script = """
    const card = document.getElementById("c0");
    const ends = () => all(".arrow", card)
      .map((arrow) => [+arrow.getAttribute("x2"), +arrow.getAttribute("y2")]);
    const still = ends();
    draw(card, data.conditions.c0, 0);
    const drawn = ends();
    const slider = card.querySelector("input[type=range]");
    slider.value = 0;
    slider.dispatchEvent(new Event("input"));
    return [still, drawn, ends()];"""
    still, drawn, turned = browser.found(html, script, tmp_path)
    assert html.count('class="back"') == 3
    assert np.allclose(still, drawn, atol=0.01)
    on_paper = sorted(turned, key=lambda end: end[0])
    assert on_paper[0] == pytest.approx([-1, 0], abs=0.01)
    assert on_paper[-1] == pytest.approx([1, 0], abs=0.01)


@pytest.mark.long
def test_a_recorded_run_has_a_slider_over_its_steps(make_run, tmp_path):
    path = np.stack([0.5 * np.eye(2, 5), polygon(5)])  # at step 0, and at the end
    recorded = {
        "recorded_steps": np.array([[0, 4000]] * 10),
        "recorded_W": np.array([path.ravel()] * 10),
    }
    html = page.render(gather(make_run(tmp_path / "run", ([polygon(5)] * 10, recorded))))
    script = """
    const card = document.getElementById("c0");
    const ends = () => all(".arrow", card)
      .map((arrow) => [+arrow.getAttribute("x2"), +arrow.getAttribute("y2")]);
    const slider = card.querySelector(".step");
    const words = () => slider.previousElementSibling.textContent;
    const found = [ends(), words()];
    slider.value = 0;
    slider.dispatchEvent(new Event("input"));
    return [...found, ends(), words()];"""
    last, end, first, start = browser.found(html, script, tmp_path)
    assert (start, end) == ("step 0", "step 4,000")
    assert last[0] == pytest.approx([1, 0], abs=0.01)
    # Drawn on the scale of the end, so that what grows is seen to grow; y points down.
    assert np.allclose(first, [[0.5, 0], [0, -0.5], [0, 0], [0, 0], [0, 0]], atol=0.01)


@pytest.mark.long
def test_two_conditions_stand_side_by_side_with_what_differs(tried):
    script = """
    for (const id of ["c0", "c2"]) document.querySelector("#" + id + " .compare").click();
    return {
      cards: all("#tray .card").length,
      differs: all("#tray .differs th").map((head) => head.textContent),
      same: all("#tray tr:not(.differs) th").map((head) => head.textContent),
      ids: all("[id]").length === new Set(all("[id]").map((one) => one.id)).size,
    };"""
    found = tried(script)
    assert found["cards"] == 2
    assert {"condition", "objective", "verdict", "index"} <= set(found["differs"])
    assert "p" in found["same"]
    assert found["ids"]


@pytest.mark.long
def test_a_figure_is_saved_with_the_colours_of_the_page(tried):
    script = """
    const text = standalone(document.querySelector(".panel svg"));
    return [text.startsWith("<svg"), text.includes("var("), text.includes("#0072b2")];"""
    assert tried(script) == [True, False, True]


@pytest.mark.some(1)
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [400, 1200])
def test_nothing_is_wider_than_the_window(tried, width, dark):
    script = """
    return [document.documentElement.scrollWidth - innerWidth,
      getComputedStyle(document.body).backgroundColor];"""
    over, colour = tried(script, width=width, dark=dark)
    assert over <= 0
    assert colour == ("rgb(20, 23, 26)" if dark else "rgb(255, 255, 255)")


@pytest.mark.long
def test_names_of_rows_stay_where_the_map_is_scrolled(tried):
    script = """
    const box = document.querySelector("#glance .scroll");
    box.style.width = "240px";
    box.scrollLeft = 200;
    const head = box.querySelector("tbody th").getBoundingClientRect();
    return [box.scrollLeft, head.left - box.getBoundingClientRect().left];"""
    scrolled, left = tried(script, width=400)
    assert scrolled > 0
    assert left == pytest.approx(0, abs=1)


@pytest.mark.long
def test_a_page_of_many_conditions_draws_the_one_that_is_chosen(store, tmp_path, monkeypatch):
    monkeypatch.setattr(page, "MOST_CARDS", 1)
    html = page.render(gather(store))
    assert '<article class="card" id=' not in html
    script = (
        CHOOSE
        + """
    show("c0"); show("c3");
    const details = document.getElementById("numbers");
    const first = details.open;
    choose(filters[0], "mse");
    return {
      open: [first, details.open],
      rows: all("tbody tr", table).map((row) => row.id),
      words: all("#tray .card").map((card) => card.querySelector(".tag").textContent),
      arrows: all("#tray .card .arrow").length,
      curves: all("#tray .card .seed").length,
      best: all("#tray .card .best").map((path) => path.dataset.seed),
    };"""
    )
    assert browser.found(html, script, tmp_path) == {
        "open": [False, True],  # thousands of rows take a second: only for who asks for them
        "rows": ["c0", "c1", "c2", "c3"],
        "words": ["minimising", "collapsed"],
        "arrows": 10,
        "curves": 20,
        "best": ["9", "9"],
    }

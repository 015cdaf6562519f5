import json
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import numpy as np
import pytest

from toysup.errors import ToysupError
from toysup.geometry import polygon, random_directions
from toysup.reports import overview, page, style, thumbnails
from toysup.reports.findings import gather
from toysup.reports.html import of_range
from toysup.reports.page.conditions import conditions
from toysup.reports.toml import sweep_text


@pytest.fixture(scope="module")
def html(findings):
    return page.render(findings)


class Checker(HTMLParser):
    """Collects references, images without a description, and tags that do not match."""

    VOID = ("meta", "img", "br", "link")

    def __init__(self):
        super().__init__()
        self.open, self.faults, self.references, self.tags = [], [], [], set()

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.add(tag)
        self.references += [v for k, v in attrs.items() if k in ("src", "href", "xlink:href")]
        if tag == "img" and not attrs.get("alt"):
            self.faults.append("an image has no description")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")


@pytest.mark.slow
def test_the_page_needs_nothing_from_elsewhere(html):
    checker = Checker()
    checker.feed(html)
    assert checker.faults == []
    assert checker.open == []
    assert not checker.tags & {"link", "iframe", "base"}
    assert all(r.startswith(("#", "data:image/png;base64,")) for r in checker.references)
    assert not re.search(r"@import|@font-face|url\((?!['\"]?#)", html)


@pytest.mark.slow
def test_the_page_says_the_answer_every_verdict_every_caveat_and_how_to_do_it_again(html, findings):
    text = unescape(html).replace("\u00a0", " ")
    for words in (findings.answer.headline, *findings.answer.sentences):
        assert words in text
    for verdict in findings.verdicts.verdicts:
        assert f">{verdict.label.value}</span>" in text
    for words in (*map(str, findings.caveats), findings.command, findings.hash):
        assert words in text
    for line in findings.lines:
        assert line.name in text
    for threshold in findings.verdicts.thresholds.describe():
        assert threshold["meaning"] in text


def test_a_title_cannot_break_the_page(html):
    assert "<title>Made [by hand] &amp; &lt;told&gt;</title>" in html


@pytest.mark.slow
def test_the_same_run_gives_the_same_page(html, store):
    assert page.render(gather(store)) == html


def test_two_dimensions_are_drawn_as_arrows(html):
    assert html.count('class="plane"') == 6
    found = thumbnails.arrows(3 * polygon(5))
    assert [arrow["kept"] for arrow in found] == [True] * 5
    assert (found[0]["x"], float(found[0]["y"])) == ("1.000", 0)
    assert float(found[1]["y"]) == pytest.approx(-np.sin(2 * np.pi / 5), abs=1e-3)


@pytest.mark.slow
def test_the_page_is_written_whole_or_not_at_all(findings, tmp_path):
    page.write(findings, tmp_path / "page.html")
    assert [f.name for f in tmp_path.iterdir()] == ["page.html"]
    with pytest.raises(ToysupError, match=r"the folder .*/no does not exist\."):
        page.write(findings, tmp_path / "no" / "page.html")
    (tmp_path / "folder").mkdir()
    with pytest.raises(
        ToysupError, match=r"folder: cannot be written \(it is a link, a device or a folder\)"
    ):
        page.write(findings, tmp_path / "folder")
    assert sorted(f.name for f in tmp_path.iterdir()) == ["folder", "page.html"]


@pytest.mark.slow
def test_a_run_where_everything_diverged_still_has_a_page(make_run, tmp_path):
    nothing = [np.full((3, 6), np.nan)] * 3
    store = make_run(
        tmp_path / "lost", (nothing, {"loss": np.nan}, dict.fromkeys(range(3), "diverged"))
    )
    text = page.render(gather(store))
    assert "No seed has a finite loss." in text
    assert "No condition counts, so nothing is shown." in text
    assert "Not counted: 1 condition diverged; there are only 3 seeds a condition." in text


@pytest.mark.slow
def test_the_seed_called_the_lowest_is_that_of_the_exact_loss(make_run, tmp_path):
    pair, alone = np.array([[1.0, -1.0]]), np.array([[1.0, 0.0]])
    world = {"b": [0.0, 0.0], "tied": True, "amplitude": "uniform", "relative_density": 1.0}
    world |= {"importance_decay": 1.0, "relative_importance": 1.0}
    measured = {"loss": np.array([0.2, 0.1])}  # a sample that says otherwise
    found = gather(make_run(tmp_path / "run", ([pair, alone], world | measured)))
    text = page.render(found)
    [data] = re.findall(r'<script[^>]*id="seeds"[^>]*>(.*?)</script>', text, re.DOTALL)
    assert found.verdicts.verdicts[0].best.seed == 0
    assert json.loads(data)["conditions"]["c0"]["seeds"] == [0, 1]
    assert "seed 0, loss 0.2" in text


def test_pentagon_cosines_fall_into_two_bins_and_random_ones_follow_the_null():
    shares = thumbnails.histogram(np.stack([polygon(5)] * 3))
    assert sorted(shares[shares > 0]) == pytest.approx([0.5, 0.5])
    rng = np.random.default_rng(0)
    W = rng.standard_normal((4000, 5, 4))
    W /= np.linalg.norm(W, axis=1, keepdims=True)
    assert np.abs(thumbnails.histogram(W) - thumbnails.null_histogram(5)).max() < 0.004
    for m in (1, 2, 3, 5, 50):
        assert thumbnails.null_histogram(m).sum() == pytest.approx(1)


def test_a_path_breaks_where_a_number_is_missing():
    assert thumbnails.path([0, 1, 2, 3], [0.0, 1.0, np.nan, 2.5]) == "M0 0L1 1M3 2.5"


@pytest.mark.slow
def test_the_overview_has_a_panel_for_each_objective_and_views(findings):
    figure = overview.overview(findings)
    titles = [axis.get_title(loc="left") for axis in figure.axes]
    assert [t for t in titles if t] == ["mse", "infonce · mask views", "infonce · noise views"]
    left, right = figure.axes[0].get_xlim()
    assert left > 1 > 0.1 > right


@pytest.mark.slow
def test_a_condition_that_is_not_counted_is_hatched_on_the_page_and_grey_in_the_picture(
    make_run, tmp_path
):
    idle = {"loss": 1.0, "chance": 1.0, "feature_probability": 0.3}
    found = gather(make_run(tmp_path / "run", ([polygon(5)] * 10, idle)))
    text = page.render(found)
    [cell] = re.findall('<td class="open"><a href="#c0".*?</td>', text)
    assert cell.endswith("<b>1.00</b><span>minimising, at chance</span></a></td>")
    assert "not counted: at chance</div>" in text
    markers = [line for line in overview.overview(found).axes[0].lines if line.get_marker() == "o"]
    assert [line.get_color() for line in markers] == [style.MUTED]


@pytest.mark.slow
def test_the_index_of_a_condition_is_a_range_where_the_best_packing_is_not_known(
    make_run, tmp_path
):
    some = list(random_directions(np.random.default_rng(0), 10, 4, 10))
    found = gather(make_run(tmp_path / "run", (some, {"feature_probability": 0.3})))
    [point] = found.lines[0].points
    low, high = point.index_range
    assert low < high
    assert of_range((low, high)) in page.render(found)
    bars = [list(line.get_ydata()) for line in overview.overview(found).axes[0].lines]
    assert [low, high] in bars


def test_a_sweep_reads_as_toml(findings):
    import tomllib

    data = tomllib.loads(sweep_text(findings.sweep))
    assert data["seeds"] == 10
    assert (data["measure"], data["pictures"], data["record"]) == ("all", [], {"steps": [0, 100]})
    assert data["features"]["independent"]["feature_probability"] == [1.0, 0.1]
    assert data["objective"]["mse"] == {"tied": True, "train": {"steps": 200}}


def test_only_a_condition_with_several_sets_of_directions_has_their_names(findings):
    verdicts, (line, *lines) = findings.verdicts, findings.lines
    first, *points = line.points
    decoder = replace(line, points=(replace(first, directions="decoder"),))
    twin = replace(
        next(v for v in verdicts.verdicts if v.condition == first.condition), directions="decoder"
    )
    both = replace(verdicts, verdicts=(*verdicts.verdicts, twin))
    found = conditions(replace(findings, verdicts=both, lines=(line, decoder, *lines)))
    of_first = [(c.id, c.number) for c in found if c.point.condition == first.condition]
    number = first.condition
    assert of_first == [
        (f"c{number}-encoder", f"{number} (encoder)"),
        (f"c{number}-decoder", f"{number} (decoder)"),
    ]
    assert {c.id for c in found if c.point.condition == points[0].condition} == {
        f"c{points[0].condition}"
    }

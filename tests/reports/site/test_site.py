"""A site has every claim, page and picture of its runs, and leads nowhere else."""

import json
import re
import shutil
from functools import partial
from html import unescape
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import numpy as np
import pytest

from tests.commands import run
from tests.reports.conftest import made
from toysup.errors import ToysupError
from toysup.geometry import polygon
from toysup.reports import page, site
from toysup.reports.site import entry
from toysup.reports.site.thumbnail import thumbnail
from toysup.reproduce.beside import stored
from toysup.spec.claim import Claim
from toysup.storage.manifest import sealed

pytestmark = pytest.mark.slow

NASTY = "<script>alert(1)</script> \x1b[2J {{ 7 * 7 }} \" ' & é"
VOID = ("meta", "img", "br", "link")


def changed_sweep(store, **changes):
    """The run with other values in the sweep of its manifest."""
    manifest = json.loads(store.manifest_path.read_bytes())
    manifest["plan"]["sweep"] |= changes
    del manifest["digest"]
    store.manifest_path.write_bytes(sealed(manifest))


def claiming(folder, name, seeds=range(10), **claim):
    """A run whose claims are that a pentagon, and that a cone, minimises."""
    rule = {"verdict": ("minimising",), "predicted": "supported", "outcome": "supported"}
    rule |= claim
    dense = {"feature_probability": 1.0}
    rows = ({}, {"feature_probability": [1.0]})
    says = ("A pentagon minimises.", f"A cone minimises {NASTY}.")
    claims = [
        Claim(name=f"c{i}", says=words, rows=some, who="somebody", because="It may.", **rule)
        for i, (words, some) in enumerate(zip(says, rows, strict=True))
    ]
    store = made(
        folder,
        ([polygon(5)] * 10, {}),
        ([np.ones((2, 5))] * 10, dense),
        claims=claims,
    )
    changed_sweep(store, name=name, seeds=list(seeds))
    return store.folder


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A run of the discussion, one of the paper, and one without claims."""
    folder = tmp_path_factory.mktemp("site") / "runs"
    return [
        claiming(folder / "talk", "talk"),
        claiming(folder / "figure", "elhage2022_figure"),
        made(folder / "bare", ([polygon(5)] * 10, {})).folder,
    ]


@pytest.fixture(scope="module")
def built(runs):
    return site.site(runs)


@pytest.fixture(scope="module")
def index(built):
    return built.files["index.html"].decode()


class Page(HTMLParser):
    """The references, ids, headings and faults of a page."""

    def __init__(self, html):
        super().__init__()
        self.references, self.ids, self.levels, self.faults, self.open = [], [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.references += [v for k, v in attrs.items() if k in ("src", "href", "xlink:href")]
        self.ids += [attrs["id"]] if "id" in attrs else []
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag == "img" and not attrs.get("alt"):
            self.faults.append("an image has no description")
        if tag == "svg" and not (attrs.get("aria-label") or "role" not in attrs):
            self.faults.append("a drawing has no description")
        if tag == "th" and not attrs.get("scope"):
            self.faults.append("a table's header has no scope")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")


def test_every_link_is_relative_and_leads_to_a_file_and_a_place_of_the_site(built):
    pages = {name: Page(d.decode()) for name, d in built.files.items() if name.endswith(".html")}
    assert len(pages) == 4
    for name, one in pages.items():
        for reference in one.references:
            if reference.startswith("data:image/png;base64,"):
                continue
            assert not re.match(r"[a-z]+:|/", reference), reference
            path, _, place = reference.partition("#")
            target = name
            if path:
                parts = []
                for part in (PurePosixPath(name).parent / unquote(path)).parts:
                    parts = parts[:-1] if part == ".." else [*parts, part]
                target = "/".join(parts)
            assert target in built.files, reference
            assert not place or place in pages[target].ids, reference


def test_the_index_is_whole_html_with_headings_in_order_and_names_for_what_is_drawn(index):
    whole = Page(index)
    assert (whole.faults, whole.open) == ([], [])
    assert whole.levels[0] == 1
    assert all(b - a <= 1 for a, b in zip(whole.levels, whole.levels[1:], strict=False))
    assert len(whole.ids) == len(set(whole.ids))
    assert not re.search(r"<script|<link|<iframe|@import|@font-face|url\((?!['\"]?#)", index)


def section(index, name):
    [text] = re.findall(rf'<section id="{name}">.*?</section>', index, re.DOTALL)
    return text


def test_claims_stand_with_their_answers_and_those_of_the_paper_in_their_own_table(index):
    claims, paper = section(index, "claims"), section(index, "paper")
    assert claims.count(">A pentagon minimises.</a></q>") == 1
    assert claims.count('<span class="tag refuted">refuted</span>') == 2
    assert "runs/talk.html#claim-1" in claims
    assert "runs/figure.html" not in claims
    assert paper.count(">no</span>") == 2
    assert "0 of 2 pass." in paper
    assert "Of 2 claims, 0 supported, 2 refuted and 0 undecided." in index
    assert "0 of 2 predictions came true." in index


def test_texts_of_a_sweep_are_shown_and_obeyed_in_no_place(index):
    assert "<script>alert" not in index
    assert "\x1b" not in index
    assert "<script>alert(1)</script> \\x1b[2J {{ 7 * 7 }}" in unescape(index)


def test_the_claims_of_a_page_are_where_the_index_leads(built):
    html = built.files["runs/talk.html"].decode()
    [row] = re.findall(r'<tr role="row" id="claim-1">.*?</tr>', html, re.DOTALL)
    assert "A pentagon minimises." in row
    assert "It may." in row
    assert '<a href="../index.html">All runs</a>' in html


@pytest.mark.long
def test_the_same_runs_give_the_same_bytes(runs, built):
    assert site.site(runs).files == built.files


def test_a_small_map_has_a_cell_for_each_condition_in_the_colour_of_its_verdict(index):
    [item] = re.findall(r'<li id="talk">.*?</li>', index, re.DOTALL)
    assert 'aria-label="Verdicts of 2 conditions: 1 minimising, 1 collapsed"' in item
    assert re.findall(r'<path class="([^"]+)"', item) == ["collapsed", "minimising"]


def test_neighbours_of_a_colour_are_one_piece_on_a_map_of_very_many_cells():
    drawn = thumbnail([["random"] * 30] * 30)
    assert drawn.paths["random"].count("M") == 30
    assert (drawn.width, drawn.height) == (480, 300)


@pytest.mark.long
def test_fresh_seeds_that_are_stored_beside_a_run_are_counted(tmp_path):
    run = claiming(tmp_path / "talk", "talk")
    assert stored(run) is None
    claiming(tmp_path / "talk-fresh-seeds", "talk", range(10, 20))
    found = stored(run)
    assert (found.verdicts, found.claims, found.seeds) == (2, 2, tuple(range(10, 20)))
    assert found.agrees
    index = site.site([run]).files["index.html"].decode()
    assert '<td role="cell" class="word" data-label="claims again">2 of 2</td>' in index
    assert "toysup reproduce" not in index


def test_what_is_not_stored_has_the_command_that_trains_it(index, runs):
    words = section(index, "replication")
    assert "Nothing is stored of talk, figure, bare." in words
    assert f"toysup reproduce --fresh-seeds {' '.join(map(str, runs))}</pre>" in words


@pytest.mark.long
@pytest.mark.parametrize(("name", "seeds"), [("other", range(10, 20)), ("talk", range(5, 15))])
def test_fresh_seeds_of_another_sweep_or_of_the_same_seeds_are_no_replication(
    tmp_path, name, seeds
):
    run = claiming(tmp_path / "talk", "talk")
    claiming(tmp_path / "talk-fresh-seeds", name, seeds)
    with pytest.raises(ToysupError, match="is of another sweep than"):
        stored(run)
    assert (
        "talk-fresh-seeds: is of another sweep than"
        in site.site([run]).files["index.html"].decode()
    )


def test_a_run_of_very_many_conditions_has_no_overview_and_its_numbers_lead_to_its_table(
    runs, monkeypatch
):
    monkeypatch.setattr(page, "MOST_CARDS", 1)
    made = site.site(runs[:1])
    assert sorted(made.files) == ["index.html", "runs/talk.html"]
    assert '<a href="runs/talk.html#c1">1</a>' in made.files["index.html"].decode()
    assert "c1" in Page(made.files["runs/talk.html"].decode()).ids


def test_the_names_of_files_are_letters_that_every_system_takes():
    assert entry.slug(Path("runs/.a b/.ü?#.%")) == "___._"
    assert entry.slug(Path("/")) == "run"


@pytest.fixture
def toysup(monkeypatch, capsys, tmp_path, runs):
    """Runs `toysup site` in a folder with a copy of the runs."""
    shutil.copytree(runs[0].parent, tmp_path / "runs")
    monkeypatch.chdir(tmp_path)
    return partial(run, monkeypatch, capsys, "site")


@pytest.mark.long
def test_what_was_written_is_json_on_demand(toysup):
    code, out, err = toysup("runs/talk", "runs/bare", "--out", "site", "--json", "--quiet")
    assert (code, err) == (0, "")
    found = json.loads(out)
    files = {p.relative_to("site").as_posix() for p in Path("site").rglob("*") if p.is_file()}
    assert set(found["files"]) | {"written.json"} == files
    assert [one["page"] for one in found["runs"]] == ["runs/talk.html", "runs/bare.html"]
    assert (found["claims"], found["hit_rate"]["came_true"]) == (2, 0)
    assert found["runs"][0]["fresh_seeds"] is None


def test_a_run_is_told_before_its_page_is_made(toysup):
    code, out, err = toysup("runs/bare", "--out", "site")
    assert (code, out) == (0, "Site: site/index.html (1 run, 3 files)\n")
    assert err == "1 of 1: runs/bare\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["runs/none", "--out", "site"], "runs/none: there is no such run. Runs there: "),
        (["runs/talk", "runs/talk/", "--out", "site"], "runs/talk: its page has the name of "),
        (["runs/talk", "--out", "runs"], "runs: holds bare/manifest.json, which toysup did not"),
        (["runs/talk"], "toysup site: Missing option '--out'. See toysup site --help."),
    ],
)
def test_a_users_mistake_is_one_line_and_writes_nothing(toysup, words, said):
    code, out, err = toysup(*words, "--quiet")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(said)
    assert [path.name for path in Path().iterdir()] == ["runs"]

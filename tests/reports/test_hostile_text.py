"""Text of a sweep, a file's name or a plug-in is shown in every place, and obeyed in none."""

import contextlib
import io
import json
import re
import sys
import tomllib
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from tests.reports.markdown.rendered import Page
from toysup.__main__ import main
from toysup.files import shown
from toysup.spec import plugins

pytestmark = pytest.mark.long

NASTY = (
    "a\x1b[2Jb\u202ec\u2066 [red]d[/] [/] <script>alert(1)</script> <b onmouseover='x'> $\\frac{$ "
    "a|b `c` **d** @e #1 ![f](https://a.example/f.png) "
    "\r\n\x07é \U0001f600 & \\ \" ' {{ 7 * 7 }}"
)
NAME = "a\x1b[2Jb\u202e [red] <b onmouseover='x'> $\\frac{$ \u2028 é.csv"
OTHER = "$x_1$ [bold] <script>.csv"
CLAIM = ("name", "says", "who", "source", "because")

PLUGIN = f"""
from toysup.plugin import Picture

class Nasty(Picture):
    {NASTY.replace(chr(10), " ").replace(chr(13), " ")!r}

    title = {NASTY!r}
    caption = {NASTY!r}

    def draw(self, findings):
        from matplotlib.figure import Figure

        figure = Figure()
        figure.subplots().set_title({NASTY!r})
        return figure
"""


def hostile_sweep():
    claim = "".join(f"{key} = {json_escaped(f'{key} {NASTY}')}\n" for key in CLAIM)
    return (
        f"title = {json_escaped('title ' + NASTY)}\n"
        f"question = {json_escaped('question ' + NASTY)}\n"
        "seeds = 2\nmeasure = 'directions'\npictures = ['nasty']\n"
        "[model]\nn_features = 3\nd_hidden = 2\n[train]\nsteps = 4\nbatch_size = 8\n"
        f"[features.table]\npath = [{json_escaped(NAME)}, {json_escaped(OTHER)}]\n[objective.mse]\n"
        f"[[claims]]\n{claim}predicted = 'none'\nmetric = 'loss'\nabove = 0\n"
        f"rows = {{ path = {json_escaped(NAME)} }}\n"
    )


def json_escaped(text):
    """A TOML text in quotes, with escapes for all but plain letters."""
    return '"' + "".join(c if c.isalnum() else f"\\U{ord(c):08x}" for c in text) + '"'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a finished run of a hostile sweep; the commands run in it."""
    made = tmp_path_factory.mktemp("hostile")
    values = np.random.default_rng(0).random((70, 3))
    for name in (NAME, OTHER):
        pd.DataFrame(values).add_prefix(f"{NASTY} ").to_csv(made / name, index=False)
    (made / "nasty.py").write_text(PLUGIN)
    (made / "hostile.toml").write_text(hostile_sweep())
    return made


@pytest.fixture(scope="module")
def outputs(folder):
    """What every command prints, by its words."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("COLUMNS", "120")
        plugin = ["--plugin", "nasty.py"]
        yield {
            " ".join(words): run(patch, plugin + words)
            for words in (
                ["sweep", "hostile.toml", "--quiet"],
                ["sweep", "hostile.toml", "--dry-run", "--set", "steps=5"],
                ["report", "runs/hostile", "--html", "page.html", "--pictures", "drawn"],
                ["report", "runs/hostile", "--json"],
                ["report", "runs/hostile", "--markdown"],
                ["check", "runs/hostile"],
                ["check", "runs/hostile", "--brief"],
                ["check", "runs/hostile", "--json"],
                ["check", "runs/hostile", "--markdown", "--junit", "claims.xml"],
                ["show", "runs/hostile", "--html", "choices.html"],
                ["show", "runs/hostile", "--where", "condition=0", "--html", "model.html"],
                ["show", "runs/hostile", "--where", f"path={NASTY}"],
                ["compare", "runs/hostile", "runs/hostile", "--html", "same.html"],
                ["list", "runs"],
                ["list", "sweeps"],
                ["list", "pictures"],
                ["list", "--json"],
            )
        }
    plugins.use_in_every_sweep([])  # later tests of this process have no such file


def run(patch, words):
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    patch.setattr(sys, "argv", ["toysup", *words])
    quiet = contextlib.redirect_stdout(out), contextlib.redirect_stderr(err)
    with quiet[0], quiet[1], contextlib.suppress(SystemExit):
        main()
    for stream in (out, err):
        stream.flush()
    return "".join(stream.buffer.getvalue().decode() for stream in (out, err))


def raw(text):
    """The characters of a text that a terminal would obey; a line break is the tool's own."""
    return {c for c in text if c != "\n" and shown.letter(c) != c}


def test_no_command_prints_a_character_that_a_terminal_obeys(outputs):
    assert {words: raw(text) for words, text in outputs.items() if raw(text)} == {}


ESCAPED = r"a\x1b[2Jb\u202ec\u2066"


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("report runs/hostile --html page.html --pictures drawn", "title"),
        ("report runs/hostile --html page.html --pictures drawn", "question"),
        ("list runs", "title"),
        ("list sweeps", "title"),
        ("sweep hostile.toml --dry-run --set steps=5", "title"),
    ],
)
def test_what_cannot_be_shown_is_escaped_and_markup_is_shown_as_it_is(outputs, words, key):
    together = "".join(outputs[words].split())
    assert f"{key}{ESCAPED}[red]d[/][/]<script>alert(1)</script>" in together
    assert r"\r\n\x07é" in together


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("report runs/hostile --html page.html --pictures drawn", ("says", "who")),
        ("check runs/hostile", ("says", "who")),
        ("check runs/hostile --brief", ("says",)),
    ],
)
def test_the_words_of_a_claim_are_escaped_in_a_table(outputs, words, keys):
    for key in keys:
        assert f"{key} {ESCAPED}" in outputs[words]


def test_a_docstring_of_a_plugin_is_shown(outputs):
    assert ESCAPED in "".join(outputs["list pictures"].split())


def test_json_gives_the_words_back(outputs):
    findings = json.loads(outputs["report runs/hostile --json"])
    assert findings["title"] == f"title {NASTY}"
    [claim] = json.loads(outputs["check runs/hostile --json"])["runs"][0]["claims"]
    assert claim["claim"]["says"] == f"says {NASTY}"


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("report runs/hostile --markdown", ("title", "question", "says", "who")),
        ("check runs/hostile --markdown --junit claims.xml", ("says", "who")),
    ],
)
def test_markdown_shows_the_words_and_nothing_on_github_obeys_them(outputs, words, keys):
    page = Page(outputs[words])
    assert page.obeyed() == []
    for key in keys:
        assert f"{key} {shown.line(NASTY).strip()}" in page.text


def test_junit_shows_the_words_of_a_claim(folder, outputs):
    [case] = ElementTree.parse(folder / "claims.xml").iter("testcase")
    assert case.get("name") == shown.line(f"name {NASTY}")
    assert f"says {ESCAPED}" in case.findtext("system-out")


@pytest.mark.parametrize("page", ["page.html", "model.html"])
def test_the_page_has_no_element_and_no_character_of_a_texts(folder, outputs, page):
    html = (folder / page).read_text(encoding="utf-8")
    assert raw(html) == set()
    assert html.lower().count("<script") == (2 if page == "page.html" else 0)  # the page's own
    assert "<script>alert" not in html.lower()
    assert "<b onmouseover" not in html
    assert not re.search(r"<[^>]* onmouseover=(?![^<]*&)", html)
    assert f"title {ESCAPED}" in unescape(html)
    assert "{{ 7 * 7 }}" in unescape(html)


def test_the_toml_of_the_page_gives_the_sweep_again(folder, outputs):
    html = (folder / "page.html").read_text(encoding="utf-8")
    text = unescape(re.findall(r"<pre>(.*?)</pre>", html, re.DOTALL)[-1])
    sweep = tomllib.loads(text)
    assert sweep["title"] == f"title {NASTY}"
    assert sweep["features"]["table"]["path"] == [NAME, OTHER]
    assert {key: sweep["claims"][0][key] for key in CLAIM} == {k: f"{k} {NASTY}" for k in CLAIM}


@pytest.mark.long
def test_pictures_show_dollars_and_names_as_they_are(folder, outputs):
    assert sorted(path.name for path in (folder / "drawn").iterdir()) == [
        "nasty.png",
        "overview.png",
    ]
    html = unescape((folder / "page.html").read_text(encoding="utf-8"))
    assert shown.line(NAME) in html
    assert OTHER in html


def test_faults_escape_the_names_of_columns_and_files(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    table = pd.read_csv(NAME)
    table.iloc[3, 1] = -1
    Path("bad" + NAME).write_text(table.to_csv(index=False))
    Path("bad.toml").write_text(
        hostile_sweep().replace(json_escaped(NAME), json_escaped("bad" + NAME))
    )
    monkeypatch.setattr(sys, "argv", ["toysup", "sweep", "bad.toml"])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert raw(said) == set()
    assert said.count("\n") == len(said.splitlines())
    assert r"bada\x1b[2Jb\u202e" in said
    assert "has -1.0 in row 4" in said

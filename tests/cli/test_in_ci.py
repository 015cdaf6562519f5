"""`toysup check` and `toysup report` in a job: where their output goes, and exit codes."""

import json
import re
from functools import partial
from xml.etree import ElementTree

import pytest

from tests.commands import run
from tests.reports.conftest import made
from toysup.geometry import polygon
from toysup.spec.claim import Claim


@pytest.fixture
def toysup(monkeypatch, capsys, tmp_path):
    """Runs a command line beside the runs "good" and "odd": (exit code, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    rule = {"verdict": ("minimising",), "says": "It is so.", "predicted": "none"}
    contrastive = {"objective": "infonce", "views": "mask", "temperature": 0.5}
    conditions = ([polygon(5)] * 10, {}), ([polygon(5)] * 10, contrastive, {3: "diverged"})
    for name, outcome in (("good", "supported"), ("odd", "refuted")):
        claims = [Claim(name="pentagon", outcome=outcome, rows={"objective": "mse"}, **rule)]
        made(tmp_path / name, *conditions, claims=claims)

    return partial(run, monkeypatch, capsys)


@pytest.mark.slow
def test_junit_is_written_also_where_a_claim_changed(toysup, tmp_path):
    code, out, err = toysup("check", "good", "odd", "--junit", "claims.xml")
    assert (code, err) == (4, "")
    assert out.endswith("JUnit: claims.xml\n")
    found = ElementTree.parse(tmp_path / "claims.xml").getroot()
    assert (found.get("tests"), found.get("failures")) == ("2", "1")
    assert toysup("check", "good", "--junit", "claims.xml")[0] == 0
    assert ElementTree.parse(tmp_path / "claims.xml").getroot().get("tests") == "1"


@pytest.mark.slow
def test_a_file_that_cannot_be_written_is_one_line(toysup):
    code, out, err = toysup("check", "good", "--markdown", "--junit", "none/claims.xml")
    assert (code, out) == (2, "")
    assert err == "none/claims.xml: cannot be written: the folder none does not exist.\n"


@pytest.mark.slow
@pytest.mark.parametrize("run", ["none", "good"])
def test_without_a_decision_on_every_run_no_file_is_left(toysup, tmp_path, run):
    (tmp_path / "good" / "results.parquet").write_bytes(b"damaged")
    assert toysup("check", "odd", run, "--junit", "claims.xml")[0] in (2, 6)
    assert not (tmp_path / "claims.xml").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "note"),
    [
        (("report", "good"), "Page: page.html\n"),
        (("check", "good"), "JUnit: claims.xml\n"),
    ],
)
def test_markdown_has_standard_output_to_itself(toysup, words, note):
    file = ("--html", "page.html") if words[0] == "report" else ("--junit", "claims.xml")
    code, out, err = toysup(*words, "--markdown", *file)
    assert (code, err) == (0, note)
    assert out.startswith("## ")
    assert out == toysup(*words, "--markdown")[1]


@pytest.mark.parametrize("command", ["report", "check"])
def test_two_forms_of_the_output_are_refused_in_one_line(toysup, tmp_path, command):
    file = ("--html", "file") if command == "report" else ("--junit", "file")
    said = f"toysup {command}: --json and --markdown are forms of the same output. Choose one.\n"
    assert toysup(command, "good", "--markdown", "--json", *file) == (2, "", said)
    assert not (tmp_path / "file").exists()


@pytest.mark.slow
@pytest.mark.some(2)
@pytest.mark.parametrize("form", [(), ("--brief",), ("--json",), ("--markdown",)])
def test_a_job_on_github_gets_annotations_beside_the_output(toysup, monkeypatch, form):
    code, plain, err = toysup("check", "good", "odd", *form)
    assert (code, err) == (4, "")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    code, out, err = toysup("check", "good", "odd", *form)
    assert (code, out) == (4, plain)
    titles = re.findall(r"^::(\w+) title=(.*?)::", err, re.MULTILINE)
    diverged = [("warning", f"diverged%3A {run}") for run in ("good", "odd")]
    assert titles == [("error", "pentagon of odd"), *diverged]
    assert err.count("\n") == 3
    if form == ("--json",):
        assert json.loads(out)["runs"][0]["diverged"] == 1

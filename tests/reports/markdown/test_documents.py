"""A report and decided claims as Markdown: headline first, then tables, small enough for a job."""

from dataclasses import replace

import numpy as np
import pytest

from tests.reports.conftest import made
from tests.reports.markdown.rendered import Page
from toysup.claims import check
from toysup.geometry import polygon
from toysup.reports.answer import Answer
from toysup.reports.findings import gather
from toysup.reports.markdown import claims, report
from toysup.spec.claim import Claim

HALF_OF_A_SUMMARY = 2**20 // 2
SAYS = "With a contrastive loss you <wouldn't> see | that"


def said(name, **rule):
    known = {"says": SAYS, "who": "theahura", "rows": {}, "predicted": "supported"}
    return Claim(**{"name": name, "verdict": ("minimising",)} | known | rule)


@pytest.fixture(scope="module")
def claimed(tmp_path_factory):
    """A claim as before, one that changed, a new one and a check; two instances diverged."""
    every = [
        said("first", rows={"objective": "mse"}, outcome="supported"),
        said("second", verdict=None, metric="loss", above=9, outcome="supported"),
        said("third", rows={"objective": "infonce"}, predicted="none"),
        said("fourth", check=True, rows={"objective": "mse"}, outcome="supported"),
    ]
    other = {"objective": "infonce", "views": "mask", "temperature": 0.5}
    return made(
        tmp_path_factory.mktemp("runs") / "claimed",
        ([polygon(5)] * 10, {}),
        ([np.eye(2, 5)] * 10, other, {0: "diverged", 4: "diverged"}),
        claims=every,
    )


@pytest.fixture(scope="module")
def checked(claimed):
    return [check(claimed)]


@pytest.mark.slow
def test_a_report_has_the_headline_the_claims_the_verdicts_and_notes(claimed):
    findings = gather(claimed)
    markdown = report.report(findings)
    page = Page(markdown)
    assert page.obeyed() == []
    starts = (
        "## Made",
        "Is it so?",
        f"**{findings.answer.headline[:20]}",
        "### Claims",
        "2 of 3 claims",
        "### Verdicts",
        "### N",
    )
    places = [markdown.index(start) for start in starts]
    assert places == sorted(places)
    at = page.rows.index(list(report.COLUMNS))
    mse, infonce = page.rows[at + 1 :]
    assert mse == ["mse, p = 0.1", "minimising", "5 of 5", "0.00", "0.19", "1.00"]
    assert infonce[:2] == ["infonce, p = 0.1", "diverged"]
    for words in (
        findings.answer.headline,
        *findings.answer.sentences,
        *findings.caveats,
        findings.hash,
    ):
        assert words in page.text


@pytest.mark.slow
def test_a_report_without_claims_has_no_heading_for_them(findings):
    assert "### Claims" not in report.report(findings)


@pytest.mark.slow
def test_claims_have_a_row_each_and_the_changed_one_comes_first(checked):
    markdown = claims.check(checked)
    page = Page(markdown)
    assert page.obeyed() == []
    assert "2 of 3 claims came out as in the first run; 1 changed: second; 1 new." in page.text
    assert f"{checked[0].run}: 2 of 20 instances diverged." in page.text
    assert "1 check of the program, true by construction: all came out." in page.text
    head, second, first, third = page.rows
    assert head == list(claims.COLUMNS)
    assert second[0].startswith(f"{SAYS}theahurarule: loss above 9 in every condition")
    assert second[1:4] == ["refuted", "supported", "supported: it changed"]
    assert first[1:4] == ["supported", "supported", "supported"]
    assert third[1:4] == ["undecided", "none: written after the run", "new"]
    assert "**supported: it changed**" in markdown


@pytest.mark.slow
def test_claims_of_a_file_are_said_to_be_of_it(claimed, tmp_path):
    file = tmp_path / "later.toml"
    file.write_text(
        "[[claims]]\nname = 'a'\nsays = 'A'\npredicted = 'none'\nmetric = 'loss'\nabove = 0\n"
    )
    assert f"the claims of {file}." in Page(claims.check([check(claimed, file)])).text


@pytest.mark.long
def test_what_is_long_stays_below_half_of_a_job_summary(claimed):
    nasty = "@|`" * 400
    found = check(claimed)
    changed = found.claims[1]
    long = replace(changed, claim=replace(changed.claim, says=nasty, who=nasty, name=nasty))
    markdown = claims.check([replace(found, claims=(long,) * 3000)])
    assert len(markdown.encode()) < HALF_OF_A_SUMMARY
    assert "more: `toysup check --json` has all claims." in markdown
    findings = gather(claimed)
    lines = tuple(replace(line, name=nasty) for line in findings.lines) * 3000
    hostile = {"title": nasty, "question": nasty, "lines": lines}
    hostile |= {"answer": Answer(nasty * 20, (nasty * 20,) * 3, findings.answer.counts)}
    hostile |= {"caveats": (nasty,) * 3000, "claims": (long,) * 3000}
    markdown = report.report(replace(findings, **hostile))
    assert len(markdown.encode()) < HALF_OF_A_SUMMARY
    assert "more: `toysup report --json` has all verdicts of" in markdown
    assert Page(markdown).obeyed() == []

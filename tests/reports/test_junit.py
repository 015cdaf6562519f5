"""Claims as JUnit XML: what CI systems read of it, and which claims are failures."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from tests.reports.conftest import made
from toysup.claims import check
from toysup.files import shown
from toysup.geometry import polygon
from toysup.reports import junit
from toysup.spec.claim import Claim

NASTY = "a\x1b[2J \x00 \ud800 \ufffe \u202e <b> & \" ]]> '\r\n\t é \U0001f600"
SHOWN = "a\\x1b[2J \\x00 \\ud800 \\ufffe \\u202e <b> & \" ]]> '\\r\\n\\t é \U0001f600"


def run(folder, *outcomes, **rule):
    rule = {"verdict": ("minimising",), "says": "It is so.", "predicted": "none"} | rule
    claims = [Claim(name=f"c{n}", outcome=one, rows={}, **rule) for n, one in enumerate(outcomes)]
    return check(made(folder, ([polygon(5)] * 10, {}), claims=claims))


@pytest.fixture
def read(tmp_path):
    """The element that two runs make: one claim as before and one new, and one that changed."""
    good = run(tmp_path / "good", "supported", None)
    odd = run(tmp_path / "odd", "refuted")
    return ET.fromstring(junit.xml([good, odd]))


@pytest.mark.slow
def test_a_run_is_a_suite_and_a_claim_is_a_test_of_it(read):
    assert [read.tag, *(suite.tag for suite in read)] == ["testsuites", "testsuite", "testsuite"]
    found = [(t.get("classname"), t.get("name")) for t in read.iter("testcase")]
    assert found == [("good", "c0"), ("good", "c1"), ("odd", "c0")]


@pytest.mark.slow
@pytest.mark.parametrize("tag", ["testsuites", "testsuite"])
def test_a_suite_counts_what_is_in_it(read, tag):
    for suite in read.iter(tag):
        cases = list(suite.iter("testcase"))
        failed = [case for case in cases if case.find("failure") is not None]
        assert int(suite.get("tests")) == len(cases)
        assert int(suite.get("failures")) == len(failed)
        assert (suite.get("errors"), float(suite.get("time"))) == ("0", 0)


@pytest.mark.slow
def test_a_claim_fails_only_where_it_came_out_otherwise(read):
    failures = {
        (case.get("classname"), case.get("name")): case.find("failure").get("message")
        for case in read.iter("testcase")
        if case.find("failure") is not None
    }
    assert list(failures) == [("odd", "c0")]
    [reason] = failures.values()
    assert reason.startswith("It was refuted in the first run. Came out supported: ")
    assert "\n" not in reason


@pytest.mark.slow
def test_a_new_claim_says_what_came(read):
    new = read.find(".//testcase[@name='c1']")
    assert [child.tag for child in new] == ["system-out"]
    assert new.findtext("system-out").startswith("It is so.\nCame out supported: ")


def test_a_claim_that_stays_undecided_passes_and_one_that_becomes_so_fails(tmp_path):
    unclear = {"verdict": None, "metric": "loss", "above": 0.455}  # the median of the seeds' losses
    found = run(tmp_path / "open", "undecided", "supported", **unclear)
    assert [one.answer for one in found.claims] == ["undecided", "undecided"]
    same, changed = ET.fromstring(junit.xml([found])).iter("testcase")
    assert same.find("failure") is None
    assert "Came out undecided" in changed.find("failure").get("message")


@pytest.mark.slow
def test_text_that_xml_cannot_hold_is_shown_as_its_escape(tmp_path):
    found = run(tmp_path / "good", "refuted", says=NASTY)
    [claim] = found.claims
    named = replace(claim, claim=replace(claim.claim, name=NASTY))
    folder = NASTY.replace("\x00", "").replace("\ud800", "\udcff")  # as a file system may name it
    data = junit.xml([replace(found, run=folder, claims=(named,))])
    assert data.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    [suite] = ET.fromstring(data)
    [case] = suite
    assert suite.get("name") == case.get("classname") == shown.line(folder)
    assert case.get("name") == SHOWN
    assert case.findtext("system-out").startswith(f"{SHOWN}\nCame out")

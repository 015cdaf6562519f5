"""Decided claims as JUnit XML, which CI systems show: a run is a suite, a claim a test.

A claim fails where it comes out otherwise than in the first whole run; a new one cannot fail. All
claims of a run are decided together, in moments, so no test has a time of its own.
Source: the format as Apache Ant writes it, and Jenkins, GitLab and actions on GitHub read it.
"""

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from toysup.claims.decision import CheckedRun, Decision
from toysup.files.shown import line
from toysup.reports.effects import came_out, change


def xml(checked: Sequence[CheckedRun]) -> bytes:
    """The file. What XML 1.0 cannot hold, control characters among it, is shown as its escape."""
    root = ET.Element("testsuites", {"name": "toysup check"} | counts(checked))
    root.extend([suite(run) for run in checked])
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def counts(runs: Sequence[CheckedRun]) -> dict[str, str]:
    """The numbers of a suite. A claim that cannot be decided ends the command: none is an error."""
    tests, failures = (sum(len(run.claims) for run in runs), sum(len(run.changed) for run in runs))
    return {"tests": f"{tests}", "failures": f"{failures}", "errors": "0", "time": "0"}


def suite(run: CheckedRun) -> ET.Element:
    """The claims of a run, which has the name of its folder."""
    made = ET.Element("testsuite", {"name": line(run.run)} | counts([run]))
    name = line(Path(run.run).resolve().name)
    made.extend([test(name, found) for found in run.claims])
    return made


def test(run: str, decision: Decision) -> ET.Element:
    made = ET.Element("testcase", classname=run, name=line(decision.claim.name), time="0")
    if decision.as_before is False:
        ET.SubElement(made, "failure", message=line(change(decision)), type="changed")
    ET.SubElement(made, "system-out").text = "\n".join(
        map(line, (decision.claim.words, came_out(decision)))
    )
    return made

"""The workflow of docs/ci.md is one that GitHub reads, and its commands do what it says of them."""

import os
import re
import shlex
import subprocess
import sys
from xml.etree import ElementTree

import pytest
import yaml

from tests.documents import ROOT, blocks, parsed
from tests.reports.markdown.rendered import Page
from toysup import spec

[TEXT] = blocks(ROOT / "docs" / "ci.md", "yaml")
OURS = (ROOT / ".github" / "workflows" / "ci.yml").read_text()
[JOB] = yaml.safe_load(TEXT)["jobs"].values()
SCRIPTS = {step["name"]: step["run"] for step in JOB["steps"] if "run" in step}
COMMAND = re.compile(r"^toysup [^|>\n]+", re.MULTILINE)
MAKEFILE = (ROOT / "Makefile").read_text()


@pytest.mark.parametrize("text", [TEXT, OURS], ids=["docs/ci.md", "ci.yml"])
def test_a_workflow_has_what_github_needs(text):
    workflow = yaml.safe_load(text)
    assert set(workflow) == {"name", True, "permissions", "jobs"}  # YAML 1.1 takes "on" for true
    assert set(workflow[True]) == {"push", "pull_request"}
    for job in workflow["jobs"].values():
        assert {"runs-on", "timeout-minutes", "steps"} <= set(job)
        for step in job["steps"]:
            assert ("uses" in step) != ("run" in step)
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", step.get("uses", "actions/any@v1"))


def test_the_jobs_commands_parse_and_name_each_others_files():
    [sweep, report, check] = (shlex.split(c) for s in SCRIPTS.values() for c in COMMAND.findall(s))
    trained = parsed(sweep)
    assert trained["small"]
    run = f"runs/{spec.read(trained['file'], [], True).name}"
    found = parsed(report)
    assert (str(found["run"]), found["markdown"]) == (run, True)
    decided = parsed(check)
    assert ([str(path) for path in decided["runs"]], decided["markdown"]) == ([run], True)
    kept = JOB["steps"][-1]["with"]["path"].split()
    assert kept == ["runs", str(found["html"]), str(decided["junit"])]
    [cache] = (step for step in JOB["steps"] if "cache" in step.get("uses", ""))
    assert cache["with"]["path"] == JOB["env"]["TOYSUP_CACHE"]


@pytest.mark.long
def test_the_job_runs_in_an_empty_folder(tmp_path):
    """As a runner does: each script in a file for bash, the summary a file that they append to."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "toysup").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m toysup "$@"\n')
    (programs / "toysup").chmod(0o755)
    summary = tmp_path / "summary.md"
    environment = os.environ | JOB["env"] | {"GITHUB_ACTIONS": "true", "PYTHONPATH": str(ROOT)}
    environment |= {"GITHUB_STEP_SUMMARY": str(summary)}
    environment |= {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    work = tmp_path / "work"
    work.mkdir()
    for name, script in SCRIPTS.items():
        if name != "Install toysup":
            command = ["bash", "-e", "-c", script]
            done = subprocess.run(
                command, cwd=work, env=environment, capture_output=True, text=True
            )
            assert done.returncode == 0, (name, done.stderr)
    page = Page(summary.read_text())
    assert page.obeyed() == []
    assert (
        page.text.count("claims came out as in the first run.") == 2
    )  # in the report and in the check
    assert (work / "report.html").stat().st_size > 10_000
    suites = ElementTree.parse(work / "claims.xml").getroot()
    assert (int(suites.get("tests")), suites.get("failures")) == (5, "0")
    assert any((work / JOB["env"]["TOYSUP_CACHE"]).rglob("*"))


def test_our_workflow_runs_ci_on_two_systems_and_what_takes_longer_elsewhere():
    jobs = yaml.safe_load(OURS)["jobs"]
    matrix = jobs["whole"]["strategy"]["matrix"]
    assert matrix["os"] == ["ubuntu-latest", "macos-latest"]
    assert jobs["whole"]["steps"][-1] == {"run": ".ci/run"}
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    others = jobs["versions"]["strategy"]["matrix"]["include"]
    assert "with" not in others[0]  # the oldest
    assert jobs["versions"]["steps"][-1]["run"].startswith("make versions ")
    assert [step.get("run") for step in jobs["sweeps"]["steps"]][-3:] == [
        "make claims SMALL=1",
        "make paper SMALL=1",
        "make why SMALL=1",
    ]
    assert jobs["all"]["steps"][-1] == {"run": "make test ALL=1"}
    assert re.search(r"^versions:", MAKEFILE, re.MULTILINE)
    oldest = re.search(r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text())
    assert others[0]["python"] == matrix["python"][0] == oldest[1]

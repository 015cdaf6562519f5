"""The README is short, begins with the main job, and what it shows is what toysup prints."""

import re
import subprocess

from tests.documents import README, ROOT, blocks, commands, lines
from toysup import registry

MOST_LINES = 130


def test_the_readme_is_short():
    assert len(README.read_text().splitlines()) <= MOST_LINES


def test_the_first_two_commands_are_the_main_job_and_the_tests():
    assert lines(README)[:2] == ["make question", "make test"]


def test_make_alone_prints_its_targets():
    done = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True)
    for target in ("question", "report", "smoke", "test", "lint", "bench", "clean"):
        assert re.search(rf"^  make {target} +\S", done.stdout, re.MULTILINE)


def test_the_number_of_objectives_is_that_of_the_registry():
    assert (
        f"under {len(registry.packaged('objectives'))} training\nobjectives" in README.read_text()
    )


def test_there_is_a_command_for_each_of_the_commands():
    from typer.main import get_command

    from toysup.cli import app

    assert {words[1] for words in commands(README)} == set(get_command(app).commands)


def test_the_report_shown_is_of_a_sweep_that_is_packaged():
    (text,) = blocks(README, "text")
    assert text.splitlines()[0] == "Smoke: the question, small"

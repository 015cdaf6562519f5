"""What the README tells its reader to type works."""

import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import jax
import numpy as np
import pytest
import typer

from tests import training
from tests.training import setup
from toysup import spec
from toysup.cli import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


LINES = [line.partition("#")[0].strip() for block in blocks("sh") for line in block.splitlines()]
COMMANDS = [shlex.split(line) for line in LINES if line.startswith("toysup ")]


def test_the_first_two_commands_are_the_main_job_and_the_tests():
    assert LINES[:2] == ["make question", "make test"]


def test_every_make_target_named_in_the_readme_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {line.split()[1] for line in LINES if line.startswith("make ")} <= targets


def test_make_alone_prints_its_targets():
    done = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True)
    for target in ("question", "report", "smoke", "test", "lint", "bench", "clean"):
        assert re.search(rf"^  make {target} +\S", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_toysup_command_of_the_readme_parses(words, monkeypatch):
    monkeypatch.chdir(ROOT)
    group = typer.main.get_command(app)
    command = group.commands[words[1]]
    context = command.make_context(words[1], words[2:], resilient_parsing=False)
    file = context.params.get("file")
    if file:
        spec.read(file, context.params["changes"] or [])


def test_the_readmes_sweep_is_valid():
    (text,) = blocks("toml")
    read = spec.parse(tomllib.loads(text))
    assert read.objective_train["infonce"]["batch_size"] == (64, 256)


@pytest.mark.slow
def test_the_readmes_objective_is_whole_and_trains():
    (code,) = blocks("python")
    namespace = {}
    exec(compile(code, "README.md", "exec"), namespace)
    made = setup("infonce", "mask", steps=5, batch_size=8)
    made = made.replace(objective=namespace["Cosine"]())
    key = jax.random.key(0)
    state = training.run(made, key, 5)
    assert np.isfinite(state.loss_curve).all()


def test_no_placeholder_is_left():
    assert not re.search(r"@[A-Z]+@", README)


def test_the_picture_is_there():
    assert all((ROOT / path).is_file() for path in re.findall(r"\]\((docs/[^)]+)\)", README))

"""TAB in a shell: it completes the program as it was typed, from the first time on, and quickly."""

import shutil
import subprocess
import sys

import pytest
from typer._completion_shared import get_completion_script

import toysup.cli  # noqa: F401 - it has the scripts

HEAVY = {"jax", "numpy", "pandas", "pyarrow", "scipy", "matplotlib"}


def script(shell):
    return get_completion_script(prog_name="toysup", complete_var="_TOYSUP_COMPLETE", shell=shell)


def ask(shell, *words, **environment):
    command = shutil.which(shell)
    if command is None:
        pytest.skip(f"there is no {shell} here")
    env = {"PATH": "/usr/bin:/bin", **environment}
    done = subprocess.run([command, *words], capture_output=True, text=True, env=env, check=True)
    assert done.stderr == ""
    return done.stdout


@pytest.fixture
def program(tmp_path):
    """A toysup that is on no PATH."""
    path = tmp_path / "bin" / "toysup"
    path.parent.mkdir()
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m toysup "$@"\n')
    path.chmod(0o755)
    return path


def test_in_zsh_the_first_tab_completes(program, tmp_path):
    (tmp_path / "_toysup").write_text(script("zsh"))
    first = (
        'fpath=($1 $fpath); words=("$2" swe); CURRENT=2; compdef() { }; '
        "_arguments() { print -r -- $@ }; autoload -Uz _toysup; _toysup"
    )
    found = ask("zsh", "-f", "-c", first, "zsh", str(tmp_path), str(program))
    assert '"sweep":"Train a sweep' in found


def test_zsh_evaluates_the_script_at_its_start_without_completing_anything(tmp_path):
    (tmp_path / "script").write_text(script("zsh"))
    said = ask(
        "zsh", "-f", "-c", 'compdef() { print -r -- $@ }; source "$1"', "zsh", f"{tmp_path}/script"
    )
    assert said == "_toysup_completion toysup\n"


def test_fish_asks_the_program_that_was_typed(program, tmp_path):
    (tmp_path / "script").write_text(script("fish"))
    command = f"source {tmp_path}/script; complete -C '{program} swe'"
    assert ask("fish", "--no-config", "-c", command, HOME=str(tmp_path)).startswith("sweep\tTrain")


@pytest.mark.slow
def test_bash_asks_the_program_that_was_typed(program, tmp_path):
    (tmp_path / "script").write_text(script("bash"))
    command = (
        f'source {tmp_path}/script; COMP_WORDS=("$1" swe); COMP_CWORD=1; '
        '_toysup_completion "$1"; echo "${COMPREPLY[@]}"'
    )
    assert ask("bash", "--norc", "-c", command, "bash", str(program)) == "sweep\n"


@pytest.mark.slow
def test_completion_imports_nothing_heavy():
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "toysup"],
        capture_output=True,
        text=True,
        env={
            "COMP_WORDS": "toysup report --",
            "COMP_CWORD": "2",
            "_TOYSUP_COMPLETE": "complete_bash",
        },
    )
    assert "--markdown" in done.stdout
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "typer" in imported
    assert not HEAVY & imported

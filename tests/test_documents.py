"""What the documents tell their reader to type works, and what they point at is there."""

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from tests.documents import DOCUMENTS, LINK, ROOT, blocks, commands, lines, parsed, write_files
from toysup import spec
from toysup.cli import app
from toysup.spec.plugins import use_in_every_sweep

COMMANDS = [(path, words) for path in DOCUMENTS for words in commands(path)]
WHOLE = [(path, words) for path, words in COMMANDS if len(words) > 2]  # not a command's name alone
QUICK = ("list", "schema", "theory", "new")  # they train nothing and read no run
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
SUBCOMMANDS = get_command(app).commands
NAMES = [path.name for path in DOCUMENTS]


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """An empty folder to work in, as a user's is; the plug-ins of a test are gone after it."""
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    use_in_every_sweep([])


def command_of(words):
    """The first word that is the name of a command."""
    return next(word for word in words if word in SUBCOMMANDS)


def label(value):
    return shlex.join(value) if isinstance(value, list) else value.name


@pytest.mark.parametrize(("path", "words"), COMMANDS, ids=label)
def test_every_toysup_command_exists(path, words):
    assert command_of(words)


@pytest.mark.parametrize(("path", "words"), WHOLE, ids=label)
def test_every_toysup_command_parses_and_its_sweep_is_valid(path, words, empty):
    write_files(path, empty)
    params = parsed(words)
    use_in_every_sweep([file for file in params["plugin"] or [] if Path(file).exists()])
    if "file" in params:
        spec.read(params["file"], params["changes"] or [], params["small"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "words"), [(p, w) for p, w in WHOLE if command_of(w) in QUICK], ids=label
)
def test_every_quick_command_runs(path, words, empty):
    if "--plugin" in words:
        write_files(path, empty)
    done = CliRunner().invoke(app, words[1:])
    assert done.exit_code == 0, done.output
    assert done.output.strip()


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_every_make_target_exists(path):
    named = {line.split()[1] for line in lines(path) if line.startswith("make ")}
    assert {word for word in named if word.isalpha()} <= TARGETS


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_every_test_that_is_named_is_there(path):
    for named in re.findall(r"tests/[\w/]+\.py|tests/\w+/", path.read_text()):
        assert (ROOT / named).exists(), named


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_every_file_of_toysup_that_is_named_is_there(path):
    for named in re.findall(r"`((?:toysup|sweeps|docs|benchmarks)/[\w/.*]*)`", path.read_text()):
        place, _, name = named.rpartition("/")
        assert list((ROOT / place).glob(name.replace("NAME", "*") or "*")), named


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_every_link_leads_somewhere(path):
    for target in LINK.findall(path.read_text()):
        assert (path.parent / target).is_file(), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_every_file_shown_is_a_valid_sweep_or_python(path, empty):
    for file in write_files(path, empty):
        if file.suffix == ".toml":
            spec.read(file)
        else:
            compile(file.read_text(), file.name, "exec")


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_every_block_of_code_is_checked(path):
    for language in ("toml", "python"):
        for text in blocks(path, language):
            assert text.startswith("# "), f"begin it with # NAME, to have it checked: {text[:60]}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_no_placeholder_is_left(path):
    assert not re.search(r"@[A-Z]+@|TODO|TBD", path.read_text())


@pytest.mark.long
def test_the_code_for_notebooks_runs(empty, capsys):
    every = blocks(ROOT / "docs" / "python.md", "python")
    for name in ("mapping.py", "report.py"):
        [text] = [block for block in every if block.startswith(f"# {name}\n")]
        exec(compile(text, name, "exec"), {})
    printed = capsys.readouterr().out
    assert "minimisation_index" in printed
    assert (empty / "page.html").is_file()
    assert "verdict" in printed


@pytest.mark.long
def test_the_training_loop_that_is_watched_ends_below_random_directions(capsys):
    [text] = [b for b in blocks(ROOT / "docs" / "directions.md", "python") if "watched.py" in b]
    exec(compile(text, "watched.py", "exec"), {})
    first, *_, last = capsys.readouterr().out.splitlines()
    assert first.startswith("step 0: random")
    assert last.startswith("step 2000: ")
    assert float(last.rpartition("P = ")[2]) < 0.6

"""The documents for users, and what can be tried of them: commands, blocks of code, links."""

import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import typer

from toysup.cli import app

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DOCUMENTS = [README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
INLINE = re.compile(r"`((?:toysup|make) [^`]+)`")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)[^)]*\)")
FILE_NAME = re.compile(r"# (\S+\.(?:toml|py))$", re.MULTILINE)


def blocks(path, language):
    """The blocks of code in one language."""
    return re.findall(rf"```{language}\n(.*?)```", path.read_text(), re.DOTALL)


def lines(path):
    """What a reader may type: the lines of the shell blocks, then the commands in sentences."""
    typed = [line.partition("#")[0].strip() for b in blocks(path, "sh") for line in b.splitlines()]
    sentences = re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL)
    return [line for line in typed if line] + INLINE.findall(sentences)


def commands(path):
    """The toysup commands, as words."""
    return [shlex.split(line) for line in lines(path) if line.startswith("toysup ")]


def write_files(path, folder):
    """Write each block whose first line is `# NAME.toml` or `# NAME.py`; the paths."""
    written = []
    for text in blocks(path, "toml") + blocks(path, "python"):
        name = FILE_NAME.match(text)
        if name:
            written.append(folder / name[1])
            written[-1].write_text(text)
    return written


def parsed(words):
    """The name of a command and its parameters, from the words of a command line; the command does
    nothing. A click.ClickException where the words are wrong."""
    found = {}
    group = typer.main.get_command(app)
    group.callback = lambda **params: found.update(params)
    for command in group.commands.values():
        command.callback = lambda **params: found.update(params)
    group.main(list(words[1:]), prog_name=words[0], standalone_mode=False)
    return found


def lint(ruff):
    """Check the style of every block of Python in the documents; ruff's exit code."""
    with tempfile.TemporaryDirectory() as folder:
        for path in DOCUMENTS:
            for number, text in enumerate(blocks(path, "python")):
                (Path(folder) / f"{path.stem}_{number}.py").write_text(text)
        command = [ruff, "check", "--config", ROOT / "pyproject.toml", "--quiet", folder]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(lint(sys.argv[1]))

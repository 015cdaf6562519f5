"""The wheel works where it is installed: in an empty folder, with what it declares and no more."""

import ast
import importlib.metadata as installed
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from toysup.errors import CLAIM_DIFFERS

ROOT = Path(__file__).parents[1]
NAME = "elhage2022_polygons"  # one objective, so one program to compile


def run(*words, cwd, codes=(0,)):
    """Run a command as a user who has no checkout; its output."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        list(map(str, words)), cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert done.returncode in codes, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The path of the wheel that this checkout builds."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    [path] = folder.glob("*.whl")
    return path


def metadata(wheel):
    """The names of the wheel's files, and the text of its METADATA."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        [described] = [name for name in names if name.endswith(".dist-info/METADATA")]
        return names, archive.read(described).decode()


def requirements(lines, extra=""):
    """The names that lines of requirements need on this machine, with one extra or none."""
    read = map(Requirement, lines)
    return {r.name.lower() for r in read if not r.marker or r.marker.evaluate({"extra": extra})}


def declared(wheel, extra=""):
    """The names of the distributions that the wheel needs, with one extra or none."""
    lines = re.findall(r"^Requires-Dist: (.*)$", metadata(wheel)[1], re.MULTILINE)
    return requirements(lines, extra)


def with_their_needs(names):
    """These distributions and all that they need in turn."""
    reached, waiting = set(), set(names)
    while waiting:
        reached |= waiting
        needed = (installed.distribution(name).requires or () for name in waiting)
        waiting = set().union(*map(requirements, needed)) - reached
    return reached


def link(names, site_packages):
    """Make distributions of this environment importable in another: as if installed, but quick."""
    for name in names:
        distribution = installed.distribution(name)
        tops = {file.parts[0] for file in distribution.files} - {"..", "__pycache__"}
        for top in tops:
            target = site_packages / top
            if not target.exists():
                target.symlink_to(distribution.locate_file(top))


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    """The scripts' folder of a fresh environment with the wheel and what it declares to need."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    pip = [sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install", "--quiet"]
    run(*pip, "--no-deps", "--no-index", "--disable-pip-version-check", wheel, cwd=folder)
    [site_packages] = folder.glob("lib/python*/site-packages")
    link(with_their_needs(declared(wheel)), site_packages)
    return folder / "bin"


@pytest.fixture(scope="module")
def here(environment, tmp_path_factory):
    """Runs a script of the environment in an empty folder, the same for all tests; its output."""
    folder = tmp_path_factory.mktemp("empty")
    return lambda script, *words, **codes: run(environment / script, *words, cwd=folder, **codes)


NOTEBOOKS = {"IPython", "marimo"}  # imported only where they run already


def imported():
    """The names of the packages that toysup imports, at the top of a file or inside a function."""
    for path in (ROOT / "toysup").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node.module.partition(".")[0]


@pytest.mark.long
def test_the_wheel_declares_what_toysup_imports_with_dask_and_nothing_else(wheel):
    third_party = set(imported()) - set(sys.stdlib_module_names) - {"toysup"} - NOTEBOOKS
    homes = installed.packages_distributions()
    assert {homes[name][0].lower() for name in third_party} == declared(wheel, "dask")


@pytest.mark.slow
def test_the_wheel_has_the_sweeps_the_data_with_its_licence_and_the_types(wheel):
    names, text = metadata(wheel)
    sweeps = {f"toysup/sweeps/{path.name}" for path in (ROOT / "sweeps").iterdir()}
    assert {name for name in names if name.startswith("toysup/sweeps/")} == sweeps
    assert {"toysup/py.typed", "toysup/features/digits.parquet"} <= set(names)
    assert sum(name.endswith("licenses/toysup/features/digits.txt") for name in names) == 1
    assert "License-Expression: MIT AND CC-BY-4.0" in text


def test_the_wheel_holds_no_tests_and_no_tools(wheel):
    tops = {name.partition("/")[0] for name in metadata(wheel)[0]}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"toysup"}


@pytest.mark.long
def test_the_installed_toysup_lists_the_sweeps_in_an_empty_folder(here):
    entries = json.loads(here("toysup", "list", "sweeps", "--json"))["sweeps"]
    assert {entry["name"] for entry in entries} == {p.stem for p in (ROOT / "sweeps").iterdir()}
    assert {entry["from"] for entry in entries} == {"toysup"}


@pytest.mark.slow
def test_the_installed_toysup_trains_a_packaged_sweep_reports_it_and_decides_its_claims(here):
    changes = [
        "--set",
        "steps=20",
        "--set",
        "batch_size=16",
        "--set",
        "seeds=2",
        "--set",
        "claims=[]",
    ]
    trained = here("toysup", "sweep", NAME, *changes, "--quiet", "--json")
    outcome = json.loads(trained)
    folder = outcome["run"]
    assert folder == f"runs/{NAME}"
    assert here("toysup", "report", folder, "--html", "page.html").endswith("Page: page.html\n")
    # After 20 steps claims come out otherwise than after thousands: exit code 4.
    checked = here("toysup", "check", folder, "--claims", NAME, "--json", codes=(CLAIM_DIFFERS,))
    assert json.loads(checked)["claims"] > 0
    # The same in Python: the run is there already.
    code = (
        "import toysup\n"
        f"run = toysup.sweep('{NAME}', steps=20, batch_size=16, seeds=2, claims=[])\n"
        "print(len(run))"
    )
    assert int(here("python", "-c", code)) == outcome["instances"]


@pytest.mark.long
def test_the_installed_toysup_trains_with_a_plugin_of_the_users(here):
    here("toysup", "new", "metric", "spread")
    changes = ("--set", "steps=20", "--set", "seeds=2", "--set", "claims=[]", "--out", "runs/mine")
    here("toysup", "--plugin", "spread.py", "sweep", NAME, *changes, "--quiet")
    code = "import toysup; print(toysup.load('runs/mine')['spread'].notna().all())"
    assert here("python", "-c", code).strip() == "True"
    assert "runs/mine" in here("toysup", "report", "runs/mine")

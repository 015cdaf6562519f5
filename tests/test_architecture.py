"""docs/architecture.md shows the package as it is."""

import re

from tests.documents import ROOT
from tests.test_layers import LAYERS
from toysup import errors
from toysup.engine.signals import ENDING

TEXT = (ROOT / "docs" / "architecture.md").read_text()
PACKAGE = ROOT / "toysup"


def names_below(heading):
    """The first cells of the table below a heading."""
    section = TEXT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)


def test_the_packages_are_the_folders_and_modules_that_exist():
    folders = [f"{path.parent.name}/" for path in PACKAGE.glob("*/__init__.py")]
    modules = [path.name for path in PACKAGE.glob("*.py")]
    assert sorted(names_below("Packages")) == sorted(folders + modules)


def test_the_packages_stand_in_the_order_of_the_layers():
    ranks = {name: rank for rank, names in enumerate(LAYERS) for name in names}
    order = [ranks[name.removesuffix("/").removesuffix(".py")] for name in names_below("Packages")]
    assert order == sorted(order)


def test_every_exit_code_is_there():
    codes = {value for name, value in vars(errors).items() if name.isupper()}
    codes |= {128 + number for number in ENDING}
    section = TEXT.partition("## Exit codes\n")[2]
    rows = re.findall(r"^\| ([\d, ]+) \|", section, re.MULTILINE)
    assert {int(code) for row in rows for code in row.split(",")} == codes

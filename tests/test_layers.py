"""Imports point down the list of layers in one direction only, and light commands stay light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "toysup"
LAYERS = (
    ("__main__",),
    ("cli",),
    ("plugin", "testing", "new"),
    ("__init__",),
    ("notebook",),
    ("reports",),
    ("reproduce",),
    ("claims", "compare", "matrices"),
    ("verdict",),
    ("engine",),
    ("storage",),
    ("measure",),
    ("batch",),
    ("grid",),
    ("spec",),
    ("columns",),
    ("train",),
    ("objectives", "views", "features", "encoders"),
    ("kernels", "metrics"),
    ("theory",),
    ("vectors", "geometry"),
    ("registry", "weights", "files", "resources"),
    ("errors",),
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}


def package(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path):
    """The packages that a file imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("toysup"):
            parts = node.module.split(".")
            names = [a.name for a in node.names] if len(parts) == 1 else [parts[1]]
            yield from (name for name in names if name in RANK)
        if isinstance(node, ast.Import):
            yield from (a.name.split(".")[1] for a in node.names if a.name.startswith("toysup."))


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE))
)
def test_imports_point_down(path):
    here = package(path)
    for other in imports(path):
        assert other == here or RANK[other] > RANK[here], f"{here} imports {other}"


def modules_after(code):
    script = f"import sys\n{code}\nprint(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.slow
def test_help_imports_no_heavy_package():
    code = (
        "sys.argv = ['toysup', '--help']\n"
        "from toysup.__main__ import main\n"
        "try: main()\nexcept SystemExit: pass"
    )
    heavy = {"jax", "pandas", "pyarrow", "matplotlib", "numpy", "scipy"}
    assert not heavy & modules_after(code)


@pytest.mark.slow
def test_what_reads_runs_never_imports_jax():
    code = (
        "import toysup.reports.terminal, toysup.reports.page, toysup.reports.overview\n"
        "import toysup.reports.phases, toysup.reports.pictures.phase_diagram\n"
        "import toysup.reports.instance.page, toysup.reports.instance.choose\n"
        "import toysup.reports.comparison.page, toysup.reports.comparison.terminal\n"
        "import toysup.reports.site, toysup.reproduce.beside\n"
        "import toysup.reports.markdown.report, toysup.reports.junit, toysup.reports.github\n"
        "import toysup.claims, toysup.compare, toysup.verdict"
    )
    assert "jax" not in modules_after(code)

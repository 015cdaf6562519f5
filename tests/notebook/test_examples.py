"""The notebooks of the documentation run from top to bottom, and show what they promise."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "docs" / "notebooks"
HEADLINE = "conditions that count, under both objectives"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.mark.long
def test_the_jupyter_notebook_shows_progress_tables_a_report_a_picture_and_a_verdict():
    nbformat = pytest.importorskip("nbformat")  # make versions has no notebooks
    nbclient = pytest.importorskip("nbclient")
    notebook = nbformat.read(NOTEBOOKS / "jupyter.ipynb", as_version=4)
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    cells = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
    shown = [{kind for out in outputs for kind in out.get("data", ())} for outputs in cells]
    assert "<progress" in cells[1][0]["data"]["text/html"]
    assert all(cells[1:])
    assert not [more for outputs in cells for more in outputs[1:]]  # one bar, no warnings
    assert HEADLINE in cells[3][0]["data"]["text/markdown"]
    assert "text/html" in shown[2]
    assert "image/png" in shown[5]
    assert "<b>minimising</b>" in cells[6][0]["data"]["text/html"]


@pytest.mark.long
def test_the_marimo_notebook_runs_and_shows_the_report(tmp_path):
    pytest.importorskip("marimo")
    # Of a copy, as marimo keeps what it showed beside a notebook.
    notebook = shutil.copy(NOTEBOOKS / "marimo_app.py", tmp_path)
    words = ("-m", "marimo", "-q", "export", "html", notebook, "-o", "page.html")
    environment = os.environ | {"XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert HEADLINE in Path("page.html").read_text()

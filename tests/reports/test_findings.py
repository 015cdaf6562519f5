import dataclasses
import json
import os
import shutil
import subprocess
import sys

import pytest

from toysup.errors import DamagedError, ToysupError
from toysup.reports.findings import gather
from toysup.storage.store import Store
from toysup.verdict.needed import needed


def test_lines_run_from_dense_to_sparse_and_carry_the_numbers_of_the_verdicts(findings):
    names = [line.name for line in findings.lines]
    assert names == [
        "mse · importance decay 0.7",
        "mse · importance decay 1",
        "infonce · mask views",
        "infonce · noise views",
    ]
    assert [line.panel for line in findings.lines] == ["mse", "mse", *names[2:]]
    first = findings.lines[0]
    assert [point.x for point in first.points] == [1.0, 0.1]
    assert [point.label for point in first.points] == [
        "minimising, no superposition",
        "minimising",
    ]
    assert first.points[1].index.value == pytest.approx(1, abs=1e-3)
    assert first.points[1].random.low < 0 < first.points[1].random.high
    assert first.points[1].index_range == pytest.approx((1, 1), abs=1e-3)


def test_everything_is_in_the_json_and_none_of_it_is_nan(findings):
    data = json.loads(json.dumps(findings.to_json(), allow_nan=False))
    shown = {field.name for field in dataclasses.fields(findings)} - {"rows", "moved"}
    assert shown <= set(data)
    assert len(data["verdicts"]) == 6
    assert data["verdicts"][2]["label"] == "diverged"
    assert data["thresholds"][0]["name"] == "represented"
    assert {moved["threshold"] for moved in data["sensitivity"]} >= {"minimising_index", "alpha"}
    assert data["results"].endswith("results.parquet")


@pytest.mark.slow
def test_the_same_run_gives_the_same_findings(findings, store):
    assert gather(store).to_json() == findings.to_json()


def test_an_unfinished_run_says_how_to_finish_it(store, tmp_path):
    folder = tmp_path / "half"
    shutil.copytree(store.folder, folder)
    (folder / "results.parquet").unlink()
    with pytest.raises(ToysupError, match=r"is not finished: 0 of 6 chunks are done\. Finish it"):
        gather(Store(folder))


def test_damaged_results_are_reported_as_damage(store, tmp_path):
    folder = tmp_path / "broken"
    shutil.copytree(store.folder, folder)
    data = bytearray((folder / "results.parquet").read_bytes())
    data[len(data) // 4] ^= 0xFF
    (folder / "results.parquet").write_bytes(data)
    with pytest.raises(DamagedError, match="is damaged"):
        gather(Store(folder))


@pytest.mark.long
def test_a_report_never_imports_jax_and_draws_only_for_the_page(store):
    script = (
        "import sys; from pathlib import Path; from toysup.storage.store import Store\n"
        "from toysup.reports import findings, lists, page, terminal\n"
        f"found = findings.gather(Store(Path({str(store.folder)!r})))\n"
        "terminal.show(found)\n"
        "assert 'matplotlib' not in sys.modules\n"
        "page.render(found)\n"
        "assert not {'jax', 'flax', 'matplotlib.pyplot'} & set(sys.modules)\n"
    )
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    subprocess.run([sys.executable, "-c", script], check=True, env=environment, capture_output=True)


@pytest.mark.slow
def test_a_printed_report_is_the_same_without_the_columns_that_it_does_not_need(store):
    every, some = gather(store), gather(store, needed)
    assert some.to_json() == every.to_json()
    assert set(every.rows) - set(some.rows) == {"loss_curve"}

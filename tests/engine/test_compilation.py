import subprocess
import sys

import pytest

from toysup.files import cache


@pytest.mark.slow
def test_a_second_process_compiles_nothing_and_finds_the_same_bytes(monkeypatch, tmp_path):
    base = tmp_path / "programs"
    monkeypatch.setenv(cache.SWITCH, str(base))
    code = (
        "import sys, toysup\n"
        "from toysup.engine import compilation\n"
        "compilation.SHORTEST = 0.0  # a loaded machine takes longer at times\n"
        "toysup.sweep({'seeds': 2, 'train': {'steps': 20}, 'objective': {'mse': {}}}, sys.argv[1])"
    )
    programs = []
    for name in ("first", "second"):
        subprocess.run([sys.executable, "-c", code, str(tmp_path / name)], check=True)
        programs.append(sorted(path.name for path in base.rglob("*-cache")))
    assert programs[0]
    assert programs[1] == programs[0]
    first, second = (tmp_path / name / "results.parquet" for name in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()

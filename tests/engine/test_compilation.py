import subprocess
import sys

import pytest

from toysup.engine import compilation
from toysup.files import cache


@pytest.mark.long
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


@pytest.mark.long
def test_programs_with_flipped_bits_or_swapped_are_compiled_again(monkeypatch, tmp_path):
    """jax checks them by no digest of its own where it compresses with zstd."""
    monkeypatch.setenv(cache.SWITCH, str(tmp_path / "programs"))
    code = (
        "import sys, toysup\n"
        "from toysup.engine import compilation\n"
        "compilation.SHORTEST = 0.0\n"
        "mapping = {'measure': 'directions', 'train': {'steps': 20}, 'objective': {'mse': {}}}\n"
        "toysup.sweep(mapping, sys.argv[1], feature_probability=0.1)"
    )

    def run(name):
        command = [sys.executable, "-c", code, str(tmp_path / name)]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stderr == ""
        return (tmp_path / name / "results.parquet").read_bytes()

    whole = run("whole")
    programs = sorted((tmp_path / "programs").rglob("*-cache"))
    assert len(programs) > 2
    kept = {path: path.read_bytes() for path in programs}
    for path, data in kept.items():
        middle = len(data) // 2
        path.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
    one, two = programs[:2]
    one.write_bytes(kept[two])
    two.write_bytes(kept[one])
    compilation.seal_of(programs[2]).unlink()
    changed = {path: path.read_bytes() for path in programs}
    assert run("again") == whole
    for path in programs:
        assert path.read_bytes() != changed[path]
        assert compilation.seal_of(path).read_bytes() == cache.digest(path.name, path.read_bytes())


def test_programs_get_a_digest_once_and_those_that_come_later_too(monkeypatch, tmp_path):
    monkeypatch.setattr(compilation.cache, "folder", lambda: tmp_path)
    digested = []
    digest = compilation.cache.digest
    monkeypatch.setattr(
        compilation.cache, "digest", lambda *names: digested.append(names[0]) or digest(*names)
    )
    for name in ("first-cache", "second-cache"):
        (tmp_path / name).write_bytes(b"program")
        compilation.seal()
        compilation.seal()
    assert digested == ["first-cache", "second-cache"]
    assert all(compilation.seal_of(tmp_path / name).exists() for name in digested)

import stat
import subprocess
import sys

import pytest

from toysup import compilation


@pytest.fixture
def base(monkeypatch, tmp_path):
    monkeypatch.setenv(compilation.SWITCH, str(tmp_path / "programs"))
    return tmp_path / "programs"


def test_the_folder_is_closed_to_others_and_named_by_jaxlib_and_processor(base):
    path = compilation.folder()
    assert path.parent == base
    assert path.name == f"jaxlib-{compilation.version('jaxlib')}-{compilation.processor()}"
    assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_a_folder_that_others_can_open_is_not_used(base):
    compilation.folder().chmod(0o755)
    assert compilation.folder() is None


def test_it_can_be_turned_off(monkeypatch):
    monkeypatch.setenv(compilation.SWITCH, "off")
    assert compilation.folder() is None


def test_a_folder_that_cannot_be_made_means_compiling_anew(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(compilation.SWITCH, str(tmp_path / "file"))
    assert compilation.folder() is None


def test_by_default_it_is_in_the_users_cache(monkeypatch, tmp_path):
    monkeypatch.delenv(compilation.SWITCH, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert compilation.folder().parent == tmp_path / "toysup"


def test_a_second_process_compiles_nothing_and_finds_the_same_bytes(base, tmp_path):
    code = (
        "import sys, toysup\n"
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

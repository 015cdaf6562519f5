import stat

import pytest

from toysup.files import cache


@pytest.fixture
def base(monkeypatch, tmp_path):
    monkeypatch.setenv(cache.SWITCH, str(tmp_path / "programs"))
    return tmp_path / "programs"


def test_the_folder_is_closed_to_others_and_named_by_jaxlib_and_processor(base):
    path = cache.folder()
    assert path.parent == base
    assert path.name == f"jaxlib-{cache.version('jaxlib')}-{cache.processor()}"
    assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_a_folder_that_others_can_open_is_not_used(base):
    cache.folder().chmod(0o755)
    assert cache.folder() is None


def test_it_can_be_turned_off(monkeypatch):
    monkeypatch.setenv(cache.SWITCH, "off")
    assert cache.folder() is None


def test_a_folder_that_cannot_be_made_means_compiling_anew(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(cache.SWITCH, str(tmp_path / "file"))
    assert cache.folder() is None


def test_by_default_it_is_in_the_users_cache(monkeypatch, tmp_path):
    monkeypatch.delenv(cache.SWITCH, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.folder().parent == tmp_path / "toysup"


def test_a_relative_folder_of_the_user_is_ignored(monkeypatch, tmp_path):
    monkeypatch.delenv(cache.SWITCH, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    assert cache.folder().parent == tmp_path / "home" / ".cache" / "toysup"
    assert not (tmp_path / "here").exists()

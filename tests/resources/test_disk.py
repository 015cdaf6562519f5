import shutil
from types import SimpleNamespace

from toysup.resources.disk import free


def test_the_room_is_that_of_the_disk_where_the_folder_will_be(tmp_path, monkeypatch):
    asked = []

    def usage(path):
        asked.append(path)
        return SimpleNamespace(free=7)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    assert free(tmp_path / "not" / "there") == 7
    assert asked == [tmp_path]

import math
import shutil
from types import SimpleNamespace

from toysup.resources.disk import free


def test_the_room_is_that_of_the_disk_where_the_folder_will_be(tmp_path, monkeypatch):
    asked = []

    def usage(path):
        asked.append(path)
        return SimpleNamespace(free=7, total=9)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    assert free(tmp_path / "not" / "there") == 7
    assert asked == [tmp_path]


def test_a_disk_that_answers_with_zeros_is_not_known(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=0, total=0))
    assert free(tmp_path) == math.inf

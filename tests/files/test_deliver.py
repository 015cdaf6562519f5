import os
import stat
import subprocess
import sys

import pytest

from toysup.errors import ToysupError
from toysup.files.deliver import deliver


def test_a_file_is_replaced_whole(tmp_path):
    (tmp_path / "page.html").write_text("old and longer")
    deliver(tmp_path / "page.html", b"new")
    assert (tmp_path / "page.html").read_bytes() == b"new"


def test_a_link_leads_to_the_file_that_is_replaced(tmp_path):
    (tmp_path / "page.html").write_text("old")
    (tmp_path / "link").symlink_to("page.html")
    deliver(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "page.html").read_bytes() == b"new"


def test_a_device_is_written_into_and_stays_one(tmp_path):
    (tmp_path / "null").symlink_to(os.devnull)
    deliver(tmp_path / "null", b"gone")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)
    assert (tmp_path / "null").is_symlink()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux has a device that is full")
def test_a_full_device_is_one_line():
    with pytest.raises(ToysupError, match=r"^/dev/full: cannot be written \(No space left"):
        deliver("/dev/full", b"x")


def test_a_folder_is_one_line(tmp_path):
    with pytest.raises(ToysupError, match="it is a link, a device or a folder"):
        deliver(tmp_path, b"x")


@pytest.mark.parametrize("piped", [True, False])
def test_standard_output_gets_what_was_printed_before_and_then_the_data(tmp_path, piped):
    code = (
        "from toysup.files.deliver import deliver\n"
        "print('before')\ndeliver('/dev/stdout', b'data')\nprint('after')"
    )
    with (tmp_path / "out").open("wb") as file:
        out = subprocess.PIPE if piped else file
        done = subprocess.run([sys.executable, "-c", code], stdout=out, check=True)
    text = done.stdout if piped else (tmp_path / "out").read_bytes()
    assert text == b"before\ndataafter\n"

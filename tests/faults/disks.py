"""Real disks that are full: under the run's folder, the cache of programs and the page's folder.

`python -m tests.faults.disks TRIES` mounts small disks in a namespace of its own, which needs Linux
and no rights, and prints what is wrong as JSON. A third of the tries is for each place.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.faults.runs import Ended, mini, toysup
from toysup.errors import BAD_INPUT, BUSY

ENTER = ("unshare", "--user", "--map-root-user", "--mount")
PAGE = 4096  # bytes: such disks are as large as whole pages
ROOMY = 2**28  # bytes


def are_there() -> bool:
    """Whether this machine lets a user mount disks in a namespace."""
    tried = [*ENTER, "mount", "-t", "tmpfs", "tmpfs", tempfile.gettempdir()]
    return (
        bool(shutil.which("unshare")) and not subprocess.run(tried, capture_output=True).returncode
    )


def full(tries: int) -> list[str]:
    """What is wrong with so many commands on full disks."""
    command = [*ENTER, sys.executable, "-m", "tests.faults.disks", str(tries)]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def mount(place: Path, size: int, *options: str) -> None:
    whole = max(1, -(-size // PAGE)) * PAGE
    settings = ",".join([*options, f"size={whole}"])
    subprocess.run(["mount", "-t", "tmpfs", "-o", settings, "tmpfs", str(place)], check=True)


def used(folder: Path) -> int:
    """Bytes that the files of a folder take on such a disk."""
    sizes = (path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return sum(-(-size // PAGE) * PAGE for size in sizes)


def wrong_with(ended: Ended, may_fail: bool = True) -> str:
    """What is wrong with how a command on a full disk ended; "" if nothing is."""
    codes = (0, BAD_INPUT, BUSY) if may_fail else (0,)
    said = ended.err.count("\n")
    if (
        ended.code in codes
        and "Traceback" not in ended.err
        and said <= 1
        and (said or not ended.code)
    ):
        return ""
    return f"exit code {ended.code}: {ended.err}"


class Folders:
    """A finished run, and a place for small disks beside it."""

    def __init__(self, folder: Path):
        self.folder, self.place = folder, folder / "disk"
        self.place.mkdir()
        mini(folder)
        ended = toysup(*self.sweep("whole"), cwd=folder, TOYSUP_CACHE=str(folder / "programs"))
        assert not ended.code, ended.err
        self.whole = self.results("whole")

    @staticmethod
    def sweep(out: str) -> tuple[str, ...]:
        return ("sweep", "mini.toml", "--quiet", "--out", out)

    def results(self, run: str) -> bytes:
        return (self.folder / run / "results.parquet").read_bytes()

    def run_on(self, size: int) -> str:
        """The run's folder is on the disk; afterwards there is space, and the command goes on."""
        fault = wrong_with(toysup(*self.sweep("disk/run"), cwd=self.folder))
        mount(self.place, ROOMY, "remount")
        again = toysup(*self.sweep("disk/run"), cwd=self.folder)
        if again.code or self.results("disk/run") != self.whole:
            return fault or f"afterwards {again.code}: {again.err}"
        return fault

    def cache_on(self, size: int) -> str:
        """The compiled programs go to the disk: the run needs none of them."""
        shutil.rmtree(self.folder / "other", ignore_errors=True)
        programs = {"TOYSUP_CACHE": str(self.place / "programs")}
        ended = toysup(*self.sweep("other"), cwd=self.folder, **programs)
        same = not ended.code and self.results("other") == self.whole
        return wrong_with(ended, may_fail=False) or ("" if same else "other results")

    def page_on(self, size: int) -> str:
        """The page goes to the disk, whole or not at all."""
        ended = toysup("report", "whole", "--html", "disk/page.html", cwd=self.folder)
        left = sorted(os.listdir(self.place))
        whole = ["page.html"] if ended.code == 0 else []
        return wrong_with(ended) or ("" if left == whole else f"left behind: {left}")

    def largest(self) -> dict:
        """What each place would need, in bytes."""
        page = self.folder / "page.html"
        toysup("report", "whole", "--html", str(page), cwd=self.folder)
        programs, run = self.folder / "programs", self.folder / "whole"
        return {
            self.run_on: used(run),
            self.cache_on: used(programs),
            self.page_on: page.stat().st_size,
        }


def tried(tries: int) -> Iterator[str]:
    """What is wrong, with disks of sizes from a page to all that is needed."""
    with tempfile.TemporaryDirectory() as made:
        folders = Folders(Path(made))
        for on, most in folders.largest().items():
            each = max(1, tries // 3)
            for number in range(each):
                size = most * (number + 1) // (each + 1)
                mount(folders.place, size)
                if fault := on(size):
                    yield f"{on.__name__} with {size} bytes: {fault}"
                subprocess.run(["umount", str(folders.place)], check=True)


if __name__ == "__main__":
    print(json.dumps(list(tried(int(sys.argv[1])))))

"""The network is away for a while: client, scheduler and workers of Dask do not reach each other.

unshare --map-root-user --net python -m tests.faults.partition FOLDER --seconds 30

The namespace has a loopback of its own, over which all of them talk, and which is taken down.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.faults.runs import ROOT, mini, started

NAMESPACE = ("unshare", "--map-root-user", "--net")
PORT = "8786"
PLACE = f"tcp://127.0.0.1:{PORT}"
CHUNKS = {"seeds": 40, "steps": 20_000}  # 20 chunks of about a second
WAIT_SECONDS = 240


def loopback(state: str) -> None:
    """Bring the network up, or take it down: packets are then lost, and connections stay open."""
    subprocess.run(["ip", "link", "set", "lo", state], check=True)


@contextlib.contextmanager
def cluster(folder: Path, workers: int):
    """A scheduler and workers, with the timeout that docs/cluster.md asks for."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "120s"}
    every = [["scheduler", "--port", PORT, "--no-dashboard"]]
    every += [["worker", PLACE, "--nthreads", "1", "--no-dashboard"]] * workers
    with contextlib.ExitStack() as stack:
        for name, *words in every:
            command = [sys.executable, "-m", f"distributed.cli.dask_{name}", *words]
            process = subprocess.Popen(command, cwd=folder, env=env, stderr=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.terminate)
        yield


def parts(folder: Path) -> int:
    return len(list((folder / "run" / "parts").glob("*.parquet")))


def parted(folder: Path, seconds: float, workers: int) -> dict:
    """What came of a run in the middle of which the network was away: the client's exit code and
    words, and how many chunks were saved before, while and after."""
    loopback("up")
    mini(folder, **CHUNKS)
    with cluster(folder, workers):
        client = started("sweep", "mini.toml", "--out", "run", "--dask", PLACE, cwd=folder)
        began = time.monotonic()
        while not parts(folder) and client.poll() is None:
            if time.monotonic() > began + WAIT_SECONDS:
                client.kill()
            time.sleep(0.05)
        loopback("down")
        saved = [parts(folder)]
        time.sleep(seconds)
        saved.append(parts(folder))
        loopback("up")
        _, said = client.communicate(timeout=WAIT_SECONDS)
        saved.append(parts(folder))
    return {"code": client.returncode, "said": said, "saved": saved}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--seconds", type=float, default=30.0)
    options.add_argument("--workers", type=int, default=2)
    asked = options.parse_args()
    print(json.dumps(parted(asked.folder, asked.seconds, asked.workers)))


if __name__ == "__main__":
    main()

"""What a worker of Dask does: it makes the plan anew from plain data, and trains a chunk of it.

A scheduler imports this file too, so that nothing heavy stands at its top.
"""

import functools
import importlib
import json
import platform
import signal
import tempfile
import threading
import time
import traceback
import zlib
from pathlib import Path
from typing import Any

ONE_AT_A_TIME = threading.Lock()  # a process has one set of devices, plug-ins and settings of jax

NEEDED = (  # to train
    "toysup.engine.chunk",
    "toysup.engine.going_on",
    "toysup.storage.rows",
)
BYTES = "latin-1"  # any bytes as text, and back


def dask_setup(worker) -> None:
    """What a worker on the client's machine does first. Ctrl-C, which all processes of a terminal
    hear, is left to the client; and what training needs is imported while the client plans."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=lambda: [*map(importlib.import_module, NEEDED)], daemon=True).start()


def order(store, plan, devices: int) -> bytes:
    """What all tasks of a run are told: whatever makes its plan, and what to compare."""
    from toysup import registry
    from toysup.spec.top import PICTURES
    from toysup.storage.manifest import EARLIER

    manifest, plugins = store.manifest(), registry.from_files()
    last = {name: manifest["plan"][name] for name in ("sweep", "seeds_per_chunk")}
    content = {
        "stages": [*manifest.get(EARLIER, ()), last],
        "group": plan.group,
        "folder": str(plan.sweep.folder.absolute()),
        "plugins": {p.name: p.source.decode(BYTES) for p in plugins if p.family != PICTURES},
        "devices": devices,
        **{name: manifest[name] for name in ("versions", "sources", "data")},
    }
    return zlib.compress(json.dumps(content).encode())


def train(order: bytes, number: int) -> dict[str, Any]:
    """The rows of a chunk as Arrow bytes; or `refused`, with how this worker differs from what the
    run was begun with.

    RuntimeError, with the traceback as its text, for whatever goes wrong: the client may lack the
    class of another error.
    """
    from distributed import get_worker

    with ONE_AT_A_TIME:
        try:
            began = time.perf_counter()
            part, refused = trained(order, number)
        except Exception:
            raise RuntimeError(traceback.format_exc()) from None
        where = {"host": platform.node(), "worker": get_worker().address}
        seconds = round(time.perf_counter() - began, 3)
        return {"part": part, "refused": refused, "seconds": seconds, **where}


def trained(order: bytes, number: int) -> tuple[bytes, list[str]]:
    """The rows of a chunk, or how this worker differs."""
    from toysup.engine import chunk as trainer
    from toysup.engine import compilation, environment, going_on
    from toysup.errors import ToysupError
    from toysup.storage import rows

    content, plan, refused = prepared(order)
    try:
        refused = refused or going_on.changed_data(content, plan.sweep)
        if refused:
            return b"", refused
        chunk = plan.chunks[number]
        with environment.settings():
            measured = trainer.run(plan, chunk, devices=content["devices"])
        compilation.seal()
        table = rows.table(plan, chunk, measured)
        return arrow_bytes(table), going_on.changed_data(content, plan.sweep)
    except ToysupError as error:  # a file of data is not here
        return b"", [str(error)]


@functools.lru_cache(maxsize=1)
def prepared(order: bytes) -> tuple[dict, Any, list[str]]:
    """What the tasks are told, the plan, and how this worker differs: kept from task to task."""
    from toysup.engine import machine, sources
    from toysup.errors import ToysupError
    from toysup.files import data
    from toysup.grid import growth

    content = json.loads(zlib.decompress(order))
    devices = content["devices"]
    try:
        machine.configure(devices)
        differences = sources.changed_versions(content, devices)
        if differences:
            return content, None, differences
        data.start_at(Path(content["folder"]))
        use_plugins(content["plugins"])
        plan = growth.remade(content["stages"], content["group"])[-1]
        return content, plan, sources.changed(content, plan, devices)
    except ToysupError as error:
        return content, None, [str(error)]
    except Exception as error:  # the client could make the plan: this worker is of another kind
        return content, None, [f"it cannot make the plan ({type(error).__name__}: {error})"]


def use_plugins(sources: dict[str, str]) -> None:
    """Register plug-ins from their source."""
    from toysup import registry
    from toysup.registry import outside

    with tempfile.TemporaryDirectory() as folder:
        for name, source in sources.items():
            (Path(folder) / f"{name}.py").write_bytes(source.encode(BYTES))
        registry.use([outside.read(Path(folder) / f"{name}.py") for name in sources])


def arrow_bytes(table) -> bytes:
    """A table as an Arrow stream."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, table.schema, options=options) as stream:
        stream.write_table(table)
    return sink.getvalue().to_pybytes()

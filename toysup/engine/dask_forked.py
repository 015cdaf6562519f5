"""What every worker would do first, done once in the process that workers here are forked from.

Importing this does it. None of it starts jax, which would hang in a process that was forked.
"""

import contextlib
import gc
import importlib

from toysup import registry
from toysup.engine import dask_worker, sources

FAMILIES = ("objectives", "features", "views", "encoders", "metrics")  # of plug-ins that train
# What jax and pyarrow import when they are first used, where their versions do.
LATER = ("jax.experimental.multihost_utils", "jaxlib.mlir.dialects.mhlo", "pandas")


def prepare() -> None:
    """Import what training and measuring need, and read the code that a run is compared with."""
    for name in dask_worker.NEEDED:
        importlib.import_module(name)
    for family in FAMILIES:
        for name in registry.packaged(family):  # not what others wrote, which may start jax
            importlib.import_module(f"toysup.{family}.{name}")
    for name in LATER:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    sources.read_ahead()
    gc.collect()
    gc.freeze()  # what is here stays: no worker looks through it, and all share its memory


prepare()

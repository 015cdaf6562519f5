"""A cluster of dask.distributed: that of a scheduler which runs somewhere, or processes here."""

import asyncio
import contextlib
import logging
import os
import re
import struct
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from multiprocessing import forkserver
from typing import Any

from toysup.engine import dask_worker
from toysup.engine.environment import process
from toysup.errors import ToysupError

LOCAL = re.compile(r"local:(\d+)")
MOST_LOCAL = 256  # workers on this machine
CONNECT_SECONDS = 10
GRACE_SECONDS = 1.0  # for Dask to say itself what is wrong
SETTINGS = {
    "distributed.comm.timeouts.tcp": "120s",  # a network that is away for less is waited for
    "distributed.worker.profile.enabled": False,
    # How often each process of Dask looks at itself: by default that takes a tenth of a core.
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.scheduler.work-stealing-interval": "1s",
    "distributed.worker.preload": [dask_worker.__name__],
    "distributed.worker.multiprocessing-method": "forkserver",
}
# Variables that Dask sets for workers, too, but not where they are forked.
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
# What a process that workers are forked from imports for all of them. None of it starts jax.
IMPORTED = ("distributed.nanny", "toysup.engine.dask_forked")


def begin(address: str) -> None:
    """Have imported what workers on this machine need, while this process makes its plan."""
    if LOCAL.fullmatch(address) and find_spec("distributed"):
        start_fork_server()


@contextlib.contextmanager
def connected(address: str) -> Iterator[Any]:
    """A client of a scheduler, or of processes here for `local:N`. ToysupError where none is."""
    try:
        import dask.config
        import distributed
    except ImportError:
        raise ToysupError('--dask needs dask.distributed: pip install "toysup[dask]"') from None
    with contextlib.ExitStack() as stack:
        stack.enter_context(quiet())
        stack.enter_context(dask.config.set(SETTINGS))
        place: Any = address
        if address.startswith("local:"):
            place = stack.enter_context(local_cluster(distributed, address))
        else:
            greet(address)
        client = distributed.Client(place, timeout=CONNECT_SECONDS, set_as_default=False)
        stack.enter_context(client)
        if client.dashboard_link:
            process.say(f"Dask's dashboard: {client.dashboard_link}")
        yield client


def greet(address: str) -> None:
    """ToysupError where no scheduler answers: a client that failed would keep this process."""
    from distributed.comm.core import connect
    from distributed.security import Security

    async def meet():
        options = Security().get_connection_args("client")
        coming = connect(address, timeout=CONNECT_SECONDS, **options)
        # Dask itself waits longer for a server that listens and says nothing.
        comm = await asyncio.wait_for(coming, CONNECT_SECONDS + GRACE_SECONDS)
        comm.abort()

    try:
        asyncio.run(meet())
    except (OSError, ValueError, TypeError, MemoryError, EOFError, struct.error) as error:
        # What another server says is read as a message of Dask, of whatever length that makes.
        reason = " ".join(str(error).split()).rstrip(".") or type(error).__name__
        raise ToysupError(
            f"--dask {address}: no scheduler of Dask answers there in {CONNECT_SECONDS} seconds "
            f"({reason}). Start one with `dask scheduler`, and workers with "
            "`dask worker ADDRESS --nthreads 1`, or use --dask local:4."
        ) from None


@contextlib.contextmanager
def local_cluster(distributed, place: str) -> Iterator[Any]:
    """Workers of one thread on this machine, which end with this process however it ends."""
    match = LOCAL.fullmatch(place)
    if not match or not 1 <= int(match[1]) <= MOST_LOCAL:
        raise ToysupError(
            f"--dask {place}: the number of workers must be in 1 to {MOST_LOCAL}, as in local:4."
        )
    with distributed.LocalCluster(
        n_workers=int(match[1]),
        threads_per_worker=1,
        memory_limit=0,  # what a sweep takes was compared with what there is
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
    ) as cluster:
        yield cluster


def start_fork_server() -> None:
    """Start the process that workers on this machine are forked from, unless it runs: jax is then
    imported once for all of them. It ends with this process."""
    variables = {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),  # it imports what is used here
        "PYTHONWARNINGS": "ignore",  # of processes that end with this one
        **dict.fromkeys(THREADS, "1"),
    }
    with environment_variables(variables):
        forkserver.set_forkserver_preload(list(IMPORTED))
        forkserver.ensure_running()


@contextlib.contextmanager
def environment_variables(values: dict[str, str]) -> Iterator[None]:
    """Variables that processes are started with in the block."""
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            del os.environ[name]
        os.environ.update(before)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep what Dask logs to itself: what a user should know is said here."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)

"""A cluster of dask.distributed: that of a scheduler which runs somewhere, or processes here."""

import asyncio
import contextlib
import logging
import os
import re
from collections.abc import Iterator
from typing import Any

from toysup.engine import dask_worker
from toysup.engine.environment import process
from toysup.errors import ToysupError

LOCAL = re.compile(r"local:(\d+)")
MOST_LOCAL = 256  # workers on this machine
CONNECT_SECONDS = 10
SETTINGS = {
    "distributed.comm.timeouts.tcp": "120s",  # a network that is away for less is waited for
    "distributed.worker.profile.enabled": False,
    "distributed.worker.preload": [dask_worker.__name__],
}


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
        comm = await connect(address, timeout=CONNECT_SECONDS, **options)
        comm.abort()

    try:
        asyncio.run(meet())
    except (OSError, ValueError, TypeError) as error:
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
    with (
        environment_variable("PYTHONWARNINGS", "ignore"),  # of processes that end with this one
        distributed.LocalCluster(
            n_workers=int(match[1]),
            threads_per_worker=1,
            memory_limit=0,  # what a sweep takes was compared with what there is
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        ) as cluster,
    ):
        yield cluster


@contextlib.contextmanager
def environment_variable(name: str, value: str) -> Iterator[None]:
    """A variable that processes are started with in the block."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep what Dask logs to itself: what a user should know is said here."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)

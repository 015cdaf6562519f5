"""A bar on stderr for work whose share done is known."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def share_bar(quiet: bool) -> Iterator[Callable[[float], None]]:
    """A callback that is told the share of the work that is done; silent where nobody watches."""
    if quiet or not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TimeRemainingColumn

    with Progress(BarColumn(40), TimeRemainingColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=1.0)
        yield lambda done: progress.update(task, completed=done)

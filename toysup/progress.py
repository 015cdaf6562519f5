"""How a run under way is shown on stderr: a live bar in a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from toysup.engine import Update

PLAIN_SECONDS = 10.0  # between two lines where nobody can watch a bar


def clock(seconds: float) -> str:
    """Seconds as m:ss or h:mm:ss."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def figures(update: Update, losses: dict[str, float]) -> str:
    """The live numbers: speed, time left, the current loss of each objective."""
    speed = update.steps_done / max(update.seconds, 1e-9)
    left = clock(update.steps_left / speed) if speed else "?"
    shown = "  ".join(f"{name} loss {loss:.4g}" for name, loss in losses.items())
    diverged = f"  {update.diverged} diverged" if update.diverged else ""
    return f"{speed:,.0f} instance-steps/s  {left} left  {shown}{diverged}"


@contextmanager
def shown(quiet: bool) -> Iterator[Callable[[Update], None]]:
    """A listener for `engine.run` that shows what it hears for the time of the block."""
    losses: dict[str, float] = {}
    if quiet:
        yield lambda update: None
    elif sys.stderr.isatty():
        with bar(losses) as listen:
            yield listen
    else:
        last = [-PLAIN_SECONDS]

        def line(update: Update) -> None:
            losses[update.objective] = update.loss
            if time.monotonic() - last[0] >= PLAIN_SECONDS or not update.steps_left:
                last[0] = time.monotonic()
                chunks = f"chunk {update.chunks_done + 1} of {update.chunks}"
                print(f"{chunks}  {figures(update, losses)}", file=sys.stderr, flush=True)

        yield line


@contextmanager
def bar(losses: dict[str, float]) -> Iterator[Callable[[Update], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        TextColumn("chunks"),
        MofNCompleteColumn(),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[figures]}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=None, figures="compiling")

        def listen(update: Update) -> None:
            losses[update.objective] = update.loss
            share = update.steps_done / max(update.steps_done + update.steps_left, 1)
            finished = update.chunks_done if update.steps_left else update.chunks
            progress.update(
                task,
                total=update.chunks,
                completed=max(finished, int(share * 0)),
                figures=figures(update, losses),
            )

        yield listen

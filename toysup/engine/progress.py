"""How a run under way is shown on stderr: a live bar in a terminal, plain lines elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from toysup.engine.session import Update

GAP = "  "  # between numbers
BAR = 24  # columns
PLAIN_SECONDS = 10.0  # between two lines where nobody can watch a bar


def clock(seconds: float) -> str:
    """Seconds as m:ss or h:mm:ss."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


class Meter:
    """The live numbers of a run: speed, time left, the current loss of each objective."""

    def __init__(self):
        self.losses: dict[str, float] = {}
        self.first: Update | None = None

    def read(self, update: Update, width: int | None = None) -> str:
        """The numbers after an update, in words. The first compilation is no part of the speed.

        Where the width does not suffice, the losses go first.
        """
        self.losses[update.objective] = update.loss
        self.first = self.first or update
        steps = update.steps_done - self.first.steps_done
        seconds = update.seconds - self.first.seconds
        speed = steps / seconds if steps and seconds else 0
        words = [f"{speed:,.0f} instance-steps/s"] if speed else []
        words += [f"{clock(update.steps_left / speed)} left"] if speed else []
        words += [f"{update.diverged} diverged"] if update.diverged else []
        words += ["{:,} of {:,} chunks in all".format(*update.of_run)] if update.of_run else []
        for loss in [f"{name} loss {loss:.4g}" for name, loss in self.losses.items()]:
            if width is not None and len(GAP.join([*words, loss])) > width:
                break
            words.append(loss)
        return GAP.join(words)


@contextmanager
def run_progress(quiet: bool) -> Iterator[Callable[[Update], None]]:
    """A callback for `local.run` that shows the progress for the time of the block."""
    if quiet:
        yield lambda update: None
    elif sys.stderr.isatty():
        with bar(Meter()) as callback:
            yield callback
    else:
        yield lines(Meter())


@contextmanager
def forecast_progress(quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A callback for `forecast` that says on stderr which stack is timed."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, stacks: None
        return
    from rich.console import Console

    with Console(stderr=True).status("timing") as status:
        yield lambda done, stacks: status.update(f"timing stack {done + 1} of {stacks}")


def lines(meter: Meter) -> Callable[[Update], None]:
    """A callback that prints a line every ten seconds, and the last one."""
    last = -PLAIN_SECONDS

    def callback(update: Update) -> None:
        nonlocal last
        words = meter.read(update)
        if update.seconds - last >= PLAIN_SECONDS or not update.steps_left:
            last = update.seconds
            chunks = f"chunk {min(update.chunks_done + 1, update.chunks)} of {update.chunks}"
            print(f"{chunks}  {words}", file=sys.stderr, flush=True)

    return callback


@contextmanager
def bar(meter: Meter) -> Iterator[Callable[[Update], None]]:
    """A callback that moves a bar by the share of the work that is done."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(BAR), TextColumn("{task.fields[words]}"))
    console = Console(stderr=True)
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("chunks", total=None, words="compiling")

        def callback(update: Update) -> None:
            finished = update.chunks_done if update.steps_left else update.chunks
            chunks = f"chunks {finished}/{update.chunks}"
            progress.update(
                task,
                description=chunks,
                total=update.steps_done + update.steps_left,
                completed=update.steps_done,
                words=meter.read(update, console.width - len(chunks) - BAR - 2),
            )

        yield callback

"""How a run under way is shown where Python called it: in a terminal, Jupyter or marimo."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from typing import Protocol

from toysup.engine.progress import Meter, run_progress
from toysup.engine.session import Update

Progress = bool | Callable[[Update], None] | None


class Place(Protocol):
    """Where HTML is shown, each piece in the place of the one before."""

    def show(self, html: str) -> None: ...


@contextmanager
def progress_of(asked: Progress) -> Iterator[Callable[[Update], None]]:
    """A callback for the time of a run. None: where somebody watches. True: everywhere, as lines
    where nobody does. False: nowhere. Or a callback of the user's, which gets each `Update`."""
    if callable(asked):
        yield asked
    elif asked is not False and (place := jupyter() or marimo()):
        yield bar(place, Meter())
    else:
        nobody = asked is None and not sys.stderr.isatty()
        with run_progress(quiet=asked is False or nobody) as callback:
            yield callback


def bar(place: Place, meter: Meter) -> Callable[[Update], None]:
    """A callback that moves a bar by the share of the work that is done."""

    def callback(update: Update) -> None:
        finished = update.chunks_done if update.steps_left else update.chunks
        words = f"chunks {finished}/{update.chunks}  {meter.read(update)}"
        whole = update.steps_done + update.steps_left
        place.show(
            f'<div role="status"><progress value="{update.steps_done}" max="{whole}"></progress> '
            f"{escape(words)}</div>"
        )

    return callback


class Jupyter:
    """An output of the running cell."""

    def __init__(self):
        self.output = None

    def show(self, html: str) -> None:
        from IPython.display import HTML, display  # pyright: ignore[reportMissingImports]

        if self.output is None:
            self.output = display(HTML(html), display_id=True)
        else:
            self.output.update(HTML(html))


class Marimo:
    """The output of the running cell, which its last line replaces."""

    def show(self, html: str) -> None:
        import marimo  # pyright: ignore[reportMissingImports]

        marimo.output.replace(marimo.Html(html))


def jupyter() -> Jupyter | None:
    """A place, if a kernel of Jupyter runs this."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return Jupyter() if getattr(shell, "kernel", None) is not None else None


def marimo() -> Marimo | None:
    """A place, if a marimo notebook runs this."""
    found = sys.modules.get("marimo")
    return Marimo() if found and found.running_in_notebook() else None

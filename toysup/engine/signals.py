"""Signals that end a run: heard at once, whatever a compiler is busy with. Imports no jax."""

import contextlib
import os
import select
import signal
import sys
import threading
from collections.abc import Callable

from toysup.errors import Interrupted

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE_SECONDS = 1.0  # from a signal to the end of the process
SHOW_CURSOR = "\x1b[?25h"  # a bar hides it


def nothing_begun() -> str:
    return "Stopped before anything was begun."


class Signals:
    """Turns SIGINT, SIGTERM and SIGHUP into a flag for the time of a `with` block.

    A run looks at the flag after each segment of training. Python handles a signal only between two
    of its own instructions, and a compilation is one that takes up to a minute. Where the process
    is toysup's `own`, a thread therefore hears the signal too, and ends the process when the run
    has not stopped by itself in time, or at a second signal: what is on disk is whole at any time.

    `message` says what is saved and how to go on.
    """

    def __init__(self, own: bool = False):
        self.own = own
        self.caught: int | None = None
        self.message: Callable[[], str] = nothing_begun
        self.previous = {}

    def __enter__(self):
        if threading.current_thread() is not threading.main_thread():
            return self  # somebody else handles signals
        for number in ENDING:
            nohup = number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN
            if not nohup:
                self.previous[number] = signal.signal(number, self.catch)
        if self.own:
            self.heard, wake = os.pipe()
            os.set_blocking(wake, False)
            signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
            threading.Thread(target=self.listen, name="signals", daemon=True).start()
        return self

    def catch(self, number, frame):
        self.caught = self.caught or number

    def __exit__(self, *_):
        for number, handler in self.previous.items():
            # The process is about to end: a signal more must not cut its last words short.
            ending = self.own and self.caught
            signal.signal(number, signal.SIG_IGN if ending else handler)
        if self.own and not self.caught:
            signal.set_wakeup_fd(-1)

    def stop(self) -> None:
        """Raise Interrupted if there was a signal."""
        if self.caught:
            raise Interrupted(self.message(), 128 + self.caught)

    def listen(self) -> None:
        """Wait for a signal, then for the end of the process, and help it along."""
        number = os.read(self.heard, 1)[0]
        self.caught = self.caught or number
        say("Stopping.")
        select.select([self.heard], [], [], PATIENCE_SECONDS)
        say(self.message())
        leave(128 + number)


def say(line: str) -> None:
    """Print a line on stderr, if somebody is still there to read it."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        cursor = SHOW_CURSOR if sys.stderr.isatty() else ""
        print(f"{cursor}{line}", file=sys.stderr, flush=True)


def leave(code: int):
    """End the process now: threads of a compiler would keep it for up to a minute."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stdout.flush()
    os._exit(code)

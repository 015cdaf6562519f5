"""Rates by two clocks: the wall's, and the processor's, which other programs hardly move.

On a machine with other work the wall's clock punishes programs that wait for each other's threads.
The processor's counts the seconds of cores that a program took, so that rates on a busy machine can
be compared; waiting is free by it, which favours PyTorch.
"""

import time
from typing import NamedTuple

from toysup.resources.container import cores


class Rate(NamedTuple):
    """Units of work a second: as it went, and as it would if all cores were at work throughout."""

    wall: float
    cores: float


class Clock:
    """Both clocks from now on."""

    def __init__(self):
        self.began, self.used = time.perf_counter(), time.process_time()

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self.began

    def rate(self, work: float) -> Rate:
        """The rate of work that was done since."""
        seconds, used = self.seconds, time.process_time() - self.used
        return Rate(work / seconds, work * cores() / used)

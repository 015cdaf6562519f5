"""What can go wrong, and the exit code each kind ends with.

A `ToysupError` is a user's to mend: the command line prints its one line and no traceback.
"""

OK = 0
BUG = 1
BAD_INPUT = 2
UNHEALTHY = 3  # finished, with instances that diverged, or without some that failed
CLAIM_DIFFERS = 4  # or a comparison: it did not come out as expected
REFUSED = 5
DAMAGED = 6
BUSY = 75  # work that the same command goes on with later


class ToysupError(Exception):
    """The input was wrong: says where, what was found and what would work."""

    exit_code = BAD_INPUT


class SpecError(ToysupError):
    """Every fault of a sweep file, one line each."""

    def __init__(self, faults: list[str]):
        super().__init__("\n".join(faults))
        self.faults = faults


class RefusedError(ToysupError):
    """The work is over the stated limits; carries the estimate."""

    exit_code = REFUSED


class DamagedError(ToysupError):
    """A file is not what was written."""

    exit_code = DAMAGED


class UnfinishedError(ToysupError):
    """A run has no results yet."""


class BusyError(ToysupError):
    """Another process holds the run folder."""

    exit_code = BUSY


class DiskError(ToysupError):
    """A disk is full or fails: the same command goes on once that is mended."""

    exit_code = BUSY


class FailedError(ToysupError):
    """Some of the work failed each time that it was tried; the rest of it is done."""

    exit_code = UNHEALTHY


class Interrupted(ToysupError):  # noqa: N818 - a stop that was asked for is not an error
    """A signal stopped the run after its finished parts were saved."""

    def __init__(self, message: str, exit_code: int):
        super().__init__(message)
        self.exit_code = exit_code

"""A process that dies, or a disk that fails, at the k-th operation on files.

After its death nothing of a process reaches the disk any more; the clean-up of this one, which
lives on, must not either.
"""

import contextlib
import os
from dataclasses import dataclass

OPERATIONS = ("open", "mkdir", "fsync", "link", "replace", "unlink", "rmdir")
CREATING = os.O_CREAT


class Death(BaseException):
    """The process is gone."""


@dataclass
class Faults:
    """Counts operations that change the disk; the k-th one fails, `after` it is done or before."""

    k: int
    error: BaseException
    after: bool = False
    done: int = 0

    def wrapped(self, operation):
        def call(*arguments, **options):
            if operation is opened and not arguments[1] & CREATING:
                return operation(*arguments, **options)
            self.done += 1
            dead = isinstance(self.error, Death) and self.done > self.k
            if dead or (self.done == self.k and not self.after):
                raise self.error
            result = operation(*arguments, **options)
            if self.done == self.k:
                if operation is opened:
                    os.close(result)
                raise self.error
            return result

        return call


opened = os.open


@contextlib.contextmanager
def failing(k: int, error: BaseException, after: bool = False):
    """Let the k-th operation on files fail in this process."""
    faults = Faults(k, error, after)
    kept = {name: getattr(os, name) for name in OPERATIONS}
    try:
        for name, operation in kept.items():
            setattr(os, name, faults.wrapped(operation))
        yield faults
    finally:
        for name, operation in kept.items():
            setattr(os, name, operation)

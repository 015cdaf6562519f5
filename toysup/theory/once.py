"""Answers that threads find once between them."""

import threading
from collections.abc import Callable
from functools import cache, wraps
from typing import TypeVar

Answer = TypeVar("Answer")


def computed_once(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """`functools.cache` for threads: an answer that one of them is about to find is waited for.

    What fails is not kept: who asks next tries again.
    """
    kept = cache(function)
    locks: dict[tuple, threading.RLock] = {}

    @wraps(function)
    def answer(*arguments):
        with locks.setdefault(arguments, threading.RLock()):
            return kept(*arguments)

    return answer

import threading
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet

import pytest

from toysup.theory.once import computed_once


def test_who_asks_for_what_another_thread_is_about_to_find_waits_for_it():
    begun, go_on, calls = threading.Event(), threading.Event(), []

    @computed_once
    def slow(number):
        calls.append(number)
        begun.set()
        assert go_on.wait(20)
        return number + 1

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(slow, 1)
        assert begun.wait(20)
        second = pool.submit(slow, 1)
        with pytest.raises(NotYet):
            second.result(0.05)
        go_on.set()
        assert (first.result(), second.result(), slow(1)) == (2, 2, 2)
    assert calls == [1]


def test_others_do_not_wait_for_it():
    begun, go_on = threading.Event(), threading.Event()

    @computed_once
    def slow_at_1(number):
        if number == 1:
            begun.set()
            assert go_on.wait(20)
        return number

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(slow_at_1, 1)
        assert begun.wait(20)
        assert slow_at_1(2) == 2
        go_on.set()
        assert first.result() == 1


def test_what_failed_is_tried_again_by_who_asks_next():
    calls = []

    @computed_once
    def fails_once(number):
        calls.append(number)
        if len(calls) == 1:
            raise ValueError("not yet")
        return number

    with pytest.raises(ValueError, match="not yet"):
        fails_once(3)
    assert fails_once(3) == 3

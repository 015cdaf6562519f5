"""Signals at any moment lose nothing. `python -m tests.faults` tries hundreds."""

import signal

import pytest

from tests.faults.kills import SOFT, kill


@pytest.mark.long
@pytest.mark.parametrize("numbers", [SOFT, (signal.SIGKILL,)], ids=["stop", "kill"])
def test_a_signal_at_any_moment_loses_nothing_and_is_heard(tmp_path, numbers):
    assert [one.fault for one in kill(tmp_path, numbers, tries=1)] == [""]

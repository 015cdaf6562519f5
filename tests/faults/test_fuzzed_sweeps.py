"""A sweep file that is wrong in any way is refused in a few lines, soon, and never crashes."""

import pytest

from tests.faults.fuzz_sweeps import fuzz

TRIES = 200


@pytest.mark.slow
@pytest.mark.slow
def test_fuzzed_sweeps_are_read_or_refused_in_a_short_message():
    found = fuzz(TRIES, seed=0)
    assert (found.crashes, found.late, found.long) == ([], [], [])
    assert 0 < found.read < found.tries == TRIES

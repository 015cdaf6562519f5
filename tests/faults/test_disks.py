import pytest

from tests.faults import disks


@pytest.mark.long
@pytest.mark.skipif(not disks.are_there(), reason="no user may mount a disk here")
def test_on_a_full_disk_a_command_ends_in_a_line_and_goes_on_when_there_is_space():
    assert disks.full(6) == []

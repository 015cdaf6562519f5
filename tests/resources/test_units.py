import pytest

from toysup.resources.units import bytes_text

GB = 10**9


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1500, "1.5 kB"),
        (2 * GB, "2 GB"),
        (999_999, "1 MB"),
        (3.4e12, "3.4 TB"),
    ],
)
def test_bytes_are_told_in_a_unit_that_leaves_a_short_number(size, text):
    assert bytes_text(size) == text

import pytest

from tests.faults.bits import FILES, flip

pytestmark = pytest.mark.slow


@pytest.mark.some(1)
@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.long] if name == "parts" else []) for name in FILES],
)
def test_a_flipped_bit_or_a_cut_file_is_told_in_a_line_or_changes_nothing(finished, tmp_path, name):
    tries = 20 if name == "events.jsonl" else 150  # it is not read
    counts = flip(finished, tmp_path / "run", name, tries)
    assert counts.total() == tries
    if name in ("results.parquet", "results.sha256"):
        assert counts["harmless"] == 0


@pytest.mark.long
def test_a_report_of_a_manifest_with_a_flipped_bit_is_the_same_or_a_line(finished, tmp_path):
    assert flip(finished, tmp_path / "run", "manifest.json", 10, judge=True).total() == 10

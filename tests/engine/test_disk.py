import pytest

from toysup import grid
from toysup.engine.disk import check_disk, disk
from toysup.errors import RefusedError
from toysup.spec import parse


@pytest.fixture
def plan():
    return grid.plan(parse({"objective": {"mse": {}}, "seeds": 1000}, "a"))


def test_a_part_needs_room_for_the_numbers_of_its_rows_twice(plan):
    # W, six lists of a feature each, the loss curve and 60 single numbers.
    values = 5 * 20 + 6 * 20 + 100 + 60
    assert disk(plan, plan.chunks) == 1000 * values * 16 + len(plan.chunks) * 60_000
    assert disk(plan, plan.chunks[:1]) == plan.chunks[0].instances * values * 16 + 60_000


def test_an_untied_decoder_has_rows_of_its_own():
    tied, untied = (
        grid.plan(parse({"objective": {"vae": {"tied": tied}}, "seeds": 1000}, "a"))
        for tied in (True, False)
    )
    parts = len(untied.chunks) * 60_000
    assert disk(untied, untied.chunks) - parts == 2 * (disk(tied, tied.chunks) - parts)


def test_what_does_not_fit_is_refused_with_the_estimate(plan, tmp_path):
    check_disk(plan, plan.chunks, tmp_path, disk(plan, plan.chunks))
    with pytest.raises(RefusedError) as caught:
        check_disk(plan, plan.chunks, tmp_path, 10**6)
    assert str(caught.value) == (
        f"{tmp_path}: what is left to train needs about 36.1 MB of disk, and 1 MB are free. Make "
        "room, choose another disk with --out, or use fewer values or seeds."
    )
    assert caught.value.exit_code == 5


def test_what_is_trained_needs_no_room(plan, tmp_path):
    check_disk(plan, [], tmp_path, 0)

"""What would not fit in memory is refused with the estimate, before anything is computed."""

import pytest

from toysup import grid
from toysup.errors import RefusedError
from toysup.grid import limits
from toysup.spec import parse

GB = 10**9


def plan(**tables):
    return grid.plan(parse({"objective": {"mse": {}}, **tables}, "a"))


def refusal(plan, available=8 * GB):
    with pytest.raises(RefusedError) as caught:
        limits.check_memory(plan, devices=2, available=available)
    assert caught.value.exit_code == 5
    return str(caught.value)


def test_a_small_sweep_fits_a_small_machine():
    limits.check_memory(plan(seeds=10), devices=2, available=GB)


def test_a_plan_that_needs_exactly_what_there_is_fits():
    some = plan()
    limits.check_memory(some, 1, limits.memory(some))
    with pytest.raises(RefusedError):
        limits.check_memory(some, 1, limits.memory(some) - 1)


def test_a_huge_batch_is_refused():
    assert refusal(plan(train={"batch_size": 10**9})) == (
        "a: needs about 3.36 TB of memory, and there are 8 GB. 3.36 TB of it are for one training "
        "step of mse at n_features 20, d_hidden 5, batch_size 1000000000. "
        "What would make it fit: a lower batch_size."
    )


def test_a_huge_model_is_refused():
    message = refusal(plan(model={"n_features": 10**6, "d_hidden": 10**6}))
    assert "are for the models of mse at n_features 1000000, d_hidden 1000000" in message
    assert message.endswith("What would make it fit: lower n_features or d_hidden.")


@pytest.mark.long
def test_a_huge_table_is_written_in_pieces_and_fits():
    huge = plan(seeds=10**6)
    limits.check_memory(huge, devices=2, available=GB)
    assert 1000 < limits.written_at_once(huge) < 100_000
    assert limits.written_at_once(plan(seeds=10)) == 10


def test_an_instance_that_is_larger_than_a_piece_is_written_alone():
    steps = {"train": {"steps": 10**4}, "record": {"steps": list(range(10**4))}}
    large = plan(model={"n_features": 200, "d_hidden": 50}, seeds=1, **steps)
    results = limits.parts(large, 1)[-1]
    assert limits.PIECE_BYTES < results.size == limits.largest_row(large)
    assert results.words == "the results of 1 instances"
    assert results.remedy == "lower n_features or d_hidden, or fewer record.steps"


def test_the_largest_numbers_there_are_can_be_told():
    largest = 2**31 - 1
    message = refusal(
        plan(model={"n_features": largest, "d_hidden": largest}, train={"batch_size": largest})
    )
    assert message.startswith("a: needs about ")


def test_more_devices_need_more_memory():
    some = plan(train={"batch_size": 10**5})
    assert limits.memory(some, 4) > limits.memory(some, 1)


def test_a_sweep_is_held_against_the_memory_given():
    with pytest.raises(RefusedError):
        limits.check_memory(plan(), available=1000)

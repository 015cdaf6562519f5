import json
import tracemalloc

import pytest

from toysup import grid
from toysup.errors import RefusedError
from toysup.grid.conditions import count_stacks
from toysup.grid.listing import CONDITION_BYTES, STACK_BYTES, check_listing
from toysup.resources import container
from toysup.spec import parse
from toysup.spec.axes import INSTANCE_BYTES

GB = 10**9
VALUES = 10**4
BIG = {
    "seeds": 10,
    "train": {"learning_rate": {"linspace": [0.001, 0.1, VALUES]}},
    "objective": {"mse": {"importance_decay": {"linspace": [0.1, 1, VALUES]}}},
}


@pytest.mark.slow
def test_too_many_instances_are_refused_before_they_are_listed(monkeypatch):
    monkeypatch.setattr(container, "memory", lambda: 8 * GB)
    with pytest.raises(RefusedError) as caught:
        grid.plan(parse(BIG, "big"))
    assert str(caught.value) == (
        "big: 1,000,000,000 instances (100,000,000 conditions x 10 seeds) need about 600 GB of "
        "memory to be listed, and there are 8 GB. Use fewer values or seeds."
    )
    assert caught.value.exit_code == 5


@pytest.mark.slow
def test_the_limit_follows_from_memory():
    sweep = parse(BIG, "big")
    enough = VALUES**2 * (CONDITION_BYTES + 10 * INSTANCE_BYTES) + STACK_BYTES
    check_listing(sweep, enough)
    with pytest.raises(RefusedError):
        check_listing(sweep, enough - 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("train", "stacks"),
    [
        ({"learning_rate": {"linspace": [0.001, 0.1, VALUES]}}, 1),
        pytest.param({"batch_size": {"range": [2, VALUES + 2]}}, VALUES, marks=pytest.mark.long),
    ],
)
def test_a_plan_takes_no_more_than_it_is_taken_to(train, stacks):
    many = parse({"seeds": 2, "train": train, "objective": {"mse": {}}})
    assert count_stacks(many) == stacks
    tracemalloc.start()
    try:
        plan = grid.plan(many)
        json.dumps(plan.to_json())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(plan.stacks) == stacks
    taken = VALUES * (CONDITION_BYTES + 2 * INSTANCE_BYTES) + stacks * STACK_BYTES
    assert most < taken < 5 * most


def test_programs_are_counted_case_by_case():
    sweep = parse(
        {
            "seeds": 3,
            "model": {"n_features": [5, 6], "d_hidden": 2},
            "train": {"batch_size": [8, 16, 32], "learning_rate": [0.1, 0.01]},
            "views": {"mask": {"keep_probability": [0.3, 0.5]}, "noise": {}},
            "objective": {"mse": {}, "infonce": {"temperature": [0.1, 1.0]}},
        }
    )
    assert count_stacks(sweep) == len(grid.plan(sweep).stacks) == 6 + 2 * 6

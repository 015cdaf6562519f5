"""Some conditions of a plan, as a plan of their own."""

from collections import Counter

import pytest

from toysup import grid
from toysup.grid.part import chosen, part
from toysup.spec import parse

SWEEP = {
    "seeds": 3,
    "features": {"independent": {"feature_probability": [i / 20 for i in range(1, 20)]}},
    "objective": {"mse": {"tied": [True, False]}, "linear_mse": {"train": {"steps": 10}}},
}


@pytest.fixture(scope="module")
def whole():
    return grid.plan(parse(SWEEP))


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.9, 1.0])
def test_a_share_has_as_many_conditions_of_each_objective_as_there_are(whole, share):
    some = chosen(whole, share, seed=0)
    assert len(some) == len(set(some)) == max(2, round(share * 57))
    counts = Counter(whole.conditions[i].objective for i in some)
    assert counts["linear_mse"] == min(19, -(-len(some) // 2) if share < 0.6 else 19) or (
        counts["linear_mse"] == len(some) // 2
    )
    assert some == chosen(whole, share, seed=0)


def test_other_seeds_choose_others(whole):
    assert chosen(whole, 0.2, seed=0) != chosen(whole, 0.2, seed=1)


def test_the_part_has_each_cell_once_with_the_numbers_and_the_groups_of_the_whole(whole):
    some = (0, 3, 40, 41)
    made = part(whole, some, 2)
    cells = [(c, seed) for k in made.chunks for c in k.conditions for seed in k.seeds]
    assert sorted(cells) == [(c, seed) for c in some for seed in range(3)]
    assert made.instances == 12
    groups = {stack.id: stack.group for stack in whole.stacks}
    for chunk in made.chunks:
        stack = made.stacks[chunk.stack]
        assert set(chunk.conditions) <= set(stack.conditions)
        assert stack.group == groups[stack.id]
        assert chunk.lanes % stack.group == 0

"""A plan that grew has every cell once: old chunks as they were, and chunks of the rest."""

import json
from itertools import pairwise

import pytest

from toysup import grid
from toysup.grid import growth
from toysup.spec import parse

BASE = {
    "seeds": 2,
    "train": {"learning_rate": [0.1, 0.2]},
    "objective": {"mse": {"tied": [True, False]}},
}
SWEEPS = [
    BASE,
    BASE | {"seeds": 5},
    BASE | {"seeds": 5, "train": {"learning_rate": [0.3, 0.2, 0.1]}},
    BASE
    | {
        "seeds": [9, 4, 3, 2, 1, 0],
        "train": {"learning_rate": [0.3, 0.2, *(i / 100 for i in range(11, 20)), 0.1]},
        "objective": {"linear_mse": {}, "mse": {"tied": [False, True]}},
    },
]


@pytest.fixture(scope="module")
def plans():
    made = [grid.plan(parse(SWEEPS[0]))]
    for mapping in SWEEPS[1:]:
        made.append(growth.grow(made[-1], parse(mapping), 2))
    return made


def cells_of(plan, chunks):
    """Objective, settings and seed of every cell of chunks."""
    conditions = [(c.objective, *sorted(c.settings.items())) for c in plan.conditions]
    return [(conditions[c], seed) for k in chunks for c in k.conditions for seed in k.seeds]


def test_every_cell_of_the_grown_sweep_is_in_one_chunk(plans):
    for plan in plans:
        cells = cells_of(plan, plan.chunks)
        assert len(cells) == len(set(cells)) == plan.instances
        assert len({chunk.id for chunk in plan.chunks}) == len(plan.chunks)


def test_old_chunks_keep_their_names_cells_and_lanes_in_a_stack_of_the_same_program(plans):
    for old, new in pairwise(plans):
        for before, after in zip(old.chunks, new.chunks, strict=False):
            assert (after.id, after.lanes) == (before.id, before.lanes)
            assert cells_of(new, [after]) == cells_of(old, [before])
            one, other = old.stacks[before.stack], new.stacks[after.stack]
            assert (one.objective, one.static, one.group) == (
                other.objective,
                other.static,
                other.group,
            )


def test_new_chunks_have_no_more_lanes_than_they_need(plans):
    one_more = plans[2].chunks[len(plans[1].chunks) :]
    assert {len(chunk.conditions) for chunk in one_more} == {1}
    assert {chunk.lanes for chunk in one_more} == {plans[2].stacks[0].group}


def test_a_stack_has_the_lanes_of_its_widest_chunk(plans):
    for plan in plans:
        for number, stack in enumerate(plan.stacks):
            assert stack.lanes == max(c.lanes for c in plan.chunks if c.stack == number)


def test_json_brings_back_the_plans_that_a_run_grew_through(plans):
    *earlier, last = json.loads(json.dumps([plan.to_json() for plan in plans]))
    assert growth.from_json(last, earlier) == plans
    for broken in ([], earlier[1:], earlier[::-1], [last]):
        with pytest.raises((ValueError, KeyError)):
            growth.from_json(last, broken)


def test_a_sweep_without_an_old_condition_or_seed_is_no_growth(plans):
    for lost in ({"seeds": 1}, {"train": {"learning_rate": 0.1}}):
        with pytest.raises((ValueError, KeyError)):
            growth.grow(plans[0], parse(BASE | lost), 2)


def test_a_grown_plan_has_the_hash_of_its_sweep(plans):
    for plan, mapping in zip(plans, SWEEPS, strict=True):
        assert plan.hash == grid.plan(parse(mapping)).hash

"""A sweep is cut into conditions, stacks and chunks, the same way on every machine."""

import json
from dataclasses import replace

import pytest

from toysup import grid
from toysup.grid import growth
from toysup.grid.conditions import count
from toysup.grid.lanes import (
    CACHE_BYTES,
    LARGEST_GROUP,
    MANY_CHUNKS,
    MAX_LANES,
    SMALLEST_GROUP,
    blocks,
    group_size,
    lanes,
    seeds_at_once,
)
from toysup.grid.limits import workspace_bytes
from toysup.spec import parse
from toysup.spec.difference import difference

QUESTION = {
    "seeds": 5,
    "model": {"n_features": 20, "d_hidden": 5},
    "train": {"steps": 100, "learning_rate": [0.01, 0.001]},
    "features": {"independent": {"feature_probability": {"logspace": [1.0, 0.01, 7]}}},
    "views": {"mask": {"keep_probability": [0.5, 0.9]}, "identity": {}},
    "objective": {
        "mse": {"importance_decay": [1.0, 0.7], "tied": [True, False]},
        "infonce": {"temperature": [0.1, 0.5], "train": {"batch_size": 256, "steps": 50}},
    },
}
ONE = {"objective": {"mse": {}}}


@pytest.fixture(scope="module")
def plan():
    return grid.plan(parse(QUESTION, "question"))


def changed(**tables):
    return parse({**QUESTION, **tables}, "question")


def test_conditions_are_the_product_of_the_axes_of_each_objective(plan):
    by_objective = [c.objective for c in plan.conditions]
    assert by_objective.count("mse") == 2 * 7 * 2 * 2
    assert by_objective.count("infonce") == 2 * 7 * (2 + 1) * 2


def test_an_objective_without_pairs_does_not_cross_with_views(plan):
    for condition in plan.conditions:
        assert (condition.views is None) == (condition.objective == "mse")
        assert ("keep_probability" in condition.settings) == (condition.views == "mask")


def test_conditions_go_objective_by_objective_view_by_view_with_the_last_axis_fastest(plan):
    cases = list(dict.fromkeys((c.objective, c.views) for c in plan.conditions))
    assert cases == [("mse", None), ("infonce", "mask"), ("infonce", "identity")]
    first = [c.settings for c in plan.conditions[:3]]
    assert [s["importance_decay"] for s in first] == [1.0, 0.7, 1.0]
    assert [s["tied"] for s in first] == [True, True, False]
    assert [s["learning_rate"] for s in first] == [0.01] * 3


def test_a_condition_has_every_setting_that_applies_by_its_bare_name(plan):
    assert plan.conditions[-1].settings == {
        "n_features": 20,
        "d_hidden": 5,
        "steps": 50,
        "batch_size": 256,
        "learning_rate": 0.001,
        "schedule": "cosine",
        "weight_decay": 0.0,
        "feature_probability": 0.01,
        "amplitude": "uniform",
        "empty_samples": "keep",
        "relative_density": 1.0,
        "temperature": 0.5,
        "similarity": "cosine",
        "learn_temperature": False,
    }


def test_the_count_is_that_of_the_conditions_listed(plan):
    assert count(plan.sweep) == plan.instances == len(plan.conditions) * 5


def test_steps_are_summed_over_instances(plan):
    assert plan.steps == 5 * (56 * 100 + 84 * 50)


def test_a_stack_shares_its_plugins_and_everything_that_changes_a_program(plan):
    assert [(s.id, s.views, s.static["batch_size"], len(s.conditions)) for s in plan.stacks] == [
        ("mse-00", None, 1024, 28),
        ("mse-01", None, 1024, 28),
        ("infonce-02", "mask", 256, 56),
        ("infonce-03", "identity", 256, 28),
    ]
    assert [s.static["tied"] for s in plan.stacks[:2]] == [True, False]
    for stack in plan.stacks:
        for place in stack.conditions:
            condition = plan.conditions[place]
            assert stack.static.items() <= condition.settings.items()
            assert (stack.objective, stack.views) == (condition.objective, condition.views)


def test_every_condition_is_in_one_stack(plan):
    places = sorted(place for stack in plan.stacks for place in stack.conditions)
    assert places == list(range(len(plan.conditions)))


def test_every_instance_is_in_one_chunk(plan):
    cells = [(c, s) for chunk in plan.chunks for c in chunk.conditions for s in chunk.seeds]
    assert len(cells) == len(set(cells)) == plan.instances


def test_all_chunks_of_a_stack_have_its_lanes_and_room_for_their_conditions(plan):
    for chunk in plan.chunks:
        assert chunk.lanes == plan.stacks[chunk.stack].lanes
        assert set(chunk.conditions) <= set(plan.stacks[chunk.stack].conditions)
        assert 0 < len(chunk.conditions) <= chunk.lanes


def test_chunk_ids_are_unique_sorted_and_safe_as_file_names(plan):
    ids = [chunk.id for chunk in plan.chunks]
    assert ids[0] == "mse-00-c000-s000"
    for number in range(len(plan.stacks)):
        own = [chunk.id for chunk in plan.chunks if chunk.stack == number]
        assert own == sorted(set(own))
    assert all(id.replace("-", "").replace("_", "").isalnum() for id in ids)


def test_seeds_are_cut_into_blocks_of_the_asked_size():
    plan = grid.plan(parse({**ONE, "seeds": [7, 3, 5]}), seeds_per_chunk=2)
    assert [chunk.seeds for chunk in plan.chunks] == [(7, 3), (5,)]


SIZES = {"n_features": 20, "d_hidden": 5, "batch_size": 1024}


def test_a_single_condition_is_padded_to_a_group():
    [chunk] = grid.plan(parse(ONE)).chunks
    assert chunk.conditions == (0,)
    assert chunk.lanes == group_size("mse", "linear", SIZES)


def test_a_group_fits_the_cache_and_lies_between_its_bounds():
    wide = SIZES | {"batch_size": 2048}
    group = group_size("mse", "linear", wide)
    assert SMALLEST_GROUP < group < LARGEST_GROUP
    assert group * workspace_bytes("mse", "linear", wide) <= CACHE_BYTES
    assert group_size("mse", "linear", SIZES | {"batch_size": 10**6}) == SMALLEST_GROUP
    assert group_size("mse", "linear", SIZES | {"batch_size": 1}) == LARGEST_GROUP


@pytest.mark.parametrize("group", [2, 4, 8])
@pytest.mark.parametrize("length", [1, 2, 3, 14, 15, 28, 65, 100, 1000])
def test_blocks_are_balanced_and_lanes_are_whole_groups(length, group):
    wide = lanes(length, group)
    lengths = [len(block) for block in blocks(tuple(range(length)), wide)]
    assert sum(lengths) == length
    assert max(lengths) - min(lengths) <= 1
    assert wide % group == 0
    assert wide - group < max(lengths) <= wide <= MAX_LANES


def phase_diagram(steps):
    """Two features in one dimension, over 64 x 64 cells."""
    axis = {"logspace": [1.0, 0.01, 64]}
    return grid.plan(
        parse(
            {
                "seeds": 10,
                "model": {"n_features": 2, "d_hidden": 1},
                "train": {"steps": steps, "batch_size": 128},
                "features": {"independent": {"feature_probability": axis}},
                "objective": {"mse": {"relative_importance": axis}},
            }
        )
    )


def test_many_quick_chunks_become_fewer_with_more_seeds():
    quick, slow = phase_diagram(steps=1000), phase_diagram(steps=1_000_000)
    assert len(quick.chunks) == len(slow.chunks) == 320
    assert seeds_at_once(quick, 2) == 10
    assert seeds_at_once(slow, 2) == 2


def test_chunks_of_quick_models_have_as_many_seeds_each():
    assert seeds_at_once(phase_diagram(steps=16_000), 2) == 5  # not 6 and 4


def test_models_that_take_no_time_are_still_saved_every_sixteen_seeds():
    quick = replace(phase_diagram(steps=1).sweep, seeds=tuple(range(1000)))
    assert 2 < seeds_at_once(grid.plan(quick), 2) <= 16


def test_few_chunks_stay_short_however_quick_they_are(plan):
    assert len(plan.chunks) < MANY_CHUNKS
    assert seeds_at_once(plan, 2) == 2


@pytest.mark.slow
def test_json_brings_back_the_same_plan(plan):
    [again] = growth.from_json(json.loads(json.dumps(plan.to_json())))
    assert again == plan
    assert json.dumps(again.to_json()) == json.dumps(plan.to_json())


def test_the_hash_is_of_what_is_computed_not_of_its_name_or_its_chunks(plan):
    assert grid.plan(plan.sweep, seeds_per_chunk=5).hash == plan.hash
    assert grid.plan(replace(plan.sweep, name="x", title="y", question="z")).hash == plan.hash
    assert grid.plan(replace(plan.sweep, seed=1)).hash != plan.hash
    assert len(plan.hash) == 16


def test_the_plan_of_a_sweep_is_the_same_each_time(plan):
    assert grid.plan(parse(QUESTION, "question")) == plan


def test_an_outline_is_plain_data(plan):
    outline = grid.outline(plan)
    assert json.loads(json.dumps(outline)) == outline
    assert outline["instances"] == plan.instances
    assert [stack["id"] for stack in outline["stacks"]] == [stack.id for stack in plan.stacks]
    assert outline["varies"]["learning_rate"] == [0.01, 0.001]
    assert "steps" not in outline["varies"]


def test_equal_sweeps_have_no_difference(plan):
    assert difference(plan.sweep, replace(plan.sweep, title="other")) == []


def test_a_changed_value_is_a_line_with_old_and_new(plan):
    new = changed(train={"steps": 200, "learning_rate": 1})
    assert difference(plan.sweep, new) == [
        "train.steps: 100 -> 200",
        "train.learning_rate: 0.01, 0.001 -> 1",
    ]


def test_seeds_in_a_row_are_told_by_their_ends(plan):
    assert difference(plan.sweep, changed(seeds=[3, 1])) == ["seeds: 0 to 4 -> 3, 1"]


def test_a_long_axis_of_fractions_is_told_value_by_value(plan):
    new = changed(train={"steps": 100, "learning_rate": [0.5, 0.25, 0.125, 0.0625]})
    assert difference(plan.sweep, new) == [
        "train.learning_rate: 0.01, 0.001 -> 0.5, 0.25, 0.125, 0.0625"
    ]


def test_tables_that_come_and_go_are_a_line_each(plan):
    new = changed(views={"mask": {"keep_probability": [0.5, 0.9]}, "swap": {}})
    assert difference(plan.sweep, new) == ["views.identity: removed", "views.swap: added"]
    assert difference(
        parse(ONE), parse({"objective": {"mse": {}, "infonce": {}}, "views": {"mask": {}}})
    ) == [
        "views.mask: added",
        "objective.infonce: added",
    ]


def test_an_objectives_own_train_is_a_line_of_its_own(plan):
    own = {"temperature": [0.1, 0.5], "train": {"batch_size": 64}}
    new = changed(objective={"mse": QUESTION["objective"]["mse"], "infonce": own})
    assert difference(plan.sweep, new) == [
        "objective.infonce.train.steps: 50 -> as in train",
        "objective.infonce.train.batch_size: 256 -> 64",
    ]


def test_another_order_is_a_difference(plan):
    objectives = dict(reversed(QUESTION["objective"].items()))
    assert difference(plan.sweep, changed(objective=objectives)) == [
        "order of objective: mse, infonce -> infonce, mse"
    ]


def test_a_switch_reads_as_in_the_file():
    one = {"objective": {"infonce": {}}, "views": {"mask": {}}}
    two = {"objective": {"infonce": {"learn_temperature": [True, False]}}, "views": {"mask": {}}}
    assert difference(parse(one), parse(two)) == [
        "objective.infonce.learn_temperature: false -> true, false"
    ]

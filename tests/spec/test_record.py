import pytest

from toysup import grid, spec
from toysup.errors import RefusedError, SpecError
from toysup.grid.limits import PIECE_BYTES, check_memory, memory
from toysup.spec import Sweep

SWEEP = {
    "seeds": 2,
    "train": {"steps": 100, "batch_size": 16},
    "objective": {"mse": {}},
}


def read(record, overrides=(), **changes):
    given = SWEEP | changes | ({} if record is None else {"record": record})
    return spec.parse(given, "a", "a.toml", overrides)


def faults(record, **changes):
    with pytest.raises(SpecError) as error:
        read(record, **changes)
    return error.value.faults


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([10, 0, 100], (0, 10, 100)),
        (7, (7,)),
        ({"range": [0, 100, 25]}, (0, 25, 50, 75)),
        ({"linspace": [0, 100, 4]}, (0, 33, 67, 100)),
        ({"logspace": [1, 100, 12]}, (1, 2, 4, 5, 8, 12, 19, 28, 43, 66, 100)),
    ],
)
def test_steps_are_whole_sorted_and_each_once(steps, expected):
    assert read({"steps": steps}).record == expected


def test_without_the_table_nothing_is_recorded():
    assert read(None).record == ()


BAD = {
    "late": ({"steps": [0, 101]}, "record.steps has 101, and train.steps is 100: nothing happens "
             "after the last step. Record up to 100."),
    "before": ({"steps": [-1]}, "record.steps must be at least 0, found -1."),
    "twice": ({"steps": [3, 3]}, "record.steps has 3 more than once."),
    "half": ({"steps": [0.5]}, "record.steps must be a whole number, found 0.5."),
    "empty": ({"steps": []}, "record.steps is an empty list. Give it at least one value."),
    "none": ({}, "record has no steps. Say when to record: steps = [0, 10, 100]."),
    "no table": ([0, 1], "record must be a table, found a list."),
    "another": ({"step": [1], "steps": [1]}, "record.step is not a key of it. Did you mean steps?"),
    "maker": ({"steps": {"logspace": [0, 10, 3]}}, "record.steps.logspace must have ends above 0"),
}  # fmt: skip


@pytest.mark.parametrize(("record", "message"), BAD.values(), ids=BAD)
def test_a_fault_says_where_and_what_would_work(record, message):
    [line] = faults(record)
    assert line.startswith(f"a.toml: {message}")


def test_the_objective_that_trains_too_short_is_named():
    [line] = faults({"steps": [60]}, objective={"mse": {"train": {"steps": [50, 90]}}})
    assert "objective.mse.train.steps is 50" in line


def test_an_encoder_without_a_matrix_is_refused():
    objective = {"mse": {"tied": False}}
    [line] = faults({"steps": [1]}, encoder={"mlp": {}}, objective=objective)
    assert line.startswith("a.toml: record records a matrix, and encoder.mlp has no single one")
    assert read({"steps": [1]}, encoder={"relu": {}}, objective=objective).record == (1,)


def test_an_override_records_more_or_in_another_sweep():
    assert read({"steps": [1]}, ["record.steps=[0, 5]"]).record == (0, 5)
    assert read(None, ["record.steps={range = [0, 3]}"]).record == (0, 1, 2)
    small = {"set": ["train.steps=10", "record.steps=[0, 10]"]}
    assert spec.parse(SWEEP | {"record": {"steps": [50]}, "small": small}, small=True).record == (
        0,
        10,
    )
    small = {"without": ["record"]}
    assert spec.parse(SWEEP | {"record": {"steps": [50]}, "small": small}, small=True).record == ()


def test_what_is_recorded_is_part_of_what_is_computed():
    plain, some, more = (read(r) for r in (None, {"steps": [1, 2]}, {"steps": [1, 2, 9]}))
    assert len({grid.plan(sweep).hash for sweep in (plain, some, more)}) == 3
    assert grid.difference(plain, some) == ["record: added"]
    assert grid.difference(some, more) == ["record.steps: 1, 2 -> 1, 2, 9"]
    assert Sweep.from_json(some.to_json()) == some


def test_a_recording_adds_no_conditions_and_counts_in_memory():
    plans = [grid.plan(read(r, seeds=100)) for r in (None, {"steps": {"range": [0, 100]}})]
    assert [plan.instances for plan in plans] == [100, 100]
    grown = memory(plans[1]) - memory(plans[0])
    in_table = 100 * 100 * (20 * 5) * 16  # instances x steps x W, twice in 64 bits
    assert in_table < grown < 1.2 * in_table
    huge = read({"steps": {"range": [0, 10000]}}, seeds=100, train={"steps": 10000})
    with pytest.raises(RefusedError, match=r"fewer record\.steps"):
        check_memory(grid.plan(huge), available=PIECE_BYTES)

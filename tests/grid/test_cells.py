"""A cell's identity is of what its rows depend on, and of nothing else."""

import dataclasses

import pytest

from toysup import grid
from toysup.grid.cells import cells
from toysup.spec import parse

SWEEP = {
    "seeds": 2,
    "train": {"steps": 100},
    "features": {"independent": {"feature_probability": [1.0, 0.5]}},
    "objective": {"mse": {}},
}


def identities(data=None, group=None, plugins=(), **changes):
    sweep = dataclasses.replace(parse(SWEEP | changes), plugins=plugins)
    return list(cells(grid.plan(sweep, group=group), data or {}))


SAME = identities()


def test_every_cell_has_its_own():
    assert len(set(SAME)) == len(SAME) == 4


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Another", "question": "Why?"},
        {"seeds": [5, 1, 0]},
        {"features": {"independent": {"feature_probability": [0.1, 0.5, 1.0]}, "zipf": {}}},
        {"objective": {"linear_mse": {}, "infonce": {}, "mse": {}}, "views": {"mask": {}}},
        {"objective": {"mse": {"tied": [False, True]}}},
        {"data": {"my.csv": "0"}},
        {"plugins": (("objectives", "mine", "0"),)},
    ],
    ids=str,
)
def test_what_stands_beside_a_cell_changes_nothing(changes):
    assert set(SAME) <= set(identities(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": 1},
        {"seeds": [2, 3]},
        {"train": {"steps": 101}},
        {"train": {"steps": 100, "weight_decay": 0.1}},
        {"features": {"independent": {"feature_probability": [0.9, 0.4]}}},
        {"encoder": {"relu": {}}},
        {"objective": {"linear_mse": {}}},
        {"measure": "directions"},
        {"record": {"steps": [0]}},
        {"model": {"n_features": 6}},
        {"group": 4},
        {"plugins": (("metrics", "mine", "0"),)},
        {"plugins": (("objectives", "mse", "0"),)},
    ],
    ids=str,
)
def test_what_a_cell_depends_on_changes_it(changes):
    assert set(SAME).isdisjoint(identities(**changes))


def test_a_data_file_is_part_of_the_cells_that_read_it(tmp_path):
    rows = "\n".join(f"{i},{i % 7}" for i in (*range(50), *range(50)))
    path = tmp_path / "my.csv"
    path.write_text(f"a,b\n{rows}")
    table = {"features": {"table": {"path": str(path)}, "ring": {}}}
    table |= {"model": {"n_features": 2, "d_hidden": 1}}
    one, other = (set(identities({str(path): digest}, **table)) for digest in ("0", "1"))
    assert len(one) == 4
    assert len(one & other) == 2

"""`toysup.load` and `toysup.judge`: tables that a person groups, filters and reads."""

import numpy as np
import pandas as pd
import pytest

import toysup
from toysup import verdict
from toysup.errors import ToysupError
from toysup.notebook.report import Report
from toysup.notebook.table import Table

pytestmark = pytest.mark.slow

PLAIN = {"i", "u", "f", "b", "O", "T"}  # kinds of numpy, and text


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "two"
    toysup.sweep(
        {
            "seeds": 3,
            "measure": "directions",
            "model": {"n_features": 5, "d_hidden": 2},
            "train": {"steps": 20, "batch_size": 16},
            "objective": {"mse": {}, "masked_mse": {"mask_probability": [0.1, 0.5]}},
        },
        folder,
    )
    return folder


@pytest.mark.long
def test_no_group_is_lost_to_a_setting_that_an_objective_does_not_have(run):
    rows = toysup.load(run)
    counts = rows.groupby(["objective", "mask_probability"])["seed"].count()
    assert counts.sum() == len(rows) == 9
    assert list(counts.index.get_level_values("objective")) == ["masked_mse", "masked_mse", "mse"]
    assert rows[rows["seed"] > 0].groupby("mask_probability").ngroups == 3  # a part of it, too
    assert rows.groupby("mask_probability", dropna=True).ngroups == 2


def test_the_settings_of_a_table_group_its_rows_into_conditions(run):
    for table in (toysup.load(run), toysup.load(run, columns=["loss"]), toysup.judge(run)):
        assert table.attrs["settings"][:4] == ["objective", "features", "views", "encoder"]
        groups = table.groupby(table.attrs["settings"])["condition"]
        assert groups.ngroups == 3
        assert (groups.nunique() == 1).all()


def test_rows_that_were_loaded_are_judged_as_the_run_is(run):
    found, told = verdict.judge(toysup.load(run)), Report(run).findings.verdicts
    assert [v.settings for v in found.verdicts] == [v.settings for v in told.verdicts]


def test_every_setting_has_a_plain_type(run):
    rows = toysup.load(run)
    for name in rows.attrs["settings"]:
        kind = rows[name].dtype
        assert isinstance(kind, np.dtype | pd.StringDtype), name
    assert rows["n_features"].dtype == np.int64
    assert rows["mask_probability"].dtype == np.float64


def test_only_the_columns_that_are_asked_for_are_read_beside_the_settings(run):
    rows = toysup.load(run, columns=["loss"])
    assert isinstance(rows, Table)
    assert {"objective", "seed", "mask_probability", "outcome", "loss"} <= set(rows)
    assert not {"W", "chance", "minimisation_index"} & set(rows)
    whole = toysup.load(run)
    pd.testing.assert_frame_equal(pd.DataFrame(rows), pd.DataFrame(whole[list(rows)]))


def test_a_column_that_is_not_there_is_named_with_one_like_it(run):
    with pytest.raises(ToysupError, match=r"no column los\. Did you mean loss\?"):
        toysup.load(run, columns=["los"])


def test_a_verdict_has_every_setting_and_the_evidence_with_intervals_and_p_values(run):
    verdicts, rows = toysup.judge(run), toysup.load(run)
    assert set(rows.attrs["settings"]) <= set(verdicts)
    assert len(verdicts) == 3
    for name in ("squared_interference", "positive_interference", "minimisation_index"):
        low, value, high = (verdicts[f"{name}{end}"] for end in ("_low", "", "_high"))
        known = value.notna()
        assert ((low <= value) & (value <= high))[known].all()
        medians = rows.groupby("condition")[name].median()
        np.testing.assert_allclose(value[known], medians[known.to_numpy()], rtol=1e-6)
    chances = [name for name in verdicts if name.startswith("p_")]
    assert len(chances) == 6
    assert verdicts[chances].stack().dropna().between(0, 1).all()

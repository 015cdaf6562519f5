"""What decides: shares of variance of known tables, and sweeps that are no full factorial."""

import math

import numpy as np
import pandas as pd
import pytest

from toysup.reports.attribution import attribute, headline, sentence
from toysup.reports.shapley import components, shares
from toysup.verdict import Verdicts
from toysup.verdict.thresholds import Thresholds

NO_VERDICTS = Verdicts((), Thresholds(), 0, 0)


def seeds_of(means, count=20, noise=0.0):
    draws = np.random.default_rng(0).normal(size=(means.size, count))
    values = (means.reshape(-1, 1) + noise * draws)[..., None]
    return values, np.arange(means.size).reshape(means.shape)


def test_a_main_effect_is_its_settings_alone():
    found = shares(*seeds_of(np.array([[0.0, 0.0], [2.0, 2.0]])))
    assert [share.value for share in found.settings] == pytest.approx([1, 0])
    assert found.interactions.value == pytest.approx(0)


def test_a_pure_interaction_is_shared_out_evenly():
    found = shares(*seeds_of(np.array([[1.0, -1.0], [-1.0, 1.0]])))
    assert [share.value for share in found.settings] == pytest.approx([0.5, 0.5])
    assert found.interactions.value == pytest.approx(1)
    assert (found.pair, found.pair_share.value) == ((0, 1), pytest.approx(1))


def test_components_of_three_settings_sum_to_the_variance():
    means = np.random.default_rng(1).normal(size=(2, 3, 4, 2))
    total = means.reshape(-1, 2).var(axis=0).sum()
    assert sum(components(means).values()) == pytest.approx(total)


@pytest.mark.slow
def test_what_seeds_differ_by_is_not_the_settings():
    means = np.array([[0.0, 1.0], [0.0, 1.0]])
    found = shares(*seeds_of(means, count=2000, noise=0.5))
    assert found.settings[1].value == pytest.approx(0.5, abs=0.03)  # 1/4 of 1/4 and 1/4 of noise
    assert found.seeds.value == pytest.approx(0.5, abs=0.03)
    low, high = found.settings[1].low, found.settings[1].high
    assert low < found.settings[1].value < high < low + 0.1
    assert sum(s.value for s in found.settings) + found.seeds.value == pytest.approx(1)


@pytest.mark.long
def test_noise_of_few_seeds_is_no_interaction():
    means = np.array([[0.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0]])
    every = [
        shares(
            (means.reshape(-1, 1) + rng.normal(size=(9, 4)))[..., None], np.arange(9).reshape(3, 3)
        )
        for rng in map(np.random.default_rng, range(30))
    ]
    assert np.mean([found.interactions.value for found in every]) == pytest.approx(0, abs=0.04)


def test_a_seed_without_a_value_is_none_of_its_cell():
    values, grid = seeds_of(np.array([[0.0, 0.0], [2.0, 2.0]]), count=3)
    values[0, :2] = np.nan
    assert shares(values, grid).settings[0].value == pytest.approx(1)


def results(skip=None):
    """mse without views, and infonce with two, at two densities: the index is the loss's alone."""
    conditions = [("mse", None, 0.1), ("mse", None, 1.0)]
    conditions += [("infonce", view, p) for view in ("mask", "identity") for p in (0.1, 1.0)]
    rows = []
    for condition, (objective, views, p) in enumerate(conditions):
        for seed in range(5):
            value = 0.9 if objective == "mse" else 0.1
            rows.append(
                {"objective": objective, "views": views, "features": "independent"}
                | {"encoder": "linear", "feature_probability": p, "condition": condition}
                | {"directions": "encoder", "seed": seed, "temperature": math.nan}
                | {"minimisation_index": value, "mean_readout_unexplained": p}
            )
    return pd.DataFrame(rows).query(f"condition != {skip}" if skip is not None else "seed >= 0")


SETTINGS = ("feature_probability", "temperature")


def decided(rows):
    return attribute(rows, SETTINGS, NO_VERDICTS)


@pytest.mark.slow
def test_a_loss_without_views_is_in_the_cells_of_all_views():
    found = decided(results())
    assert found.settings == ("objective", "views", "feature_probability")
    index = [share.value for share in found.outcomes["index"].settings]
    assert index == pytest.approx([1, 0, 0], abs=1e-9)
    readout = [share.value for share in found.outcomes["read-out"].settings]
    assert readout == pytest.approx([0, 0, 1], abs=1e-9)
    assert "of the index, objective has 100%" in sentence(found)
    assert headline(found).startswith("Of the variance of the index, objective has 100% and ")


def test_a_missing_cell_means_no_attribution_and_a_line_that_says_which():
    found = decided(results(skip=3))
    assert not found.outcomes
    assert "unbalanced. 1 of 8 cells have no condition, the first at objective = infonce" in (
        sentence(found)
    )
    assert "What works: " in sentence(found)
    assert headline(found) == ""


def test_one_setting_is_no_factorial():
    rows = results().query("objective == 'mse'")
    assert decided(rows).reason.startswith("No attribution: it takes two settings")


@pytest.mark.slow
def test_a_sharpness_is_a_temperature():
    rows = results().query("objective == 'infonce'")
    rows = pd.concat(
        [
            rows.assign(temperature=t, condition=rows["condition"] + n)
            for n, t in ((0, 0.2), (10, 1.0))
        ]
    )
    twin = rows.assign(
        objective="align_uniform",
        condition=rows["condition"] + 100,
        uniformity_sharpness=1 / (2 * rows["temperature"]),
        temperature=math.nan,
    )
    found = attribute(pd.concat([rows, twin]), (*SETTINGS, "uniformity_sharpness"), NO_VERDICTS)
    assert found.settings == ("objective", "views", "feature_probability", "temperature")
    assert not found.reason

import math

import numpy as np
import pytest

from toysup.geometry import polygon, random_directions
from toysup.report.findings import gather

RANDOM = list(random_directions(np.random.default_rng(0), 10, 2, 5))


@pytest.fixture
def caveats(make_run):
    return lambda folder, *conditions: " ".join(gather(make_run(folder, *conditions)).caveats)


def test_a_sound_run_has_none(caveats, tmp_path):
    case = {"feature_probability": 0.3, "importance_decay": 0.7}
    assert caveats(tmp_path / "a", ([polygon(5)] * 10, case)) == ""


def test_equal_importance_at_full_density_has_no_preferred_directions(caveats, tmp_path):
    case = {"feature_probability": 1.0, "importance_decay": 1.0}
    assert "mse at p = 1 with equal importance" in caveats(tmp_path / "a", (RANDOM, case))
    assert "importance" not in caveats(tmp_path / "b", (RANDOM, case | {"importance_decay": 0.9}))


def test_empty_samples_are_counted_and_filled_ones_change_the_density(caveats, tmp_path):
    case = {"feature_probability": 0.01, "importance_decay": 0.7}
    found = caveats(tmp_path / "a", ([polygon(5)] * 10, case))
    assert "Many samples are empty: 95% at p = 0.01." in found
    case |= {"empty_samples": "fill", "effective_density": 0.2}
    found = caveats(tmp_path / "b", ([polygon(5)] * 10, case))
    density = "The density that samples had is not p: 0.200 at p = 0.01"
    assert f"{density} (an empty sample is given a feature)." in found
    assert "empty:" not in found


def test_a_contrastive_loss_of_guessing_is_named(caveats, tmp_path):
    case = {"objective": "infonce", "views": "resample", "temperature": 0.5}
    case |= {"feature_probability": 0.3, "loss": math.log(64)}
    assert "no better than guessing" in caveats(tmp_path / "a", (RANDOM, case))
    assert "guessing" not in caveats(tmp_path / "b", (RANDOM, case | {"loss": 3.0}))


def test_few_seeds_and_losses_of_two_conditions(caveats, tmp_path):
    case = {"feature_probability": 0.3, "importance_decay": 0.7}
    dense = ([polygon(5)] * 5, case)
    found = caveats(tmp_path / "a", dense, ([polygon(5)] * 5, case | {"feature_probability": 0.2}))
    assert "5 seeds a condition is few" in found
    assert found.endswith("Losses are not comparable across objectives or densities.")

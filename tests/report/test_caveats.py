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


def test_dimensions_out_of_use_are_counted_where_there_are_any(caveats, tmp_path):
    plane, line = np.zeros((5, 6)), np.zeros((5, 6))
    plane[[0, 2]], line[4] = polygon(6), 1.0
    vae = {"objective": "vae", "importance_decay": 0.7}
    sparse, rare = ({"feature_probability": p} | vae for p in (0.1, 0.01))
    whole = ([np.eye(5, 6)] * 10, vae | {"feature_probability": 0.3})
    found = caveats(tmp_path / "a", whole, ([plane] * 10, sparse))
    says = "Directions are measured in the dimensions in use: "
    assert f"{says}under vae at p = 0.1 on average 2 of 5." in found
    # Also where no seed has two features left to judge, and never of those that diverged.
    nothing = np.full((5, 6), np.nan)
    mixed = ([line] * 5 + [plane] * 4 + [nothing], rare, {9: "diverged"})
    found = caveats(tmp_path / "b", whole, ([plane] * 10, sparse), mixed)
    place = "from p = 0.1 down to 0.01"
    assert f"{says}under vae {place} on average 1.4 to 2 of 5." in found
    assert "in use" not in caveats(tmp_path / "c", whole)


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

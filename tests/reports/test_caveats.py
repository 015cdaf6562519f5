import numpy as np
import pytest

from toysup.geometry import polygon, random_directions
from toysup.reports.findings import gather

RANDOM = list(random_directions(np.random.default_rng(0), 10, 2, 5))


@pytest.fixture
def caveats(make_run):
    return lambda folder, *conditions: " ".join(gather(make_run(folder, *conditions)).caveats)


@pytest.mark.slow
def test_a_sound_run_has_none(caveats, tmp_path):
    case = {"feature_probability": 0.3, "importance_decay": 0.7}
    assert caveats(tmp_path / "a", ([polygon(5)] * 10, case)) == ""


@pytest.mark.slow
def test_equal_importance_at_full_density_has_no_preferred_directions(caveats, tmp_path):
    case = {"feature_probability": 1.0, "importance_decay": 1.0}
    assert "mse at p = 1 with equal importance" in caveats(tmp_path / "a", (RANDOM, case))
    assert "importance" not in caveats(tmp_path / "b", (RANDOM, case | {"importance_decay": 0.9}))


@pytest.mark.slow
def test_empty_samples_are_counted_and_filled_ones_change_the_density(caveats, tmp_path):
    case = {"feature_probability": 0.01, "importance_decay": 0.7}
    found = caveats(tmp_path / "a", ([polygon(5)] * 10, case))
    assert "Many samples are empty: 95% at p = 0.01." in found
    case |= {"empty_samples": "fill", "effective_density": 0.2}
    found = caveats(tmp_path / "b", ([polygon(5)] * 10, case))
    density = "The density that samples had is not p: 0.200 at p = 0.01"
    assert f"{density} (an empty sample is given a feature)." in found
    assert "empty:" not in found


@pytest.mark.slow
def test_dimensions_out_of_use_are_counted_where_there_are_any(caveats, tmp_path):
    plane, line = np.zeros((5, 6)), np.zeros((5, 6))
    plane[[0, 2]], line[4] = polygon(6), 1.0
    vae = {"objective": "vae", "importance_decay": 0.7}
    sparse, rare = ({"feature_probability": p} | vae for p in (0.1, 0.01))
    whole = ([np.eye(5, 6)] * 10, vae | {"feature_probability": 0.3})
    found = caveats(tmp_path / "a", whole, ([plane] * 10, sparse))
    says = (
        "Not all hidden units are in use, and a verdict takes the others for dimensions left out: "
    )
    assert f"{says}in 1 of 2 conditions under vae on average 2 of 5." in found
    # Also where no seed has two features left to judge, and never of those that diverged.
    nothing = np.full((5, 6), np.nan)
    mixed = ([line] * 5 + [plane] * 4 + [nothing], rare, {9: "diverged"})
    found = caveats(tmp_path / "b", whole, ([plane] * 10, sparse), mixed)
    assert f"{says}in 2 of 3 conditions under vae on average 1.4 to 2 of 5." in found
    assert "in use" not in caveats(tmp_path / "c", whole)


@pytest.mark.slow
def test_a_loss_at_chance_is_named_whatever_the_objective(caveats, tmp_path):
    case = {"objective": "siglip", "feature_probability": 0.3, "loss": 0.7, "chance": 0.7}
    found = caveats(tmp_path / "a", (RANDOM, case), (RANDOM, case | {"loss": 0.6}))
    assert "The loss is no better than at chance: 1 of 2 under siglip. These conditions" in found
    assert "chance" not in caveats(tmp_path / "b", (RANDOM, case | {"loss": 0.6}))


@pytest.mark.slow
def test_a_loss_that_random_directions_have_too_is_named(caveats, tmp_path):
    case = {"feature_probability": 0.3, "importance_decay": 0.7, "chance": 1.0}
    idle = case | {"stake": 0.001, "stake_error": 0.01}
    assert "no lower than with random directions: 1 of 1 under mse." in caveats(
        tmp_path / "a", ([polygon(5)] * 10, idle)
    )
    assert caveats(tmp_path / "b", ([polygon(5)] * 10, idle | {"stake": 0.1})) == ""


@pytest.mark.slow
def test_a_condition_that_is_not_judged_is_not_named_as_at_chance_too(caveats, tmp_path):
    case = {"feature_probability": 0.3, "importance_decay": 0.7, "loss": 1.0, "chance": 1.0}
    moving = dict.fromkeys(range(10), "not converged")
    assert "chance" not in caveats(tmp_path / "a", ([polygon(5)] * 10, case, moving))


@pytest.mark.slow
def test_two_basins_of_loss_have_the_share_of_the_seeds_in_each(caveats, tmp_path):
    losses = np.array([1.0, 1.001, 1.002, 1.003, 2.0, 2.001, 2.002, 2.003, 2.004, 2.005])
    case = {"feature_probability": 0.3, "importance_decay": 0.7, "loss": losses}
    found = caveats(tmp_path / "a", ([polygon(5)] * 10, case))
    assert found == (
        "The losses of the seeds are in two basins in 1 condition. In the lower one are 4 of 10 in "
        "condition 0."
    )


@pytest.mark.slow
def test_an_optimum_between_two_bounds_is_named(caveats, tmp_path):
    """That of ten directions in four dimensions is not known exactly, and that of a pentagon is."""
    some = list(random_directions(np.random.default_rng(0), 10, 4, 10))
    case = {"feature_probability": 0.3, "importance_decay": 0.7}
    found = caveats(tmp_path / "a", (some, case), ([polygon(5)] * 10, case))
    assert "In 1 condition the best packing is known to lie between two bounds, so" in found
    assert "It is open" not in found


@pytest.mark.slow
def test_few_seeds_and_losses_of_two_conditions(caveats, tmp_path):
    case = {"feature_probability": 0.3, "importance_decay": 0.7}
    dense = ([polygon(5)] * 5, case)
    found = caveats(tmp_path / "a", dense, ([polygon(5)] * 5, case | {"feature_probability": 0.2}))
    assert "5 seeds a condition is few" in found
    assert found.endswith("Losses are not comparable across objectives or densities.")

import numpy as np
import pandas as pd
import pytest

from toysup.verdict.stake import CHANCE, NOTHING, at_chance, idle_conditions, stakes_of


def stake_of(*columns):
    [found] = stakes_of(*columns, [len(columns[0])])
    return found


def of(loss, chance, stake, error=0.01, seeds=5):
    return stake_of(*(np.full(seeds, x) for x in (loss, chance, stake, error))).idle


def test_a_loss_at_chance_or_random_directions_as_good_count_for_nothing():
    assert of(loss=1.0, chance=2.0, stake=0.5) == ""
    assert of(loss=2.0, chance=2.0, stake=0.5) == CHANCE
    assert of(loss=2.5, chance=2.0, stake=0.5) == CHANCE
    assert of(loss=1.0, chance=2.0, stake=0.01) == NOTHING
    assert of(loss=1.0, chance=2.0, stake=-0.5) == NOTHING


def test_what_is_not_known_is_no_reason_to_leave_a_condition_out():
    assert of(loss=1.0, chance=np.nan, stake=np.nan) == ""
    assert stake_of(*(np.array([]) for _ in range(4))).idle == ""


def test_chance_may_be_0_or_below():
    assert not at_chance(-1e-9, 0.0)
    assert at_chance(0.0, 0.0)
    assert not at_chance(-2.0, -1.0)
    assert at_chance(-0.9995, -1.0)


@pytest.mark.parametrize("bad", [1, 2])
def test_the_median_seed_decides(bad):
    stakes = np.where(np.arange(5) < bad, -1.0, 1.0)
    found = stake_of(np.ones(5), np.full(5, 2.0), stakes, np.full(5, 0.1))
    assert found.idle == ""
    assert found.stake.value == 1


def test_seeds_that_agree_say_more_than_one():
    assert of(1.0, 2.0, stake=0.02, seeds=1) == NOTHING
    assert of(1.0, 2.0, stake=0.024, seeds=1) == ""
    assert of(1.0, 2.0, stake=0.02, seeds=10) == ""
    assert of(1.0, 2.0, stake=0.002, seeds=10) == NOTHING


@pytest.mark.long
def test_of_conditions_with_nothing_at_stake_one_in_a_hundred_is_counted():
    rng = np.random.default_rng(0)
    for seeds in (1, 5, 10):
        drawn = rng.standard_normal((2000, seeds))
        one, two = np.ones(seeds), np.full(seeds, 2.0)
        counted = sum(stake_of(one, two, stake, one).idle == "" for stake in drawn)
        assert counted <= 30


@pytest.mark.parametrize("error", [np.nan, np.inf, -1.0])
def test_without_a_known_error_a_loss_that_is_no_lower_is_nothing_at_stake(error):
    assert of(1.0, 2.0, stake=-0.5, error=error) == of(1.0, 2.0, 0.0, error) == NOTHING
    assert of(1.0, 2.0, stake=0.5, error=error) == ""


def test_the_stake_and_its_error_are_those_of_the_same_seed():
    stake = np.where(np.arange(10) < 5, 0.5, np.nan)
    error = np.where(np.arange(10) < 5, np.nan, 10.0)
    assert stake_of(np.ones(10), np.full(10, 2.0), stake, error).idle == ""
    stake, error = np.repeat([0.5, 0.3], 5), np.repeat([10.0, 0.01], 5)
    assert stake_of(np.ones(10), np.full(10, 2.0), stake, error).idle == NOTHING


@pytest.mark.parametrize("lost", [np.nan, np.inf])
def test_a_loss_that_is_not_finite_in_most_seeds_is_at_chance(lost):
    for seeds, idle in ((10, CHANCE), (9, CHANCE), (4, "")):
        loss = np.where(np.arange(10) < seeds, lost, 1.0)
        assert stake_of(loss, np.full(10, 2.0), np.ones(10), np.full(10, 0.1)).idle == idle


def test_what_is_known_of_few_seeds_is_not_known():
    few = np.where(np.arange(10) < 4, 1.0, np.nan)
    assert stake_of(np.ones(10), 0.5 * few, np.ones(10), np.full(10, 0.1)).idle == ""
    assert stake_of(np.ones(10), np.full(10, 2.0), -few, np.full(10, 0.1)).idle == ""


def test_idle_conditions_are_found_without_verdicts():
    rows = pd.DataFrame(
        {
            "condition": [0, 0, 1, 1, 2],
            "directions": "encoder",
            "outcome": ["converged"] * 4 + ["diverged"],
            "n_represented": 5,
            "loss": [1.0, 1.0, 2.0, 2.0, np.nan],
            "chance": 2.0,
            "stake": 0.5,
            "stake_error": 0.01,
        }
    )
    assert idle_conditions(rows) == {(1, "encoder")}
    assert idle_conditions(rows.drop(columns=["chance", "stake"])) == frozenset()

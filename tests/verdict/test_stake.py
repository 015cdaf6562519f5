import numpy as np
import pandas as pd
import pytest

from toysup.verdict.stake import CHANCE, NOTHING, at_chance, idle_conditions, stake_of


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
    assert at_chance(-1e-9, 0.0) is False
    assert at_chance(0.0, 0.0)
    assert not at_chance(-2.0, -1.0)
    assert at_chance(-0.9995, -1.0)


@pytest.mark.parametrize("bad", [1, 2])
def test_the_median_seed_decides(bad):
    stakes = np.where(np.arange(5) < bad, -1.0, 1.0)
    found = stake_of(np.ones(5), np.full(5, 2.0), stakes, np.full(5, 0.1))
    assert found.idle == ""
    assert found.stake.value == 1


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

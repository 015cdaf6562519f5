from dataclasses import replace

import pytest

from toysup import grid, spec
from toysup.engine import forecast
from toysup.engine.forecast import Cost
from toysup.theory import population

SWEEP = {
    "seeds": 5,
    "model": {"n_features": 5, "d_hidden": 2},
    "train": {"steps": 30, "batch_size": 16},
    "features": {"independent": {"feature_probability": [1.0, 0.5]}},
    "views": {"mask": {}},
    "objective": {"mse": {}, "infonce": {}},
}


@pytest.mark.slow
def test_a_forecast_is_the_cost_of_a_chunk_times_the_units_of_its_stack(monkeypatch, tmp_path):
    plan = grid.plan(spec.parse(SWEEP), seeds_per_chunk=2)
    timed = []

    def cost(plan, chunk, devices):
        timed.append(chunk.stack)
        units = len(forecast.Job(plan, chunk, devices).keys)
        cost = Cost(10.0, 1.0, training=2.0 * units, measuring=0.5 * units, units=units)
        return replace(cost, searching=0.25)

    monkeypatch.setattr(forecast, "cost", cost)
    monkeypatch.setattr(forecast.time, "process_time", lambda: 3.0)
    monkeypatch.setenv("TOYSUP_CACHE", str(tmp_path))
    expected = forecast.forecast(plan, devices=1)
    assert timed == [0, 1]
    # 5 seeds of two stacks of one group each.
    assert expected.compiling == 20
    assert expected.training == 2.0 * 5 * 2
    assert expected.measuring == 0.5 * 5 * 2 + 2 * 0.25  # one search for all seeds of a stack
    assert expected.seconds == 3 + 2 + 25.5
    assert expected.memory > 10**7


@pytest.mark.slow
def test_a_cost_counts_the_search_for_least_losses_though_it_is_made_once(monkeypatch):
    now, search = [0], population.search_each

    def searched(*arguments):
        now[0] += 100
        return search(*arguments)

    def clock():
        now[0] += 1
        return now[0]

    monkeypatch.setattr(population, "search_each", searched)
    monkeypatch.setattr(forecast.time, "perf_counter", clock)
    monkeypatch.setattr(forecast, "PROBES", 1)
    sweep = SWEEP | {"measure": "optimum", "objective": {"infonce": {"similarity": "dot"}}}
    plan = grid.plan(spec.parse(sweep | {"model": {"n_features": 2, "d_hidden": 1}}))
    population.searched.cache_clear()
    found = forecast.cost(plan, plan.chunks[0], devices=1)
    assert (found.searching, found.measuring) == (100, 1)


@pytest.mark.long
def test_a_cost_counts_the_run_of_half_the_length_and_that_of_random_directions(monkeypatch):
    clock = iter(range(1000))
    monkeypatch.setattr(forecast.time, "perf_counter", lambda: next(clock))
    monkeypatch.setattr(forecast, "PROBES", 1)
    plan = grid.plan(spec.parse(SWEEP), seeds_per_chunk=2)
    found = forecast.cost(plan, plan.chunks[0], devices=1)
    # A timed call takes one tick of this clock, and makes FIRST_SEGMENT steps in it.
    assert found.training == pytest.approx((30 + 15 + 6) / forecast.FIRST_SEGMENT)
    assert found.measuring == 1

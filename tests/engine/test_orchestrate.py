"""What a user asks for becomes one run, from the command line and from Python alike."""

from pathlib import Path

import pytest

from toysup.engine import compilation, forecast
from toysup.engine.orchestrate import Request, forecast_sweep, run_sweep
from toysup.errors import RefusedError, SpecError

SWEEP = {"train": {"steps": 20}, "objective": {"mse": {}}}
HUGE = {"model": {"n_features": 10**6, "d_hidden": 10**6}, **SWEEP}


def test_the_command_resumes_the_same_run():
    request = Request("a b.toml", ["steps=5"], small=True, devices=1, lanes=4)
    assert request.command(Path("runs/a")) == (
        "toysup sweep 'a b.toml' --small --set steps=5 --devices 1 --lanes 4 --out runs/a"
    )
    assert Request(SWEEP).command(Path("runs/a")) is None


def test_a_request_is_read_with_its_changes():
    assert Request(SWEEP, ["steps=7"]).sweep.train["steps"] == (7,)
    with pytest.raises(SpecError, match="stepz"):
        _ = Request(SWEEP, ["stepz=7"]).sweep


def test_what_does_not_fit_in_memory_is_refused_before_a_folder_is_made(tmp_path):
    with pytest.raises(RefusedError, match="of memory"):
        run_sweep(Request(HUGE), tmp_path / "run")
    assert not (tmp_path / "run").exists()
    with pytest.raises(RefusedError, match="of memory"):
        forecast_sweep(Request(HUGE))


def test_a_plan_that_is_not_timed_reads_no_programs_and_compiles_none(monkeypatch):
    def fail(*_):
        raise AssertionError("a plan compiles")

    monkeypatch.setattr(compilation, "keep", fail)
    monkeypatch.setattr(forecast, "forecast", fail)
    found = forecast_sweep(Request(SWEEP, ["feature_probability=[1.0, 0.1]"]), timed=False)
    assert found["conditions"] == 2
    assert found["varies"] == {"feature_probability": [1.0, 0.1]}
    assert not {"seconds", "memory"} & set(found)

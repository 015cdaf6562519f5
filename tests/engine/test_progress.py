import sys

from toysup.engine.progress import Meter, clock, run_progress
from toysup.engine.session import Update


def update(done, seconds, **changes):
    known = {
        "objective": "mse", "chunks_done": 0, "chunks": 2, "steps_done": done,
        "steps_left": 1000 - done, "loss": 0.5, "diverged": 0, "seconds": seconds,
    }  # fmt: skip
    return Update(**(known | changes))


def test_the_first_compilation_is_no_part_of_the_speed():
    meter = Meter()
    assert meter.read(update(100, 60.0)) == "mse loss 0.5"
    assert meter.read(update(500, 62.0)) == "200 instance-steps/s  0:02 left  mse loss 0.5"


def test_each_objective_keeps_its_last_loss_and_diverged_instances_are_counted():
    meter = Meter()
    meter.read(update(100, 1.0))
    words = meter.read(update(200, 2.0, objective="infonce", loss=4.25, diverged=3))
    assert words == "100 instance-steps/s  0:08 left  3 diverged  mse loss 0.5  infonce loss 4.25"


def test_where_there_is_little_room_the_losses_go_first():
    meter = Meter()
    meter.read(update(100, 1.0))
    late = update(200, 2.0, objective="spectral_contrastive", diverged=3)
    assert meter.read(late, 50) == "100 instance-steps/s  0:08 left  3 diverged"
    assert meter.read(late, 60) == "100 instance-steps/s  0:08 left  3 diverged  mse loss 0.5"


def test_without_a_terminal_a_line_is_printed_every_ten_seconds_and_at_the_end(capsys):
    with run_progress(quiet=False) as callback:
        for done, seconds in ((100, 1), (200, 5), (300, 12), (1000, 13)):
            callback(update(done, seconds))
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 3
    assert err.startswith("chunk 1 of 2  ")


def test_quiet_says_nothing(capsys):
    with run_progress(quiet=True) as callback:
        callback(update(100, 1))
    assert capsys.readouterr() == ("", "")


def test_a_terminal_gets_a_bar(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with run_progress(quiet=False) as callback:
        callback(update(100, 1))
        callback(update(1000, 2))
    assert "chunks 2/2" in capsys.readouterr().err


def test_the_clock_shows_hours_only_when_there_are_any():
    assert [clock(s) for s in (5, 65, 3725)] == ["0:05", "1:05", "1:02:05"]

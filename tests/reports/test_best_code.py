"""`toysup theory --objective infonce` prints the best code, or says in a line why there is none."""

import json

import pytest
from typer.testing import CliRunner

from toysup import cli
from toysup.errors import BAD_INPUT, ToysupError

PENTAGON = ["theory", "--objective", "infonce", "--features", "5", "--dimensions", "2"]


def test_it_prints_the_loss_and_the_geometry_of_the_pentagon():
    done = CliRunner().invoke(cli.app, PENTAGON)
    assert done.exit_code == 0
    assert "-1.1674" in done.output
    assert "0.3090" in done.output


def test_json_has_the_directions():
    found = json.loads(CliRunner().invoke(cli.app, [*PENTAGON, "--json"]).stdout)
    assert found["squared_interference"] == pytest.approx(0, abs=1e-6)
    assert [len(row) for row in found["W"]] == [5, 5]


@pytest.mark.parametrize(
    "words",
    [
        [*PENTAGON[:4], "1"],
        [*PENTAGON, "--temperature", "0"],
        [*PENTAGON, "--picture", "a.png"],
        ["theory", "--temperature", "0.5"],
    ],
)
def test_what_it_has_no_theory_of_is_refused_in_a_line_that_says_what_works(words):
    error = CliRunner().invoke(cli.app, words).exception
    assert isinstance(error, ToysupError)
    assert error.exit_code == BAD_INPUT
    assert "hat works: " in str(error)

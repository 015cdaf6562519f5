"""Phase diagrams in a terminal and as pictures show what theory and the rows say."""

import io
from types import SimpleNamespace

import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner

from tests.test_phases import SUPERPOSED, best, run
from toysup import cli
from toysup.claims.phases import diagram
from toysup.errors import BAD_INPUT, ToysupError
from toysup.reports import image, phase_panels, phases
from toysup.reports.pictures import phase_diagram
from toysup.reports.style import BAND, COLOURS, PAPER


def printed(*size):
    out = io.StringIO()
    phases.show(*size, Console(file=out, width=100))
    return out.getvalue()


def test_the_printed_diagram_has_each_phase_where_theory_has_it_without_colours():
    lines = [line[7:] for line in printed(2, 1).splitlines() if line[6:7] in "┤│" and line[6:7]]
    assert (len(lines), len(lines[0])) == (phases.HEIGHT, phases.WIDTH)
    for line, r in zip(lines, np.geomspace(10, 0.1, phases.HEIGHT), strict=True):
        for glyph, s in zip(line, np.geomspace(1, 0.01, phases.WIDTH), strict=True):
            assert glyph == phases.GLYPH[best(s, r)]


def test_json_has_the_losses_and_a_phase_for_each_density_and_importance():
    found = phases.as_json(3, 2)
    assert found["losses"]["superpose the last two"] == "(1 + r) s^2/6"
    assert len(found["phase"]) == len(found["relative_importance"])
    assert found["phase"][0][0] == "ignored"
    assert found["phase"][0][-1] == "superposed"
    assert set(found["phase"][-1]) == {"dedicated"}


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_the_command_draws_to_a_file(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    done = CliRunner().invoke(cli.app, ["theory", "--json", "--picture", str(path)])
    assert done.exit_code == 0
    assert b"PNG" in path.read_bytes()[:8] or b"<svg" in path.read_bytes()


@pytest.mark.parametrize("words", [["--features", "7", "--dimensions", "2"], ["--features", "1"]])
def test_a_shape_without_closed_form_is_refused(words):
    error = CliRunner().invoke(cli.app, ["theory", *words]).exception
    assert isinstance(error, ToysupError)
    assert error.exit_code == BAD_INPUT


def test_a_picture_of_another_kind_is_refused(tmp_path):
    with pytest.raises(ToysupError, match=r"ends with \.png or \.svg"):
        image.write(None, tmp_path / "a.pdf")


def test_shades_go_from_pale_to_blue_or_orange():
    found = phase_panels.shades(np.array([0.0, 1, 1, np.nan]), np.array([np.nan, 0, 1, 0]))
    wanted = [BAND, COLOURS[0], COLOURS[1], PAPER]
    np.testing.assert_allclose(found, [phase_panels.of_hex(colour) for colour in wanted])


@pytest.mark.slow
def test_the_panels_say_how_many_cells_are_right_of_the_lowest_loss_and_of_the_mean():
    rows = run(lambda s, r: [best(s, r), *[SUPERPOSED] * 3])
    (_, lowest, _), _, (_, mean, _) = phase_diagram.panels(diagram(rows))
    assert "100.0%" in lowest
    assert "100.0%" not in mean


@pytest.mark.slow
def test_the_picture_has_three_panels_with_lines():
    figure = phase_diagram.PhaseDiagram().draw(SimpleNamespace(rows=run(lambda s, r: [best(s, r)])))
    assert len(figure.axes) == 3
    assert all(axis.images and axis.collections for axis in figure.axes)

"""Progress where Python called a sweep: a notebook's bar, a terminal's, or a callback."""

import sys
from types import SimpleNamespace

import pytest

import toysup
from toysup.engine.session import Update
from toysup.notebook.progress import Jupyter, bar, jupyter, progress_of

MAPPING = {
    "seeds": 2,
    "measure": "directions",
    "model": {"n_features": 5, "d_hidden": 2},
    "train": {"steps": 20, "batch_size": 16},
    "objective": {"mse": {}},
}


def update(done, words="mse", **changes):
    known = {"objective": words, "chunks_done": 0, "chunks": 2, "steps_done": done}
    known |= {"steps_left": 100 - done, "loss": 0.5, "diverged": 0, "seconds": done / 10}
    return Update(**(known | changes))


class Page:
    """A notebook that keeps what it showed."""

    def __init__(self):
        self.shown = []

    def show(self, html):
        self.shown.append(html)


def test_a_notebook_gets_a_bar_of_the_steps_with_the_words_of_the_terminal():
    page = Page()
    told = bar(page, meter())
    told(update(20))
    told(update(100))
    assert '<progress value="20" max="100">' in page.shown[0]
    assert "chunks 0/2" in page.shown[0]
    assert "chunks 2/2" in page.shown[1]
    assert "mse loss 0.5" in page.shown[1]


def test_what_a_plugin_calls_itself_is_no_html():
    page = Page()
    bar(page, meter())(update(20, words="<b>mse"))
    assert "<b>" not in page.shown[0]


def meter():
    from toysup.engine.progress import Meter

    return Meter()


@pytest.mark.parametrize(("asked", "lines"), [(None, 0), (False, 0), (True, 1)])
def test_where_nobody_watches_lines_are_printed_only_if_asked_for(asked, lines, capsys):
    with progress_of(asked) as callback:
        callback(update(100))
    assert len(capsys.readouterr().err.splitlines()) == lines


def test_a_kernel_of_jupyter_is_told_from_another_shell(monkeypatch):
    shell = SimpleNamespace(kernel=object())
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert isinstance(jupyter(), Jupyter)
    shell.kernel = None
    assert jupyter() is None


@pytest.mark.slow
def test_a_callback_of_the_users_gets_each_update_and_the_results_are_the_same(tmp_path, capsys):
    told = []
    rows = toysup.sweep(MAPPING, tmp_path / "run", progress=told.append)
    assert told[-1].steps_left == 0
    assert told[-1].objective == "mse"
    assert len(rows) == 2
    assert capsys.readouterr().err == ""

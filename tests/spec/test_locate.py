"""A fault of a sweep file says its line, or none: never a wrong one."""

import re
import tomllib

import pytest

from toysup.errors import RefusedError, SpecError
from toysup.files import packaged
from toysup.resources import container
from toysup.spec import locate, read

TOML = '''a.b = 1
a."c.d" = """x # [q]
y = 2
""\\"""""
'e' = {f = [1, {g = 2}, {h."i" = 3}], j = {}} # x = 1
date = 1979-05-27 07:32:00
list = [ # c
  "a]", 'b', # [t]
  [1, 2], {k = 1},
]
[t.u]
v = 1
[t]
w = \'\'\'
[no]
\'\'\'
[[t.x]]
y = 1
[t.x.z]
q = 1
[[t.x]]
y = 2
[[t.x.s]]
p = 1
[[t.x.s]]
'''
LINES = {
    "a": 1, "a.b": 1, "e": 5, "e.f": 5, "e.f.2": 5, "e.f.2.g": 5, "e.f.3": 5, "e.f.3.h": 5,
    "e.f.3.h.i": 5, "e.j": 5, "date": 6, "list": 7, "list.4": 9, "list.4.k": 9, "t": 13, "t.u": 11,
    "t.u.v": 12, "t.w": 14, "t.x": 17, "t.x.1": 17, "t.x.1.y": 18, "t.x.1.z": 19, "t.x.1.z.q": 20,
    "t.x.2": 21, "t.x.2.y": 22, "t.x.2.s": 23, "t.x.2.s.1": 23, "t.x.2.s.1.p": 24, "t.x.2.s.2": 25,
}  # fmt: skip
FAULTS = """seeds = 0

[features.independent]
feature_probability = [
  0.5,
  2.0,
]

[train]
steps = { logspace = [1, 2] }
weight.decay = 1

[views.mask]
[objective.infonce]
temprature = 1 # a slip
train = { steps = 0 }
[objective.mse]
"colour" = "red"
[objective.mze.train]

[[claims]]
name = "a"
rows = { objective = "mse" }
above = "b"
metric = "loss"
[[claims]]
name = "a"
says = 1
"""


def faults(path, *overrides, small=False):
    with pytest.raises(SpecError) as caught:
        read(path, overrides, small=small)
    return caught.value.faults


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Writes text to a.toml in the current folder and names it."""
    monkeypatch.chdir(tmp_path)

    def write(text):
        (tmp_path / "a.toml").write_text(text, encoding="utf-8", newline="")
        return "a.toml"

    return write


def test_every_key_of_every_form_of_toml_has_its_line():
    found = locate.lines(TOML, tomllib.loads(TOML))
    assert found == LINES | {"a.c.d": 2}


def test_windows_line_ends_count_once():
    text = TOML.replace("\n", "\r\n")
    assert locate.lines(text, tomllib.loads(text)) == LINES | {"a.c.d": 2}


@pytest.mark.parametrize("name", packaged.sweeps())
def test_every_key_of_a_packaged_sweep_is_in_the_line_that_is_said(name):
    text = packaged.sweeps()[name].read_text()
    rows, found = text.split("\n"), locate.lines(text, tomllib.loads(text))
    assert len(found) > 10
    for path, number in found.items():
        last = path.rpartition(".")[2]
        assert last in rows[number - 1] or (last.isdigit() and rows[number - 1] == "[[claims]]")


def test_two_keys_that_read_alike_have_no_line():
    text = '"a.b" = 1\n[a]\nb = 2\nc = 3\n'
    assert locate.lines(text, tomllib.loads(text)) == {"a": 2, "a.c": 4}


def test_no_line_is_said_where_the_scan_and_tomllib_differ():
    assert locate.lines("a = 1\nb = 2", {"a": 1}) == {}
    assert locate.lines("a = 1", {"a": 1, "b": 2}) == {}
    assert locate.lines("a = [", {"a": []}) == {}


def test_lists_deeper_than_a_sweeps_have_no_lines():
    text = f"a = {'[' * 50}{']' * 50}"
    assert locate.lines(text, tomllib.loads(text)) == {}


def test_each_fault_of_a_file_says_the_line_of_its_key_in_the_order_of_the_file(written):
    said = [re.match(r"a\.toml, line (\d+): (\S+)", line) for line in faults(written(FAULTS))]
    assert [(int(found[1]), found[2]) for found in said if found] == [
        (1, "seeds"),
        (4, "features.independent.feature_probability"),
        (10, "train.steps.logspace"),
        (11, "train.weight"),
        (15, "objective.infonce.temprature"),
        (16, "objective.infonce.train.steps"),
        (18, "objective.mse.colour"),
        (19, "objective.mze"),
        (21, "claims.a"),
        (21, "claims.a"),
        (24, "claims.a.above"),
        (26, "claims.a"),
        (26, "claims.a"),
        (26, "claims.a"),
        (28, "claims.a.says"),
    ]
    assert all(said)


def test_what_an_option_gave_says_the_option_and_no_line(written):
    path = written("[train]\nsteps = 0\n[objective.mse]\n")
    assert faults(path, "steps=-1") == [
        "--set steps=-1: train.steps must be in [1, 10000000], found -1."
    ]


def test_what_the_file_leaves_to_a_default_has_no_line(written):
    path = written("seeds = 2\n[record]\nsteps = [9999]\n[objective.mse]\n")
    assert faults(path) == [
        "a.toml, line 3: record.steps has 9999, and train.steps is 5000: nothing happens after the "
        "last step. Record up to 5000."
    ]


def test_a_small_version_says_the_line_of_what_it_sets_and_of_the_claims_that_it_keeps(written):
    text = (
        '[objective.mse]\n[[claims]]\nname = "a"\n[[claims]]\nname = "b"\n[small]\n'
        'set = ["sedes=3"]\nclaims = ["b"]\n'
    )
    told = faults(written(text), small=True)
    assert told[0].startswith("a.toml, line 4: claims.b has no says.")
    assert told[-1].startswith("a.toml, line 7: small.set sedes=3: sedes is not a setting.")


def test_what_is_refused_for_its_size_says_its_line_too(written, monkeypatch):
    monkeypatch.setattr(container, "memory", lambda: 1e8)
    path = written("[objective.mse]\n[train]\nsteps = { range = [0, 1000000] }\n")
    with pytest.raises(RefusedError, match=r"^a\.toml, line 3: train\.steps has 1,000,000 values"):
        read(path)


def test_a_file_without_faults_is_never_searched(written, monkeypatch):
    monkeypatch.setattr(locate, "lines", None)
    read(written("[train]\nsteps = { range = [1, 3] }\n[objective.mse]\n"))

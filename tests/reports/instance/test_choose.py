"""`--where` finds conditions, and says what there is where it finds none."""

from types import SimpleNamespace

import pytest

from toysup.errors import SpecError
from toysup.reports.instance.choose import choose, value_text


def verdict(number, objective, directions="encoder", **settings):
    who = {"features": "table", "views": None, "encoder": "linear", "objective": objective}
    return SimpleNamespace(**who, condition=number, directions=directions, settings=settings)


VERDICTS = [
    verdict(0, "mse", p=1.0, path="a,b=c.csv", tied=True),
    verdict(1, "mse", p=0.1, path="a,b=c.csv", tied=True),
    verdict(2, "vae", p=0.1, path="plain.csv", tied=False),
    verdict(2, "vae", "decoder", p=0.1, path="plain.csv", tied=False),
    verdict(3, "clip", "first", p=0.1, path="plain.csv", tied=False),
    verdict(3, "clip", "second", p=0.1, path="plain.csv", tied=False),
]


def found(*where):
    return [(c.verdict.condition, c.verdict.directions) for c in choose(VERDICTS, where, "run")]


def test_without_words_every_condition_matches_once_by_its_main_directions():
    assert found() == [(0, "encoder"), (1, "encoder"), (2, "encoder"), (3, "first")]


def test_a_value_a_list_and_a_range_match():
    assert found("p=1.0") == found("p=1") == [(0, "encoder")]
    assert found("objective=mse, p=0.1") == found("objective=mse", "p=0.1") == [(1, "encoder")]
    assert found('objective=["mse", "vae"],p={max = 0.5}') == [(1, "encoder"), (2, "encoder")]
    assert found("tied=true") == [(0, "encoder"), (1, "encoder")]
    assert found("condition=3") == [(3, "first")]


def test_other_directions_are_chosen_by_name_and_told_of():
    assert found("objective=vae,directions=decoder") == [(2, "decoder")]
    assert found("condition=3,directions=second") == [(3, "second")]
    [choice] = choose(VERDICTS, ["objective=vae"], "run")
    assert choice.other_directions == ("decoder",)


@pytest.mark.parametrize("where", [(), ("directions=decoder",), ("directions=second",)])
def test_the_words_that_are_listed_for_a_condition_select_it(where):
    for choice in choose(VERDICTS, where, "run"):
        [again] = choose(VERDICTS, [choice.where], "run")
        assert again.verdict is choice.verdict


def test_a_text_that_would_be_read_as_another_thing_has_quotes():
    [choice] = choose([VERDICTS[0], VERDICTS[2]], ['path="a,b=c.csv"'], "run")
    assert choice.verdict.condition == 0
    assert value_text("a,b=c.csv") == '"a,b=c.csv"'
    assert value_text("true") == '"true"'


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("objectiv=mse", "run: --where.objectiv is no setting here. Did you mean objective? There"),
        ("objective=mze", 'run: --where.objective is "mze", which is not here. Did you mean mse?'),
        ("p=0.2", "run: --where.p is 0.2, which is not here. There are: 1.0, 0.1."),
        ("p={min = 2}", "run: --where.p has no value of the sweep in its range. There are: 1.0"),
        ("objective=vae,p=1.0", "run: --where matches no condition: its values never occur"),
        ("objective", "--where objective: must be NAME=VALUE, or several with commas"),
        ("p=", "--where p=: must be NAME=VALUE"),
        ("p=1.0,p=0.1", "--where p=1.0,p=0.1: has p twice. Leave one out."),
    ],
)
def test_what_matches_nothing_is_a_line_with_what_there_is(where, message):
    with pytest.raises(SpecError) as error:
        choose(VERDICTS, [where], "run")
    [line] = str(error.value).splitlines()
    assert line.startswith(message)

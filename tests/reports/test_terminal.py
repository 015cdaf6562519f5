import io
from dataclasses import replace

import pytest
from rich.console import Console

from toysup.geometry import polygon
from toysup.reports import lists, strips, terminal
from toysup.reports.axis import Axis
from toysup.reports.findings import gather
from toysup.reports.reference import ReferenceComparison
from toysup.reports.remarks import remarks
from toysup.verdict.statistics import Interval


def printed(function, *arguments, width=100, **keywords):
    file = io.StringIO()
    out = Console(file=file, width=width, highlight=False, markup=False, emoji=False, **keywords)
    function(*arguments, out)
    return file.getvalue()


@pytest.mark.parametrize("width", [80, 100, 120])
def test_no_line_is_wider_than_the_terminal(findings, width):
    text = printed(terminal.show, findings, width=width)
    assert max(map(len, text.splitlines())) <= width
    assert "    minimising: T = 0.000 is below random" in text


@pytest.mark.parametrize("width", [40, 80])
def test_no_count_under_the_headline_is_broken_over_two_lines(findings, width):
    counts = {"minimising": 4, "minimising, no superposition": 8, "partial": 1, "not counted": 2}
    found = replace(findings.answer, counts=counts)
    lines = [
        line.strip() for line in printed(terminal.show_answer, found, width=width).splitlines()
    ]
    for words in ("4 minimising", "8 minimising, no superposition", "1 partial", "2 not counted"):
        assert any(line.endswith(words) or f"{words}   " in line for line in lines)


def test_differences_from_the_reference_are_whole_in_eighty_columns(findings):
    one = ReferenceComparison(
        "softmax (classes directions)",
        3,
        Interval(-0.12, -0.19, -0.1),
        Interval(-0.07, -0.18, -0.03),
    )
    text = printed(
        lambda found, out: out.print(terminal.reference_table(found)),
        replace(findings, beside=(one,)),
        width=80,
    )
    assert "…" not in text
    for words in ("pairs", "-0.12 (-0.19 to -0.10)", "-0.07 (-0.18 to -0.03)"):
        assert words in text


def test_a_long_name_beside_the_strip_takes_two_rows_and_keeps_what_tells_it_apart(findings):
    long = "infonce · independent features · mask views · temperature 0.5"
    lines = tuple(replace(line, name=long) for line in findings.lines)
    text = printed(strips.show, replace(findings, lines=lines), width=80)
    assert "temperature 0.5" in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 80


def test_each_row_begins_with_the_number_that_claims_and_the_page_have(findings):
    rows = [line.split() for line in printed(terminal.show, findings).splitlines()]
    numbered = [row[0] for row in rows if row[3:4] == ["of"] and row[0].isdigit()]
    places = [str(point.condition) for line in findings.lines for point in line.points]
    assert numbered == places


def test_a_pipe_gets_words_and_no_colour_codes(findings, capsys, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    terminal.show(findings)
    text = capsys.readouterr().out
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 100
    for verdict in findings.verdicts.verdicts:
        assert verdict.label.value in text


@pytest.mark.parametrize("columns", ["0", "1", "-5", "nonsense"])
def test_a_width_that_nothing_fits_is_not_believed(findings, capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    terminal.show(findings)
    text = capsys.readouterr().out
    assert findings.answer.headline.split()[0] in text
    assert max(map(len, text.splitlines())) >= 78


def test_a_terminal_gets_colour(findings):
    assert "\x1b[" in printed(terminal.show, findings, force_terminal=True)


def test_the_answer_comes_first_and_a_title_is_taken_literally(findings):
    text = printed(terminal.show, findings)
    lines = text.splitlines()
    assert lines[:2] == ["Made [by hand] & <told>", "Is it so?"]
    assert " ".join(" ".join(lines[3:]).split()).startswith(findings.answer.headline)


def test_the_strip_has_a_bar_and_a_letter_for_each_p(findings):
    text = printed(terminal.show, findings)
    strip = next(line for line in text.splitlines() if line.startswith("infonce · mask views"))
    assert strip.split()[-2:] == ["▼K", "█M"]
    dense_only = next(line for line in text.splitlines() if line.startswith("mse · importance"))
    assert dense_only.split()[-2:] == ["█O", "█M"]


def test_a_block_of_the_strip_leaves_out_lines_that_have_nothing_in_it(findings):
    xs = tuple(float(i) for i in range(60))
    first, second = findings.lines[:2]
    early = replace(first, name="early", points=[replace(first.points[0], x=x) for x in xs[:3]])
    whole = replace(second, name="whole", points=[replace(second.points[0], x=x) for x in xs])
    shown = replace(findings, lines=(early, whole), axis=Axis("temperature", xs))
    lines = printed(strips.show, shown, width=80).splitlines()
    named = [line.split()[0] for line in lines if line.startswith(("early", "whole"))]
    assert named[:2] == ["early", "whole"]
    assert set(named[2:]) == {"whole"}
    assert len(named) > 4


def test_a_row_has_the_numbers_of_its_condition(findings):
    text = printed(terminal.show, findings)
    lines = text.splitlines()
    rows = [line.split() for line in lines]
    numbers = "1 0.1 5 of 5 0.00 0.19 1.00 1.00 1.00 1.00 – 10"  # noqa: RUF001
    place = next(i for i, row in enumerate(rows) if row[1:3] == ["0.1", "5"])
    assert rows[place] == numbers.split()
    assert lines[place + 1].startswith("    minimising: T = 0.000 is below random directions")
    diverged = next(i for i, row in enumerate(rows) if row[:1] == ["diverged:"])
    assert lines[diverged].strip() == "diverged: 1 of 10 seeds diverged."
    assert rows[diverged - 1][-1] == "9/10"


def test_every_condition_has_its_reason_and_its_remarks(findings):
    words = " ".join(printed(terminal.show, findings, width=80).split())
    for verdict in findings.verdicts.verdicts:
        assert " ".join((f"{verdict.label.value}: {verdict.reason}", *remarks(verdict))) in words


def test_an_index_is_a_range_where_the_best_packing_is_not_known(findings):
    point = replace(findings.lines[0].points[0], index_range=(-0.5, 0.25))
    verdict = findings.verdicts.verdicts[0]
    assert " -0.50 to 0.25 " in terminal.row(point, verdict, "0.1", wide=False).plain


def test_hundreds_of_features_keep_their_distance(findings):
    line = findings.lines[0]
    point = replace(line.points[0], n_represented=345.5)
    verdict = replace(findings.verdicts.verdicts[0], n_features=1000)
    assert terminal.row(point, verdict, "0.1", wide=False).plain.startswith("0.1 346 of 1000 ")


@pytest.mark.slow
def test_a_condition_that_is_not_counted_has_a_star_and_says_why(make_run, tmp_path):
    idle = {"loss": 1.0, "chance": 1.0, "importance_decay": 0.7, "feature_probability": 0.3}
    text = printed(terminal.show, gather(make_run(tmp_path / "run", ([polygon(5)] * 10, idle))))
    assert "█M*" in text
    assert "* not counted: at chance, or nothing at stake." in " ".join(text.split())
    assert "Not counted: at chance." in text
    assert "Features" not in text.split("Across")[0]  # no headline counts it


def test_sensitivity_is_beside_each_threshold_where_it_is_asked_for(findings):
    brief = " ".join(printed(terminal.show, findings).split())
    assert "moved, changes at most" in brief
    assert "of 6 verdicts. --thresholds lists them." in brief
    text = printed(lambda findings, out: terminal.show(findings, out, thresholds=True), findings)
    assert "of 6 change" in text
    for threshold in findings.verdicts.thresholds.describe():
        assert threshold["name"].replace("_", " ") in text


def test_an_outcome_names_the_results_and_the_next_command():
    found = {"run": "runs/a", "results": "runs/a/results.parquet", "instances": 20}
    found |= {"outcomes": {"converged": 18, "diverged": 2}}
    assert printed(lists.outcome, found).splitlines() == [
        "Results: runs/a/results.parquet (20 instances)",
        "       18 converged",
        "        2 diverged: see the outcome column",
        "Next:    toysup report runs/a",
    ]


def test_an_outline_shares_what_all_stacks_share():
    stack = {"id": "mse-00", "objective": "mse", "features": "independent", "views": None}
    stack |= {"encoder": "linear", "conditions": 3, "lanes": 8, "group": 4}
    stacks = [
        stack | {"static": {"steps": 10, "batch_size": 4}},
        stack | {"id": "mse-01", "static": {"steps": 10, "batch_size": 8}},
    ]
    plan = {"title": "T", "hash": "00ff", "conditions": 6, "seeds": 2, "instances": 12}
    costs = {"seconds": 200.4, "memory": 8e8, "disk": 2.5e9}
    varies = {"temperature": [0.1, 0.5], "weight_decay": [n / 100 for n in range(9)]}
    grid = {"steps": 120, "stacks": stacks, "varies": varies}
    text = printed(lists.outline, plan | costs | grid)
    assert "6 conditions x 2 seeds = 12 instances, 120 steps in all. Plan 00ff." in text
    assert "About 3 min 20 s on this machine, now that its programs are compiled" in text
    assert "800 MB of memory and 2.5 GB of disk" in " ".join(text.split())
    shares = "They share: features independent, encoder linear, steps 10."
    assert shares in " ".join(text.split())
    assert "batch_size 8" in text
    varying = "differ in temperature (0.1 and 0.5); weight_decay (9 values from 0 to 0.08)."
    assert varying in " ".join(text.split())


@pytest.mark.parametrize("width", [80, 60])
def test_an_outline_keeps_its_heads_where_there_is_little_room(width):
    who = {"features": "independent", "encoder": "linear", "conditions": 3, "lanes": 8, "group": 4}
    stacks = [
        who
        | {"id": f"spectral_contrastive-0{i}", "objective": "spectral_contrastive"}
        | {"views": views, "static": {"batch_size": 2**i, "similarity": "cosine"}}
        for i, views in enumerate(("resample", None))
    ]
    plan = {"title": "T", "hash": "00ff", "conditions": 6, "seeds": 2, "instances": 12}
    costs = {
        "seconds": 200.4,
        "memory": 8e8,
        "disk": 1e6,
        "steps": 120,
        "stacks": stacks,
        "varies": {},
    }
    lines = printed(lists.outline, plan | costs, width=width).splitlines()
    [head] = [line for line in lines if line.startswith("stack")]
    assert {"stack", "views", "conditions", "lanes"} <= set(head.split())
    assert max(map(len, lines)) <= width


def test_a_long_name_has_a_line_of_its_own_and_is_not_cut():
    name = "sweeps/a_name_that_is_longer_than_forty_columns.toml"
    entries = [{"name": "short", "summary": "Short", "small": True}, {"name": name, "summary": "S"}]
    lines = printed(lists.catalogue, {"sweeps": entries}, width=80).splitlines()
    assert [line.strip() for line in lines if "columns" in line] == [name]
    assert any(line.split() == ["short", "Short", "(small)"] for line in lines)


def test_a_catalogue_lists_settings_with_defaults_and_ranges():
    setting = {"name": "noise_scale", "default": 0.1, "range": "at least 0", "doc": "how noisy"}
    entries = {
        "views": [{"name": "noise", "summary": "Noise [of any kind].", "settings": [setting]}],
        "runs": [],
    }
    text = printed(lists.catalogue, entries)
    assert "Noise [of any kind]." in text
    assert "noise_scale = 0.1  how noisy (at least 0)" in text
    assert "none here" in text


def test_a_schema_names_type_unit_meaning_and_source():
    column = {"name": "loss", "type": "double", "unit": "nats", "description": "The loss."}
    text = printed(lists.schema, [column | {"source": "toysup"}])
    assert text.splitlines() == ["loss  double, nats", "    The loss. [toysup]"]

"""What a reader sees of claims, in a terminal and on the page."""

import dataclasses
import re
import tomllib
from html import unescape

import numpy as np
import pytest

from tests.reports.page.test_page import Checker
from tests.reports.test_terminal import printed
from toysup.claims import Decision, check
from toysup.geometry import polygon
from toysup.reports import brief, claims, effects, page, tally, terminal
from toysup.reports.findings import gather
from toysup.reports.toml import sweep_text
from toysup.spec.claim import Answer, Claim
from toysup.verdict.basins import Basins
from toysup.verdict.statistics import Interval

SAYS = "With a contrastive loss you <wouldn't> see that"
FEW = {"feature_probability": {"max": 0.1}}


COUNT = (
    "1 of 2 claims came out as in the first run; 1 changed: second; 1 new. 1 of 2 predictions came "
    "true; 1 claim written after the run, without a prediction."
)


def said(name, **rule):
    return Claim(
        **{"name": name, "says": SAYS, "who": "theahura", "rows": {}, "predicted": "supported"}
        | rule
    )


@pytest.fixture(scope="module")
def claimed(make_run, tmp_path_factory):
    """Three claims: as before, changed, and a new one that is not decided."""
    every = [
        said("first", verdict=("minimising",), rows={"objective": "mse"}, outcome="supported"),
        said("second", metric="loss", above=9, rows={"objective": "mse"}, outcome="supported"),
        said("third", verdict=("minimising",), rows={"objective": "infonce"}, predicted="none"),
    ]
    contrastive = {"objective": "infonce", "views": "mask", "temperature": 0.5}
    return make_run(
        tmp_path_factory.mktemp("runs") / "claimed",
        ([polygon(5)] * 10, {}),
        ([np.eye(2, 5)] * 10, contrastive, {0: "diverged"}),
        claims=every,
    )


def decided(claim, **changes):
    found = {"answer": Answer.SUPPORTED, "predicted_right": True, "as_before": None}
    found |= {"effect": Interval(0.5, 0.25, 0.75), "unit": "mean of loss", "share": None}
    found |= {"true": 3, "false": 1, "unclear": 0, "unjudged": 0, "not_at_stake": 0}
    found |= {"conditions": (0, 1, 2, 5), "basins": {}, "confidence": 0.95}
    return Decision(claim=claim, **found | changes)


LOSS = said("a", metric="loss", above=0.9)


@pytest.mark.slow
@pytest.mark.parametrize("width", [80, 100, 120])
def test_no_line_of_the_table_is_wider_than_the_terminal(claimed, width):
    text = printed(claims.show, [check(claimed)], width=width)
    assert max(map(len, text.splitlines())) <= width
    for words in ("supported", "refuted", "undecided", "theahura", "it changed", "new", "written"):
        assert words in text


def test_a_long_word_of_a_sentence_is_folded_and_not_cut():
    says = "Directions are interference-minimising-whatever-the-loss."
    shown = printed(
        lambda rows, out: out.print(claims.table(rows)),
        [("", decided(dataclasses.replace(LOSS, says=says)))],
        width=80,
    )
    assert "…" not in shown
    assert "interference-" in shown


@pytest.mark.slow
def test_the_table_names_the_run_and_ends_with_a_count(claimed):
    text = printed(claims.show, [check(claimed)], width=1000)
    assert f"{claimed.folder}, condition 0" in text
    assert COUNT in text


@pytest.mark.slow
@pytest.mark.parametrize("width", [80, 120])
def test_the_brief_table_has_a_line_a_claim_and_says_what_passes(claimed, width):
    text = printed(brief.brief, [check(claimed)], width=width)
    assert max(map(len, text.splitlines())) <= width
    assert f"1 of 3 pass. {COUNT}" in " ".join(text.split())
    wide = printed(brief.brief, [check(claimed)], width=400).splitlines()
    ends = [re.split(" {2,}", line.strip())[-3:] for line in wide[2:5]]
    assert wide[1].strip() == "claimed"
    assert ends == [
        ["yes", "yes", "yes"],
        ["no", "yes", "yes: changed"],
        ["undecided", "after the run", "new"],
    ]
    assert "above 9" in wide[3]


@pytest.mark.slow
def test_a_report_has_its_claims_before_its_verdicts_and_in_its_json(claimed):
    findings = gather(claimed)
    lines = printed(terminal.show, findings).splitlines()
    assert lines.index("What was claimed") < lines.index("Across sparsity")
    assert [found["answer"] for found in findings.to_json()["claims"]] == [
        "supported",
        "refuted",
        "undecided",
    ]


@pytest.mark.slow
def test_a_report_without_claims_does_not_speak_of_them(findings):
    assert "claim" not in printed(terminal.show, findings)
    assert "What was claimed" not in page.render(findings)


@pytest.mark.slow
def test_the_page_has_every_claim_and_marks_a_change(claimed):
    html = page.render(gather(claimed))
    checker = Checker()
    checker.feed(html)
    assert checker.faults == checker.open == []
    assert html.index("What was claimed") < html.index("The verdicts at a glance")
    [section] = re.findall('<section id="claims">.*?</section>', html, re.DOTALL)
    assert section.count("<q>With a contrastive loss you &lt;wouldn&#39;t&gt; see that</q>") == 3
    assert html.count("supported: it changed") == 1
    assert html.count("none: written after the run") == 1
    assert COUNT in unescape(html)


@pytest.mark.slow
def test_the_sweep_of_a_page_is_toml_with_its_claims(claimed):
    data = tomllib.loads(sweep_text(gather(claimed).sweep))
    assert data["claims"][0]["rows"] == {"objective": "mse"}
    assert [claim["name"] for claim in data["claims"]] == ["first", "second", "third"]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            {"verdict": ("minimising", "partial"), "holds": "no", "rows": {"objective": "mse"}},
            '"minimising" or "partial" in no condition with objective mse',
        ),
        (
            {"metric": "related_cosine", "above": 0.9, "holds": "mean", "rows": FEW},
            "related_cosine above 0.9 on average over conditions with p at most 0.1",
        ),
        (
            {"metric": "loss", "below": 0, "than": {"objective": "mse"}},
            "loss minus that under mse, below 0, in every condition",
        ),
        (
            {
                "metric": "loss",
                "crosses": 0.9,
                "along": "temperature",
                "between": (0.1, 1),
                "rows": {"temperature": {"min": 0.1, "max": 1}},
            },
            "loss passes 0.9 along temperature between 0.1 and 1 in every condition "
            "with temperature at least 0.1 and at most 1",
        ),
        (
            {"metric": "loss", "above": 0, "holds": "always", "rows": {"objective": "mse"}},
            "loss above 0 in every condition, exceptions aside, with objective mse",
        ),
        (
            {"verdict": ("minimising",), "holds": "never"},
            '"minimising" in no condition, exceptions aside',
        ),
        (
            {"metric": "loss", "near": 0.4, "within": 0.02, "seeds": "lowest loss"},
            "lowest-loss loss within 0.02 of 0.4 in every condition",
        ),
        (
            {"metric": "loss", "above": 0.4, "seeds": "median"},
            "median loss above 0.4 in every condition",
        ),
        (
            {"metric": "loss", "above": 0.9, "correlates": "score", "rows": FEW},
            "correlation of loss with score above 0.9 over conditions with p at most 0.1",
        ),
        (
            {"theory": "mse phases", "above": 0.9, "seeds": "mean without the worst"},
            "share of cells, mean without the worst restart, in the phase of mse phases above 0.9",
        ),
    ],
)
def test_a_rule_reads_as_a_sentence_would(rule, words):
    assert effects.rule(said("a", **rule)) == words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "mean of loss: 0.5 (0.25 to 0.75); true in 3 of 4 conditions"),
        (
            {"unclear": 2, "unjudged": 1},
            "mean of loss: 0.5 (0.25 to 0.75); true in 3 of 7 conditions, "
            "2 too uncertain to tell, 1 not judged",
        ),
        (
            {"effect": Interval(0.5, np.nan, np.nan), "true": 0, "false": 0, "unjudged": 1},
            "mean of loss: 0.5; true in 0 of 1 condition, 1 not judged",
        ),
        (
            {"effect": Interval(*[np.nan] * 3), "true": 0, "false": 0},
            "no condition is compared",
        ),
    ],
)
def test_an_effect_has_its_unit_its_interval_and_its_extent(changes, words):
    assert effects.effect(decided(LOSS, **changes)) == words


MANY = dataclasses.replace(LOSS, holds="always")
SHARE = Interval(0.75, 0.5, 0.9)
TWO = Basins(seeds=10, lower=7, share=0.7, lower_mean=1.0, upper_mean=2.0)


def test_a_share_that_decides_stands_beside_the_effect_or_for_a_verdict_in_its_place():
    words = "mean of loss: 0.5 (0.25 to 0.75); share of conditions: 0.75 (0.5 to 0.9); true in"
    assert effects.effect(decided(MANY, share=SHARE)).startswith(words)
    assert (
        effects.effect_numbers(decided(MANY, share=SHARE))
        == "0.5 (0.25 to 0.75); share 0.75 (0.5 to 0.9)"
    )
    verdict = said("a", verdict=("minimising",), holds="never")
    found = decided(verdict, share=SHARE, unit="share of conditions")
    assert effects.effect(found).startswith("share of conditions: 0.75 (0.5 to 0.9); true in")
    assert effects.effect_numbers(found) == "share 0.75 (0.5 to 0.9)"


def test_conditions_with_nothing_at_stake_are_counted_apart():
    assert effects.effect(decided(LOSS, not_at_stake=2)).endswith("4 conditions, 2 not at stake")
    mean = dataclasses.replace(LOSS, holds="mean")
    assert effects.effect(decided(mean, not_at_stake=2)).endswith("to 0.75), 2 not at stake")
    none = decided(LOSS, true=0, false=0, effect=Interval(*[np.nan] * 3), not_at_stake=2)
    assert effects.effect(none) == "no condition is compared, 2 not at stake"


def test_conditions_with_two_basins_are_named_and_many_are_cut():
    one = "condition 12: 7 of 10 seeds in the lower of two basins of loss"
    assert effects.basins(decided(LOSS, basins={12: TWO})) == one
    assert effects.basins(decided(LOSS)) == ""
    lowest = dataclasses.replace(LOSS, seeds="lowest loss")
    assert effects.basins(decided(lowest, basins={12: TWO})) == ""
    many = effects.basins(decided(LOSS, basins=dict.fromkeys(range(12, 17), TWO)))
    assert many.startswith(f"{one}; condition 13: 7 of 10")
    assert many.endswith("; 2 more with two basins")


def test_the_tally_says_when_all_claims_are_new_and_none_was_predicted():
    new = decided(LOSS, predicted_right=None)
    assert tally.summary([new, new]) == (
        "2 new claims, with no outcome before. 0 of 0 predictions came true; "
        "2 claims written after the run, without a prediction."
    )


def test_an_average_has_no_extent():
    average = dataclasses.replace(LOSS, holds="mean")
    assert effects.effect(decided(average)) == "mean of loss: 0.5 (0.25 to 0.75)"


def test_conditions_in_a_row_are_named_by_their_ends_and_many_are_cut():
    assert effects.deciding_conditions(decided(LOSS)) == "conditions 0 to 2, 5"
    assert effects.deciding_conditions(decided(LOSS, conditions=(7,))) == "condition 7"
    assert effects.deciding_conditions(decided(LOSS, conditions=())) == ""
    many = effects.deciding_conditions(decided(LOSS, conditions=tuple(range(0, 40, 2))))
    assert many == "conditions 0, 2, 4, 6, 8, 10, 12, 14 and 12 more"


@pytest.mark.parametrize(("holds", "some"), [("always", True), ("never", True), ("every", False)])
def test_exceptions_are_explained_where_a_rule_allows_them(holds, some):
    note = claims.footnote([decided(said("a", metric="loss", above=0, holds=holds))])
    assert ("Exceptions are up to 5% of conditions." in note) == some

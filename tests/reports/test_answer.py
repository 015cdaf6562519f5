"""What a report says first, of verdicts and claims made up."""

from itertools import product
from types import SimpleNamespace

import pytest

from toysup.claims.decision import Decision
from toysup.reports.answer import FEW_SEEDS, MOST_WORDS, answer, bar
from toysup.reports.labels import LOOKS, MINIMISES, UNJUDGED, Label
from toysup.spec.claim import NO_PREDICTION, Answer, Claim
from toysup.verdict.stake import CHANCE, NOTHING
from toysup.verdict.statistics import Interval

M, A, NEAR, E, P, R, S, K = (
    Label.MINIMISING,
    Label.NO_SUPERPOSITION,
    Label.NEAR,
    Label.EVEN,
    Label.PARTIAL,
    Label.RANDOM,
    Label.SEEKING,
    Label.COLLAPSED,
)
N, D = Label.NOT_CONVERGED, Label.DIVERGED
PS = (1.0, 0.464159, 0.1, 0.0464159, 0.01)


def verdicts(*rows):
    """Rows are `(objective, label, settings)`; what is popped is no setting."""
    found = []
    for number, (objective, label, settings) in enumerate(rows):
        case = {"n_features": 20} | settings
        who = {"views": case.pop("views", None), "directions": case.pop("directions", "encoder")}
        stake = SimpleNamespace(idle=case.pop("idle", ""))
        found.append(
            SimpleNamespace(
                objective=objective,
                features="independent",
                encoder="linear",
                condition=case.pop("condition", number),
                settings=case,
                label=label,
                stake=stake,
                seeds=case.pop("seeds", 10),
                n_represented=case.pop("r", 20.0),
                d_hidden=case.pop("d_hidden", 5),
                minimisation_index=Interval(0.97, 0.96, 0.98),
                **who,
            )
        )
    return found


def along(objective, ps, labels, **settings):
    """A line: one label for each p."""
    return [
        (objective, label, settings | {"feature_probability": p})
        for p, label in zip(ps, labels, strict=True)
    ]


def said(*rows, claims=()):
    return answer(verdicts(*rows), claims)


def decision(says, predicted, came, check=False, reading=""):
    rule = {"rows": {}, "verdict": (M,), "predicted": predicted}
    claim = Claim(name="c", says=says, reading=reading, check=check, **rule)
    nothing = Interval(0.0, 0.0, 0.0)
    counts = {"true": 1, "false": 0, "unclear": 0, "unjudged": 0, "not_at_stake": 0}
    return Decision(
        claim=claim,
        answer=came,
        predicted_right=None if predicted == NO_PREDICTION else predicted == came,
        as_before=None,
        effect=nothing,
        unit="",
        share=None,
        conditions=(),
        basins={},
        confidence=0.95,
        **counts,
    )


def test_nothing():
    assert answer([]).text == "There is nothing to judge: the results have no rows."


@pytest.mark.parametrize(
    ("label", "words"),
    [
        (M, "Features minimise interference in the one condition that counts under mse."),
        (
            A,
            "Features avoid interference, without superposition, in the one condition that counts "
            "under mse.",
        ),
        (R, "Features do not minimise interference in the one condition that counts."),
        (E, "Features do not minimise interference in the one condition that counts."),
        (NEAR, "Features are not known to minimise interference in the one condition that counts."),
        (N, "No condition counts, so nothing is shown."),
    ],
)
def test_one_condition(label, words):
    assert said(("mse", label, {"feature_probability": 0.1})).headline == words


def test_few_objectives_have_a_share_each_and_what_decides_has_its_pairs():
    found = said(*along("mse", PS, [A, M, M, M, M]), *along("infonce", PS, [S] * 5, views="mask"))
    assert found.headline == (
        "Features minimise interference in 5 of 5 conditions under mse and 0 of 5 under infonce."
    )
    assert found.sentences == (
        "Whether features minimise depends most on the objective (5 of 5 pairs alike in all else "
        "differ): 5 of 5 minimise under mse, 0 of 5 under infonce.",
    )


def test_even_partial_and_sharing_are_counted_by_their_own_names_and_never_as_minimising():
    labels = [E, E, P, Label.SHARING, Label.SHARING]
    found = said(*along("barlow_twins", PS, labels))
    assert found.headline == (
        "Features do not minimise interference in any of 5 conditions that count."
    )
    assert found.counts == {"even": 2, "partial": 1, "sharing": 2}


def test_what_is_open_is_neither_for_nor_against():
    found = said(*along("mse", PS, [M] * 5), *along("gan", PS, [NEAR] * 5))
    assert found.headline.startswith("Features minimise interference in 5 of 5 conditions")
    assert found.sentences[-1] == ("The best packing of 5 conditions is not known well enough.")
    assert said(*along("gan", PS, [NEAR, NEAR, P, P, P])).headline == (
        "Features are not known to minimise interference in any of 5 conditions that count."
    )


def test_a_share_of_fewer_than_three_conditions_is_not_drawn():
    found = said(*along("mse", PS[:2], [M, M]), *along("infonce", PS[:2], [S, S]))
    assert found.headline == (
        "Features minimise interference in 2 of 4 conditions that count, under 1 of 2 objectives."
    )
    assert found.sentences == (
        "What decides is not known: too few of the conditions that count are alike in all but one "
        "setting.",
    )


def test_a_code_of_five_in_two_dimensions_is_called_by_its_name():
    found = said(*along("mse", PS, [M, M, M, A, N], r=5.0, d_hidden=2))
    assert found.headline == "Features form a pentagon in 3 of 4 conditions that count under mse."


def test_pentagons_among_other_codes_that_minimise_are_counted():
    square = along("infonce", PS, [M, M, M, P, P], r=4.0, d_hidden=2)
    found = said(*along("mse", PS, [M] * 5, r=5.0, d_hidden=2), *square)
    assert found.headline == (
        "Features minimise interference in 5 of 5 conditions under mse and 3 of 5 under infonce; "
        "5 of these 8 are pentagons."
    )


@pytest.mark.parametrize("idle", [CHANCE, NOTHING])
def test_what_is_idle_is_in_no_share(idle):
    rows = along("mse", PS, [M] * 5) + along("infonce", PS, [M, S, K, E, R], idle=idle)
    found = said(*rows)
    assert found.headline == (
        "Features minimise interference in all 5 conditions that count under mse."
    )
    assert found.counts == {"minimising": 5, "not counted": 5}
    assert found.sentences[-1] == f"Not counted: 5 conditions {idle}."


def test_what_is_not_judged_is_counted_by_its_label_alone():
    rows = along("mse", PS, [M, N, N, D, M]) + along("infonce", PS[:1], [N], idle=CHANCE)
    assert said(*rows).sentences[-1] == "Not counted: 3 conditions not converged and 1 diverged."


def test_few_seeds_are_said():
    few, enough = (said(*along("mse", PS, [M, M, M, M, N], seeds=n)).text for n in (3, FEW_SEEDS))
    assert few.endswith(
        "Not counted: 1 condition not converged; there are only 3 seeds a condition."
    )
    assert "seed" not in enough


def test_the_setting_that_decides_is_the_one_that_changes_most_pairs_alone():
    rows = [
        *along("infonce", PS, [M] * 5, views="identity"),
        *along("infonce", PS, [K, S, S, S, M], views="mask"),
        *along("infonce", PS, [N] * 5, views="resample"),
    ]
    assert said(*rows).sentences[0] == (
        "Whether features minimise depends most on views (4 of 5 pairs alike in all else differ): "
        "5 of 5 minimise with identity views, 1 of 5 with mask views."
    )


def test_a_setting_that_only_one_kind_of_views_has_does_not_keep_the_views_apart():
    noisy = along("infonce", PS, [S] * 5, views="noise", noise_scale=0.1)
    rows = [*noisy, *along("infonce", PS, [M] * 5, views="identity")]
    assert "depends most on views (5 of 5 pairs" in said(*rows).text


def test_a_setting_is_weighed_within_every_objective():
    rows = [
        (objective, M if t > 0.3 else S, {"temperature": t, "feature_probability": p})
        for objective, t, p in product(("infonce", "supcon"), (0.1, 0.5), PS)
    ]
    assert said(*rows).sentences == (
        "Whether features minimise depends most on temperature (10 of 10 pairs alike in all else "
        "differ): 10 of 10 minimise at temperature 0.5, 0 of 10 at temperature 0.1.",
    )


def test_what_changes_a_pair_or_two_does_not_decide():
    rows = along("mse", PS[:3], [M, M, S])
    assert said(*rows).sentences == (
        "What decides is not known well: most often p does (2 of 3 pairs alike in "
        "all else differ).",
    )


def test_what_is_the_same_everywhere_is_said_to_be():
    rows = along("mse", PS, [R] * 5) + along("infonce", PS, [R] * 5, views="mask")
    assert said(*rows).sentences == (
        "Whether features minimise is the same for every objective and p.",
    )


def both_towers(first, second):
    """A line of clip: the labels of its two sets of directions."""
    return [
        ("clip", label, {"directions": name, "condition": number, "feature_probability": p})
        for number, p in enumerate(PS)
        for name, label in (("first", first[number]), ("second", second[number]))
    ]


def test_two_towers_that_agree_are_one_condition():
    found = said(*both_towers([K] * 5, [K] * 5))
    assert found.counts == {"collapsed": 5}
    assert found.note == ""


def test_two_towers_that_differ_are_two_verdicts():
    found = said(*both_towers([M] * 5, [K] * 5))
    assert found.headline == (
        "Features minimise interference in 5 of 10 verdicts that count under clip."
    )
    assert found.counts == {"minimising": 5, "collapsed": 5}
    assert found.note == (
        "10 verdicts of 5 conditions: the sets of directions of one model count apart where their "
        "verdicts differ."
    )


def test_many_objectives_are_numbers():
    rows = [row for i in range(12) for row in along(f"o{i}", PS, [M if i < 7 else S] * 5)]
    assert said(*rows).headline == (
        "Features minimise interference in 35 of 60 conditions that count, under 7 of 12 "
        "objectives."
    )


ROW = ("mse", M, {"feature_probability": 0.1})


YES, NO, OPEN = Answer.SUPPORTED, Answer.REFUTED, Answer.UNDECIDED


def test_the_first_claim_answers_the_question_and_the_score_of_all_follows():
    claims = [decision(f"It is {i}.", YES, YES) for i in range(4)]
    claims += [decision("It is so.", YES, NO), decision("Who knows.", YES, OPEN)]
    claims += [decision("Always.", YES, YES, check=True)]
    found = said(ROW, claims=claims)
    assert found.headline == "Supported: “It is 0.” 4 of 6 claims came out as predicted."
    assert found.sentences[0] == (
        "1 claim came out the other way and 1 is undecided; against the prediction, “It is so” is "
        "refuted."
    )
    calm = said(ROW, claims=claims[:3])
    assert calm.headline == "Supported: “It is 0.” 3 of 3 claims came out as predicted."
    assert calm.sentences[0] == "“It is 1” is supported; “It is 2” is supported."


def test_a_first_claim_that_came_out_the_other_way_is_said_to_be_the_one():
    found = said(ROW, claims=[decision("It is so.", YES, NO)])
    assert found.headline == "Refuted: “It is so.” 0 of 1 claim came out as predicted."
    assert found.sentences[0] == "1 claim came out the other way (the one above)."
    two = said(ROW, claims=[decision("It is so.", YES, NO), decision("It is.", NO, YES)])
    assert two.sentences[0] == (
        "2 claims came out the other way (the one above among them); against the prediction, "
        "“It is” is supported."
    )


def test_how_a_sentence_is_read_stands_outside_its_quotation_marks():
    claims = [
        decision("Never.", YES, NO, reading="in no condition"),
        decision("Never.", YES, YES, reading="less than under mse"),
    ]
    found = said(ROW, claims=claims)
    assert found.headline == (
        "Refuted: “Never”, read as: in no condition. 1 of 2 claims came out as predicted."
    )
    assert found.sentences[0] == (
        "1 claim came out the other way (the one above); “Never”, read as: less than under mse is "
        "supported."
    )


def test_a_first_claim_that_is_undecided_is_said_to_be():
    found = said(ROW, claims=[decision("It is so.", YES, OPEN)])
    assert found.headline == "Undecided: “It is so.” 0 of 1 claim came out as predicted."
    assert found.sentences[0] == "1 claim is undecided."


def test_a_score_for_which_the_headline_has_no_room_comes_first_under_it():
    long = "word " * 18 + "end."
    found = said(ROW, claims=[decision(long, YES, YES), decision("It is so.", YES, OPEN)])
    assert found.headline == f"Supported: “{'word ' * 18}end.”"
    assert found.sentences[0] == (
        "1 of 2 claims came out as predicted and 1 is undecided; “It is so” is undecided."
    )


def test_a_sentence_with_two_rules_is_quoted_once_with_both_answers():
    claims = [decision("It is so.", NO, NO), decision("It is so.", YES, YES)]
    found = said(ROW, claims=claims)
    assert found.headline == (
        "Refuted, and supported by another rule: “It is so.” 2 of 2 claims came out as predicted."
    )
    assert said(ROW, claims=[decision("It is.", YES, YES), *claims]).sentences[0] == (
        "“It is so” is refuted, and supported by another rule."
    )


def test_a_sweep_that_asks_what_decides_is_answered_with_that():
    what = "Of the variance of the index, objective has 51% and views 20%."
    found = answer(verdicts(ROW), [decision("It is so.", YES, YES)], "Why.", what)
    assert found.headline == f"{what} 1 of 1 claim came out as predicted."
    assert found.sentences[:2] == ("“It is so” is supported.", "Why.")


def test_claims_written_after_the_run_are_no_predictions():
    claims = [decision("It is so.", NO_PREDICTION, YES)]
    assert said(ROW, claims=claims).headline == (
        "Supported: “It is so.” 1 of 1 claim supported, written after the run."
    )


@pytest.mark.parametrize("objectives", [1, 2, 5, 15, 40])
@pytest.mark.parametrize("step", [1, 3, 7])
@pytest.mark.parametrize("claimed", [0, 1, 30])
def test_a_headline_of_25_words_and_three_sentences_whatever_the_sweep(objectives, step, claimed):
    labels, long = list(Label), "a_setting_with_rather_a_long_name"
    rows = []
    for i, p, j in product(range(objectives), PS, range(6)):
        label = labels[(step * (i + j) + round(1 / p)) % len(labels)]
        case = {"views": f"view{j}", "temperature": p + j, "feature_probability": p, long: j / 3}
        case |= {"idle": ["", "", "", CHANCE, NOTHING][(i + j) % 5]}
        rows.append((f"objective_{i}", label, case))
    answers = list(Answer)
    claims = [
        decision("word " * 3 * i, answers[i % 3], answers[(i + step) % 3]) for i in range(claimed)
    ]
    found = said(*rows, claims=claims)
    assert len(found.headline.split()) <= MOST_WORDS
    assert len(found.sentences) <= 3
    assert sum(found.counts.values()) == len(rows)
    for words in (found.headline, *found.sentences):
        assert words.endswith(".")
        assert "  " not in words


def test_a_bar_has_a_letter_for_each_condition_or_for_a_share_of_many():
    assert bar.letters({"minimising": 2, "not counted": 1}) == "MM."
    many = {"minimising": 4000, "random": 1, "not counted": 95}
    assert len(bar.letters(many)) <= bar.WIDEST
    assert bar.letters(many).count("R") == 1


def test_every_label_has_a_look():
    assert set(LOOKS) == set(Label)
    letters = [look.letter for look in LOOKS.values()]
    assert len(set(letters)) == len(letters)
    hollow = [look.marker for label, look in LOOKS.items() if label not in (*MINIMISES, *UNJUDGED)]
    assert len(set(hollow)) == len(hollow)


def test_shares_of_the_variance_say_what_decides_where_they_are_known():
    rows = [("mse", M, {"p": 0.1}), ("infonce", R, {"p": 0.1})] * 3
    assert "What decides: p." in answer(verdicts(*rows), why="What decides: p.").sentences
    assert not any("decides" in words for words in answer(verdicts(*rows), why="W").sentences[1:])

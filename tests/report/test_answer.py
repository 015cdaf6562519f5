"""Exact sentences for made-up sets of verdicts."""

from itertools import product
from types import SimpleNamespace

import pytest

from toysup.report.labels import LOOKS, Label
from toysup.report.prose.answer import MOST_WORDS, answer
from toysup.verdict.stake import CHANCE, NOTHING

M, A, NEAR, E, P, R, S, H, K = (
    Label.MINIMISING,
    Label.NO_SUPERPOSITION,
    Label.NEAR,
    Label.EVEN,
    Label.PARTIAL,
    Label.RANDOM,
    Label.SEEKING,
    Label.SHARING,
    Label.COLLAPSED,
)
N, D, U = Label.NOT_CONVERGED, Label.DIVERGED, Label.UNDEFINED
PS = (1.0, 0.464159, 0.1, 0.0464159, 0.01)


def verdicts(*rows):
    """Rows are `(objective, label, settings)`; `views`, `directions` and `idle` are no settings."""
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
                n_represented=5.0 if label == A else 20.0,
                superposed=label != A,
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


def said(*rows):
    return answer(verdicts(*rows))


def test_nothing():
    assert answer([]) == "There is nothing to judge: the results have no rows."


@pytest.mark.parametrize(
    ("label", "words"),
    [
        (M, "Under mse, features minimise interference in the one condition that counts."),
        (
            A,
            "Under mse, features minimise interference in the one condition that counts (all with "
            "no more features than dimensions).",
        ),
        (
            R,
            "Under mse, features do not minimise interference in the one condition that counts. "
            "They look random in 1.",
        ),
        (
            E,
            "Under mse, features do not minimise interference in the one condition that counts. "
            "There they whiten or spread evenly, and no more.",
        ),
        (
            NEAR,
            "Under mse, features are not known to minimise interference in the one condition that "
            "counts.",
        ),
        (N, "There is no condition that counts. Not counted: 1 condition not converged."),
        (D, "There is no condition that counts. Not counted: 1 condition diverged."),
    ],
)
def test_one_condition(label, words):
    assert said(("mse", label, {"feature_probability": 0.1})) == words


def test_everything_random():
    rows = along("mse", PS, [R] * 5) + along("infonce", PS, [R] * 5, views="mask")
    assert said(*rows) == (
        "Features do not minimise interference in any of the 10 conditions that count. "
        "They look random in 10. It is the same under every objective."
    )


def test_the_objective_tells_which():
    rows = along("mse", PS, [A, M, M, M, M]) + along("infonce", PS, [S] * 5, views="mask")
    assert said(*rows) == (
        "Of the conditions that count, features minimise interference in 5 of 5 under mse (1 with "
        "no more features than dimensions). They never do under infonce. They interfere more than "
        "random directions in 5 (under infonce). The objective tells which."
    )


def test_even_and_partial_are_never_counted_as_minimising():
    rows = along("mse", PS, [M] * 5) + along("barlow_twins", PS, [E, E, P, P, P])
    assert said(*rows) == (
        "Of the conditions that count, features minimise interference in 5 of 5 under mse. "
        "They never do under barlow_twins; in 5 they whiten or spread evenly, and no more. "
        "The objective tells which."
    )


def test_what_is_open_is_neither_for_nor_against():
    rows = along("mse", PS, [M] * 5) + along("gan", PS, [NEAR] * 5)
    assert said(*rows) == (
        "Of the conditions that count, features minimise interference in 5 of 5 under mse. "
        "In 5 it is open whether they do."
    )


def test_what_may_minimise_is_not_said_not_to():
    assert said(*along("gan", PS, [NEAR, NEAR, P, P, P])) == (
        "Under gan, features are not known to minimise interference in any of the 5 conditions "
        "that count. In 3 they whiten or spread evenly, and no more; in 2 it is open whether they "
        "do."
    )


@pytest.mark.parametrize("idle", [CHANCE, NOTHING])
def test_what_is_idle_is_in_no_number_but_that_of_the_last_sentence(idle):
    words = {CHANCE: "at chance", NOTHING: "with nothing at stake"}[idle]
    rows = along("mse", PS, [M] * 5) + along("infonce", PS, [M, S, K, E, H], idle=idle)
    assert said(*rows) == (
        "Under mse, features minimise interference in all 5 conditions that count. "
        f"Not counted: 5 conditions {words} (all of infonce)."
    )


def test_what_is_not_judged_is_counted_by_its_label_alone():
    rows = along("mse", PS, [M, N, N, D, U]) + along("infonce", PS[:1], [N], idle=CHANCE)
    assert said(*rows).endswith(
        "Not counted: 3 conditions not converged (all of infonce among them), 1 diverged and 1 "
        "with fewer than two features."
    )


def test_one_objective_follows_a_range_of_its_only_setting():
    assert said(*along("mse", PS, [P, P, M, M, M])) == (
        "Under mse, features minimise interference in 3 of 5 conditions that count. "
        "In 2 they whiten or spread evenly, and no more. "
        "Within mse it depends most on p: all minimise from p = 0.1 down to 0.01, and none "
        "elsewhere."
    )


def test_the_setting_that_tells_most_has_its_contrast():
    rows = [
        *along("mse", PS, [M] * 5),
        *along("infonce", PS, [M] * 5, views="identity"),
        *along("infonce", PS, [K, S, S, S, M], views="mask"),
        *along("infonce", PS, [N] * 5, views="resample"),
    ]
    assert said(*rows) == (
        "Of the conditions that count, features minimise interference in 5 of 5 under mse and 6 of "
        "10 under infonce. They interfere more than random directions in 3 (under infonce) and "
        "collapse in 1 (under infonce). Within infonce it depends most on views: 5 of 5 minimise "
        "with identity views, 1 of 5 with mask views. Not counted: 5 conditions not converged."
    )


def test_a_setting_is_weighed_over_all_objectives_that_do_both():
    rows = [
        (objective, M if t > 0.3 else S, {"temperature": t, "feature_probability": p})
        for objective, t, p in product(("infonce", "supcon"), (0.1, 0.5), PS)
    ]
    assert "Within infonce and supcon it depends most on temperature: 10 of 10 minimise at " in (
        said(*rows)
    )


def test_a_setting_with_as_many_values_as_conditions_does_not_tell_by_that():
    """Each p occurs once, so it separates anything; which of them minimise is chance."""
    ps = [1 / 2**i for i in range(12)]
    words = said(*along("mse", ps, [M, S, S, M, M, S, M, S, S, M, S, M]))
    assert "depends" not in words


def test_a_label_has_its_place_where_one_setting_says_it():
    labels = [M, M, M, H, H]
    rows = along("infonce", PS, labels, views="identity") + along("mse", PS, [M] * 5)
    assert "They share directions in 2 (under infonce from p = 0.046 down to 0.01)." in said(*rows)


def both_towers(first, second):
    """A line of clip: the labels of its two sets of directions."""
    return [
        ("clip", label, {"directions": name, "condition": number, "feature_probability": p})
        for number, p in enumerate(PS)
        for name, label in (("first", first[number]), ("second", second[number]))
    ]


def test_two_towers_that_agree_are_one_objective_and_one_condition():
    assert said(*both_towers([K] * 5, [K] * 5)) == (
        "Under clip, features do not minimise interference in any of the 5 conditions that count. "
        "They collapse in 5."
    )


def test_two_towers_that_differ_are_named_apart():
    assert said(*both_towers([M] * 5, [K] * 5)).startswith(
        "Of the conditions that count, features minimise interference in 5 of 5 under clip (first "
        "directions). They collapse in 5"
    )


def test_a_condition_that_counts_by_one_set_of_directions_is_not_among_those_not_counted():
    assert "Not counted: 2 conditions not converged." in said(
        *both_towers([M, M, M, N, N], [N, N, N, N, N])
    )


def test_many_objectives_are_numbers():
    rows = [row for i in range(12) for row in along(f"o{i}", PS, [M if i < 7 else S] * 5)]
    assert said(*rows) == (
        "Features minimise interference under 7 of 12 objectives, in 35 of 60 conditions that "
        "count; always under o0, o1, o2, o3, o4, o5 and o6. They never do under o7, o8, o9, o10 "
        "and o11. They interfere more than random directions in 25. The objective tells which."
    )


def test_objectives_that_follow_a_setting_in_opposite_ways_are_not_said_to_follow_it():
    rows = along("gan", PS[:3], [M, S, S]) + along("supcon", PS[:3], [S, S, M])
    assert "depends" not in said(*rows)


def test_a_threshold_among_few_conditions_is_not_told():
    assert "depends" not in said(*along("mse", PS[:3], [S, M, M]))


def sentences(words):
    """Full stops that end a sentence: those of numbers have a digit behind them."""
    return [part for part in words.split(". ") if part]


@pytest.mark.parametrize("objectives", [1, 2, 5, 15, 40])
@pytest.mark.parametrize("step", [1, 3, 7])
def test_five_sentences_and_ninety_words_whatever_the_sweep(objectives, step):
    labels, long = list(Label), "a_setting_with_rather_a_long_name"
    rows = []
    for i, p, j in product(range(objectives), PS, range(6)):
        label = labels[(step * (i + j) + round(1 / p)) % len(labels)]
        case = {"views": f"view{j}", "temperature": p + j, "feature_probability": p, long: j / 3}
        case |= {"idle": ["", "", "", CHANCE, NOTHING][(i + j) % 5]}
        rows.append((f"objective_{i}", label, case))
    words = said(*rows)
    assert len(words.split()) <= MOST_WORDS
    assert len(sentences(words)) <= 5
    assert words.endswith(".")
    assert "  " not in words


def test_every_label_has_a_look():
    assert set(LOOKS) == set(Label)
    letters = [look.letter for look in LOOKS.values()]
    assert len(set(letters)) == len(letters)
    hollow = [look.marker for look in LOOKS.values() if look.slug not in ("good", "open")]
    assert len(set(hollow)) == len(hollow)

"""Exact sentences for made-up sets of verdicts."""

from types import SimpleNamespace

import pytest

from toysup.report.answer import answer
from toysup.report.labels import LOOKS, Label

M, A, P, R, S, K = (
    "minimising",
    "minimising, no superposition",
    "partial",
    "random",
    "seeking",
    "collapsed",
)
N, D, U = "not converged", "diverged", "undefined"


def verdicts(*rows):
    """Rows are `(objective, label, settings)`; `views` among the settings is the plugin."""
    found = []
    for condition, (objective, label, settings) in enumerate(rows):
        case = {"n_features": 20} | settings
        views = case.pop("views", None)
        found.append(
            SimpleNamespace(
                objective=objective,
                features="independent",
                views=views,
                encoder="linear",
                directions="encoder",
                condition=condition,
                settings=case,
                label=Label(label),
                note="",
                n_represented=5.0 if label == A else 20.0,
                n_active=5,
            )
        )
    return found


def along(objective, ps, labels, **settings):
    """A line: one label for each p."""
    return [
        (objective, label, settings | {"feature_probability": p})
        for p, label in zip(ps, labels, strict=True)
    ]


PS = (1.0, 0.464159, 0.1, 0.0464159, 0.01)


def test_nothing():
    assert answer([]) == "There is nothing to judge: the results have no rows."


@pytest.mark.parametrize(
    ("label", "words"),
    [
        (M, "Under mse, features take interference-minimising directions in its one condition."),
        (
            A,
            "Under mse, features take interference-minimising directions in its one condition "
            "(with no more features than dimensions).",
        ),
        (
            R,
            "Under mse, features do not take interference-minimising directions in its one "
            "condition. They are not to be told from random directions (random).",
        ),
        (
            N,
            "Under mse, the one condition could not be judged. "
            "1 condition has no verdict because training had not converged.",
        ),
        (
            D,
            "Under mse, the one condition could not be judged. "
            "1 condition has no verdict because a seed diverged.",
        ),
    ],
)
def test_one_condition(label, words):
    assert answer(verdicts(("mse", label, {"feature_probability": 0.1}))) == words


@pytest.mark.parametrize(
    ("label", "why"),
    [
        (N, "training had not converged"),
        (D, "a seed diverged"),
        (U, "fewer than two features are represented"),
    ],
)
def test_none_judged(label, why):
    rows = along("mse", PS, [label] * 5) + along("infonce", PS, [label] * 5, views="mask")
    assert answer(verdicts(*rows)) == (
        "Under mse, none of the 5 conditions could be judged. "
        "Under infonce, none of the 5 conditions could be judged. "
        f"10 conditions have no verdict because {why}."
    )


def test_everything_random():
    rows = along("mse", PS, [R] * 5) + along("infonce", PS, [R] * 5, views="mask")
    assert answer(verdicts(*rows)) == (
        "Under mse, features do not take interference-minimising directions in any of the 5 "
        "conditions. They are not to be told from random directions (random). "
        "Under infonce, they do not in any of the 5 conditions. "
        "They are not to be told from random directions (random). "
        "So the objective does not decide it: none minimises anywhere it was judged."
    )


def test_the_objective_decides():
    rows = along("mse", PS, [A, M, M, M, M]) + along("infonce", PS, [S] * 5, views="mask")
    assert answer(verdicts(*rows)) == (
        "Under mse, features take interference-minimising directions in all 5 conditions "
        "(4 with more features than dimensions). Under infonce, they do not in any of the 5 "
        "conditions. They interfere more than random directions (seeking). "
        "So the objective decides it."
    )


def test_a_range_of_p_without_another_setting():
    assert answer(verdicts(*along("mse", PS, [P, P, M, M, M]))) == (
        "Under mse, features take interference-minimising directions in 3 of 5 conditions: "
        "from p = 0.1 down to 0.01. Elsewhere they spread more evenly or overlap less than "
        "random directions, but stay short of the "
        "best arrangement (partial) in 2 (from p = 1 down to 0.46). "
        "Within mse it follows p alone."
    )


def test_no_sparsity_axis():
    rows = [
        ("infonce", M if t > 0.2 else S, {"temperature": t, "views": "mask"})
        for t in (0.1, 0.3, 0.5, 1.0)
    ]
    assert answer(verdicts(*rows)) == (
        "Under infonce, features take interference-minimising directions in 3 of 4 conditions: "
        "at temperature 0.3 to 1. Elsewhere they interfere more than random directions (seeking) "
        "at temperature 0.1. Within infonce it follows temperature alone."
    )


def test_views_and_ranges_together():
    rows = [
        *along("mse", PS, [M] * 5),
        *along("infonce", PS, [P, M, M, M, M], views="identity"),
        *along("infonce", PS, [K, S, S, S, M], views="mask"),
        *along("infonce", PS, [N] * 5, views="resample"),
    ]
    assert answer(verdicts(*rows)) == (
        "Under mse, features take interference-minimising directions in all 5 conditions. "
        "Under infonce, they do in 5 of 15 conditions (5 could not be judged): with identity views "
        "from p = 0.46 down to 0.01 and with mask views at p = 0.01. "
        "Elsewhere they interfere more than random directions (seeking) in 3 (with mask views "
        "from p = 0.46 down to 0.046); fall together into a few directions (collapsed) with mask "
        "views at p = 1; spread more evenly or overlap less than random "
        "directions, but stay short of the best arrangement (partial) "
        "with identity views at p = 1. "
        "5 conditions have no verdict because training had not converged (under infonce, with "
        "resample views). "
        "So the objective alone does not decide it: within infonce it takes views and p together "
        "to tell, p above all (2 of 2 minimise at p = 0.01, none of 2 at p = 1)."
    )


def test_a_range_with_one_more_p_at_one_temperature():
    rows = [
        *along("infonce", PS, [P, M, M, M, M], views="identity", temperature=0.1),
        *along("infonce", PS, [P, P, M, M, M], views="identity", temperature=0.5),
    ]
    assert answer(verdicts(*rows)).startswith(
        "Under infonce, features take interference-minimising directions in 7 of 10 conditions: "
        "from p = 0.1 down to 0.01 (at temperature 0.1 also at p = 0.46). Elsewhere"
    )


def test_a_scattered_set_is_counted_instead_of_listed():
    settings = [(f"view{a}", t, p) for a in range(4) for t in (0.1, 0.2, 0.3, 0.4) for p in PS]
    rows = [
        (
            "infonce",
            M if (i * 7 + i // 5) % 3 else R,
            {"views": v, "temperature": t, "feature_probability": p},
        )
        for i, (v, t, p) in enumerate(settings)
    ]
    words = answer(verdicts(*rows))
    assert len(words) < 900
    assert words.startswith("Under infonce, features take interference-minimising directions in ")


def test_every_label_has_a_look():
    assert set(LOOKS) == set(Label)
    letters = [look.letter for look in LOOKS.values()]
    assert len(set(letters)) == len(letters)

"""The conditions that two runs share.

A condition is matched on every setting that varies in either run among the conditions of its
objective, features, views, encoder and directions: a value that one run fixes meets the same value
on the other's axis. A setting that both runs fix does not tell conditions apart. Where its two
values differ, that is a difference of the runs, which `settings.py` tells.
"""

from collections.abc import Sequence

from toysup.verdict import Verdict
from toysup.verdict.telling import WHO, full_case, varying

Pair = tuple[Verdict, Verdict]


def matched(
    first: Sequence[Verdict], second: Sequence[Verdict]
) -> tuple[list[Pair], list[Verdict], list[Verdict]]:
    """The pairs of equal conditions in the first's order, and what only one of the two has."""
    names = {
        who: sorted({n for run in (first, second) for n in varying(cases(run, who))})
        for who in dict.fromkeys(map(who_of, (*first, *second)))
    }

    def key(verdict: Verdict) -> tuple:
        case = full_case(verdict)
        return (*who_of(verdict), *(case.get(name) for name in names[who_of(verdict)]))

    there = {key(verdict): verdict for verdict in second}
    pairs = [(verdict, there[key(verdict)]) for verdict in first if key(verdict) in there]
    both = {key(verdict) for verdict, _ in pairs}
    return (
        pairs,
        [verdict for verdict in first if key(verdict) not in both],
        [verdict for verdict in second if key(verdict) not in both],
    )


def who_of(verdict: Verdict) -> tuple:
    return tuple(getattr(verdict, name) for name in WHO)


def cases(verdicts: Sequence[Verdict], who: tuple) -> list[dict]:
    return [full_case(verdict) for verdict in verdicts if who_of(verdict) == who]

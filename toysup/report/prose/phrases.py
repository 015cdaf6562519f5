"""Values of one setting as a phrase: "with mask views", "from p = 1 down to 0.1"."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from toysup.report.words import PROBABILITY, distinct, joined, readable

Case = dict[str, Any]  # the settings that vary, of one condition; None where one does not apply


@dataclass(frozen=True)
class Varying:
    """The settings that vary, in the order they are said in, with every value of each."""

    names: tuple[str, ...]
    values: dict[str, tuple]
    texts: dict[str, dict[Any, str]]


def varying(cases: Sequence[Case]) -> Varying:
    """The settings that take more than one value; p is said last."""
    known = list(dict.fromkeys(name for case in cases for name in case))
    known.sort(key=lambda name: name == PROBABILITY)
    values, texts = {}, {}
    for name in known:
        found = {case.get(name) for case in cases} - {None}
        values[name] = tuple(sorted(found, key=lambda v: (isinstance(v, str), v)))
        texts[name] = distinct(values[name])
    return Varying(tuple(name for name in known if len(values[name]) > 1), values, texts)


def consecutive(chosen: set, among: Sequence) -> list[list]:
    """The chosen values, cut where one that is not chosen lies between.

    >>> consecutive({1, 2, 5}, [1, 2, 3, 5])
    [[1, 2], [5]]
    """
    found: list[list] = [[]]
    for value in among:
        if value in chosen:
            found[-1].append(value)
        elif found[-1]:
            found.append([])
    return [run for run in found if run]


def phrase(name: str, chosen: set, refused: set, varying_settings: Varying) -> str:
    """The chosen values of one setting as words; a range may pass over values of neither set."""
    texts = varying_settings.texts[name]
    ordered = [v for v in varying_settings.values[name] if v in chosen or v in refused]
    if name == PROBABILITY:
        return probability_phrase(
            [[texts[v] for v in run] for run in consecutive(chosen, ordered[::-1])]
        )
    if name in ("views", "features"):
        words = joined([texts[v] for v in ordered if v in chosen], "or")
        return f"{'with' if name == 'views' else 'on'} {words} {name}"
    if name in ("encoder", "directions"):
        words = joined([texts[v] for v in ordered if v in chosen], "or")
        return f"with the {words} {name}"
    kinds = {type(value) for value in ordered}
    if kinds == {bool}:
        return joined([f"{'with' if v else 'without'} {readable(name)}" for v in sorted(chosen)])
    if str in kinds:
        return f"with {readable(name)} {joined([texts[v] for v in ordered if v in chosen], 'or')}"
    parts = []
    for run in consecutive(chosen, ordered):
        if len(run) > 2:
            parts.append(f"{texts[run[0]]} to {texts[run[-1]]}")
        else:
            parts += [texts[v] for v in run]
    return f"at {readable(name)} {joined(parts, 'or')}"


def probability_phrase(found: list[list[str]]) -> str:
    """Ranges of p, dense to sparse.

    >>> probability_phrase([["1"], ["0.1", "0.03", "0.01"]]), probability_phrase([["1"], ["0.1"]])
    ('at p = 1 and from p = 0.1 down to 0.01', 'at p = 1 and 0.1')
    """
    singles = joined([run[0] for run in found if len(run) == 1])
    parts = [f"at p = {singles}"] if singles else []
    parts += [f"from p = {run[0]} down to {run[-1]}" for run in found if len(run) > 1]
    return joined(parts)

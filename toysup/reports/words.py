"""Numbers, settings and lists as an English sentence has them."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from toysup.files import shown

PROBABILITY = "feature_probability"
SHORT_NAMES = {PROBABILITY: "p"}


def plain(value: float, digits: int = 2) -> str:
    """A setting's value as briefly as it can be said: 1, 0.46, 0.01, 1024.

    >>> plain(0.464159), plain(1.0), plain(1024), plain(0.00012)
    ('0.46', '1', '1024', '0.00012')
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if value == round(value) and abs(value) < 1e6:
        return str(int(value))
    return f"{value:.{digits}g}"


def duration(seconds: float) -> str:
    """Seconds as a reader says them, in one unit or two.

    >>> duration(0.2), duration(47.6), duration(190), duration(3600 * 5.5)
    ('1 s', '48 s', '3 min 10 s', '5 h 30 min')
    """
    seconds = max(1, round(seconds))
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {seconds} s"
    return f"{minutes // 60} h {minutes % 60} min"


def distinct(values: Iterable[Any]) -> dict[Any, str]:
    """Each value as text, with as few digits as tell all of them apart.

    >>> distinct([0.1, 0.121, 0.123])
    {0.1: '0.1', 0.121: '0.121', 0.123: '0.123'}
    """
    values = list(dict.fromkeys(values))
    for digits in range(2, 18):
        texts = [plain(value, digits) for value in values]
        if len(set(texts)) == len(texts):
            break
    return dict(zip(values, texts, strict=True))


def decimals(value: float | None, places: int = 2) -> str:
    """A measured number; an en dash where it is not known, and no minus sign on zero.

    >>> decimals(0.968), decimals(float("nan")), decimals(-0.0001)
    ('0.97', '–', '0.00')
    """
    if value is None or not math.isfinite(value):
        return "–"  # noqa: RUF001
    return f"{round(value, places) + 0:.{places}f}"


def with_error(value: float, error: float) -> str:
    """A number with its error, both to the place of the error's second digit.

    >>> with_error(0.97093, 0.1934), with_error(29.083, 0.529), with_error(0.5, 0.0)
    ('0.97 ± 0.19', '29.08 ± 0.53', '0.5000 ± 0')
    """
    if not (math.isfinite(value) and math.isfinite(error)) or error <= 0:
        return f"{decimals(value, 4)} ± {error:.2g}"
    places = max(0, 1 - math.floor(math.log10(error)))
    return f"{decimals(value, places)} ± {decimals(error, places)}"


def short(value: float | None) -> str:
    """Two decimals, or one from 10 on: never over five letters below 1000."""
    return decimals(value, 1 if value is not None and abs(value) >= 9.995 else 2)


def span(low: float, high: float) -> str:
    """A number, or a range where its ends differ as they are shown.

    >>> span(0.911, 0.914), span(0.5, 0.75)
    ('0.91', '0.50 to 0.75')
    """
    first, last = short(low), short(high)
    return first if first == last else f"{first} to {last}"


def joined(parts: Sequence[str], last: str = "and", separator: str = ", ") -> str:
    """A list in prose.

    >>> joined(["a", "b", "c"]), joined(["a", "b"], "or")
    ('a, b and c', 'a or b')
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{separator.join(parts[:-1])} {last} {parts[-1]}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """
    >>> counted(1, "seed"), counted(3, "condition"), counted(2, "matrix", "matrices")
    ('1 seed', '3 conditions', '2 matrices')
    """
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def readable(name: str) -> str:
    """A setting's name in prose."""
    return SHORT_NAMES.get(name, name.replace("_", " "))


def label_of(name: str, value: Any) -> str:
    """One setting in a heading: "mask views", "temperature 0.1", "p = 0.1"."""
    if isinstance(value, str):  # the path of a file may hold anything
        value = shown.line(value)
    if name in ("views", "features"):
        return f"{value} {name}"
    if name in ("encoder", "directions"):
        return f"{value} {name}"
    if isinstance(value, bool):
        return readable(name) if value else f"no {readable(name)}"
    sign = " = " if name in SHORT_NAMES else " "
    return f"{readable(name)}{sign}{plain(value, 3)}"


def name_of(case: dict[str, Any]) -> str:
    """A condition in one line, from what tells it apart; p comes last.

    >>> name_of({"objective": "infonce", "feature_probability": 0.1, "views": "mask"})
    'infonce · mask views · p = 0.1'
    """
    own = sorted(case.items(), key=lambda item: (item[0] == PROBABILITY, item[0] != "objective"))
    parts = [shown.line(x) if name == "objective" else label_of(name, x) for name, x in own]
    return " · ".join(parts)


def bracketed(words: str) -> str:
    return f" ({words})" if words else ""

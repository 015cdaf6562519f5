"""A page of HTML that opens offline: no script, no font, nothing from elsewhere.

Its template extends `base.html`, which has the style of all pages.
"""

import functools
import re
from importlib.resources import files

from toysup.files import shown
from toysup.reports.remarks import remarks
from toysup.reports.words import decimals, short, span


def rendered(template: str, **values) -> str:
    """The HTML of a template of this folder: the same text for the same values."""
    return environment().get_template(template).render(**values)


@functools.cache
def environment():
    """What templates are compiled in, once each in a process."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    made = Environment(
        loader=FunctionLoader(source),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=displayed,
    )
    made.filters |= {"decimals": decimals, "short": of_number, "span": of_range}
    made.filters |= {"unbroken": unbroken, "remarks": remarks}
    return made


def source(template: str) -> str:
    return files("toysup.reports").joinpath(template).read_text(encoding="utf-8")


def displayed(value):
    """What a place of the page gets: of a text, what nothing but a reader obeys."""
    from markupsafe import Markup

    return shown.line(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def preformatted(text: str) -> str:
    """A text that keeps its lines."""
    from markupsafe import Markup, escape

    return Markup("\n").join(escape(line) for line in shown.lines(text).split("\n"))


def minus(words: str) -> str:
    """Numbers with a true minus sign."""
    return re.sub(r"-(?=\d)", "\N{MINUS SIGN}", words)


def of_number(value: float | None) -> str:
    return minus(short(value))


def of_range(ends: tuple[float, float]) -> str:
    return minus(span(*ends))


def unbroken(words: str) -> str:
    """Prose whose "p = 0.1" does not break over a line."""
    return words.replace("p = ", "p\u00a0=\u00a0")

"""A matplotlib Figure as the bytes of a PNG, or as an element of a page."""

import io
import re

from toysup.report.figures import BAND, COLOURS, INK, MUTED, PAPER, RULE, STYLE

DOTS_PER_INCH = 160


def png(figure) -> bytes:
    """The figure as a PNG on white paper."""
    from matplotlib import rc_context

    buffer = io.BytesIO()
    with rc_context(STYLE):
        figure.savefig(buffer, format="png", dpi=DOTS_PER_INCH, facecolor=PAPER)
    return buffer.getvalue()


def svg(figure) -> str:
    """The figure as an SVG element for a page, its colours named so that the page can set them."""
    from matplotlib import rc_context

    buffer = io.StringIO()
    with rc_context(STYLE):
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", text, count=1)
    names = {INK: "ink", MUTED: "muted", RULE: "rule", BAND: "band", PAPER: "paper"}
    names |= {colour: f"line-{number}" for number, colour in enumerate(COLOURS)}
    for colour, name in names.items():
        text = text.replace(colour, f"var(--{name})")
    return text

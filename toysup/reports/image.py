"""A matplotlib Figure as a file, as the bytes of a PNG, or as an element of a page."""

import hashlib
import io
import re
from pathlib import Path

from toysup.errors import ToysupError
from toysup.files import shown
from toysup.files.deliver import deliver
from toysup.reports.style import BAND, COLOURS, INK, MUTED, PAPER, RULE, STYLE

DOTS_PER_INCH = 160
CSS_INCH = 96  # pixels
MARGIN = 6  # points
LARGER = 1.4  # than drawn, at most, so that a small figure does not shout on a wide page


def write(figure, path: Path) -> None:
    """Write the figure to a file of the kind that its name ends with."""
    makers = {".png": png, ".svg": plain_svg}
    if path.suffix not in makers:
        raise ToysupError(f"{path}: a picture's name ends with {' or '.join(makers)}.")
    deliver(path, makers[path.suffix](figure))


def make_readable(figure) -> None:
    """Escape what is no letter in the words of a figure; what is no right formula is a text."""
    from matplotlib.mathtext import MathTextParser
    from matplotlib.text import Text

    parser = MathTextParser("path")
    for words in figure.findobj(Text):
        text = shown.lines(words.get_text())
        if text != words.get_text():
            words.set_text(text)
        if words.get_parse_math() and text.count("$") > 1:
            try:
                parser.parse(text)
            except ValueError:
                words.set_parse_math(False)


def png(figure) -> bytes:
    """The figure as a PNG on white paper."""
    from matplotlib import rc_context

    make_readable(figure)
    buffer = io.BytesIO()
    with rc_context(STYLE):
        figure.savefig(buffer, format="png", dpi=DOTS_PER_INCH, facecolor=PAPER)
    return buffer.getvalue()


def plain_svg(figure, transparent: bool = False) -> bytes:
    """The figure as an SVG file; the same bytes each time."""
    from matplotlib import rc_context

    make_readable(figure)
    buffer = io.BytesIO()
    with rc_context(STYLE):
        figure.savefig(buffer, format="svg", transparent=transparent, metadata={"Date": None})
    return buffer.getvalue()


def svg(figure) -> str:
    """The figure as an SVG element for a page, its colours named so that the page can set them."""
    text = plain_svg(figure, transparent=True).decode()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", text, count=1)
    largest = f'style="max-width: {LARGER * figure.get_figwidth() * CSS_INCH:.0f}px"'
    text = re.sub(r'(<svg[^>]*?) width="[^"]*"', rf"\1 {largest}", text, count=1)
    text = re.sub(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', widened, text, count=1)
    names = {INK: "ink", MUTED: "muted", RULE: "rule", BAND: "band", PAPER: "paper"}
    names |= {colour: f"line-{number}" for number, colour in enumerate(COLOURS)}
    for colour, name in names.items():
        text = text.replace(colour, f"var(--{name})")
    return own_ids(text)


def own_ids(text: str) -> str:
    """An SVG element whose ids no other figure of a page has, without those that nothing uses."""
    prefix = f"f{hashlib.sha256(text.encode()).hexdigest()[:8]}-"
    used = set(re.findall(r'(?:url\(#|href="#)([^")]+)', text))
    text = re.sub(r'(url\(#|href="#)', rf"\1{prefix}", text)
    return re.sub(
        r' id="([^"]+)"',
        lambda found: f' id="{prefix}{found[1]}"' if found[1] in used else "",
        text,
    )


def widened(box: re.Match) -> str:
    """A view box with a margin: the reader's font may be larger than that of the layout."""
    width, height = (float(size) + 2 * MARGIN for size in box.groups())
    return f'viewBox="{-MARGIN} {-MARGIN} {width:g} {height:g}"'

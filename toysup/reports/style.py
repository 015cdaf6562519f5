"""What all pictures look like: ink, colours and fonts."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.typing import RcKeyType

INK, MUTED, RULE, BAND, PAPER = "#1c2127", "#5b6470", "#d5d9de", "#e9ebee", "#ffffff"
# Okabe and Ito 2008, "Color universal design": told apart under every common colour blindness.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
DASHES = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (5, 2, 1.5, 2)))
STYLE: "dict[RcKeyType, Any]" = {
    "font.family": "sans-serif",
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.7,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "svg.fonttype": "none",  # the reader's own font, selectable
    "svg.hashsalt": "toysup",
}


def literal(words: str) -> str:
    r"""Words that come from a sweep or a file, as matplotlib draws them: a $ is no formula.

    >>> literal("$x$")
    '\\$x\\$'
    """
    return words.replace("$", r"\$")

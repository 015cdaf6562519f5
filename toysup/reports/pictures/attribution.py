"""What decides: the share of the variance of each outcome that each setting has, as bars."""

import numpy as np

from toysup.reports.pictures._picture import Picture
from toysup.reports.shapley import Share, Shares
from toysup.reports.style import COLOURS, MUTED, RULE, STYLE
from toysup.reports.words import readable

SEEDS, INTERACTIONS = "seeds", "interactions, shared out above"
THICK = 0.26  # of a bar, where three share a row


def bars(settings: tuple[str, ...], of: Shares) -> list[tuple[str, Share]]:
    """The rows of one outcome, from the top: each setting, what seeds differ by, interactions."""
    named = [(readable(name), share) for name, share in zip(settings, of.settings, strict=True)]
    return [*named, (SEEDS, of.seeds), (INTERACTIONS, of.interactions)]


class Attribution(Picture):
    """What decides: the Shapley shares of the settings of a balanced sweep."""

    title = "What decides"
    caption = (
        "The share of the variance of three outcomes over all cells of a full factorial that each "
        "setting has: the minimisation index (an index under -1 counts as -1), the mean share that "
        "read-outs leave unexplained, and the label that each seed has from its own numbers. A "
        "setting's share is its main effect and an equal part of each interaction that it is in "
        "(Shapley effects, Owen 2014). The lines are 95% intervals of a bootstrap over seeds."
    )

    def draw(self, findings):
        """A matplotlib Figure of the shares; of the reason where there are none."""
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        found = findings.attribution
        with rc_context(STYLE):
            if found.reason:
                figure = Figure(figsize=(7, 0.8), layout="constrained")
                figure.text(0.01, 0.5, found.reason, va="center", wrap=True)
                return figure
            rows = len(found.settings) + 2
            figure = Figure(figsize=(7.6, 0.9 + 0.5 * rows), layout="constrained")
            axis = figure.subplots()
            for number, (outcome, of) in enumerate(found.outcomes.items()):
                shown = [share for _, share in bars(found.settings, of)]
                values = np.array([share.value for share in shown])
                errors = [[s.value - s.low for s in shown], [s.high - s.value for s in shown]]
                at = np.arange(rows) + (number - 1) * THICK
                style = {"height": THICK, "color": COLOURS[number], "label": outcome}
                axis.barh(at, values, xerr=np.maximum(errors, 0), ecolor=MUTED, **style)
            names = [name for name, _ in bars(found.settings, next(iter(found.outcomes.values())))]
            axis.set_yticks(np.arange(rows), labels=names)
            axis.invert_yaxis()
            axis.axhline(len(found.settings) - 0.5, color=RULE, linewidth=0.8)
            axis.set_xlabel("share of the variance")
            axis.set_xlim(0, None)
            axis.legend(frameon=False, loc="lower right")
        return figure

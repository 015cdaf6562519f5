"""The pictures of each condition: W^T W or arrows, cosines, and loss curves of every seed."""

from collections.abc import Sequence

import numpy as np

from toysup.columns.fixed import KEY
from toysup.reports import thumbnails
from toysup.reports.page.conditions import Condition
from toysup.verdict.rows import matrices

ONE_LINE = 18  # letters of a label that fit beside nothing on a card


def blocks(findings, every: Sequence[Condition]) -> list[dict]:
    """The cards of every condition, line by line."""
    rows = dict(list(findings.rows.groupby(KEY, sort=False)))
    found: dict[int, dict] = {}
    for c in every:
        block = found.setdefault(id(c.line), {"line": c.line, "tall": False, "cards": []})
        block["tall"] |= len(c.point.label) > ONE_LINE or bool(c.point.idle)
        block["cards"].append(card(c, rows[c.point.condition, c.point.directions]))
    return list(found.values())


def card(condition: Condition, rows) -> dict:
    """One condition with its pictures, of the seed with the lowest loss."""
    v, frame = condition.verdict, rows.sort_values("seed")
    W = matrices(frame)
    found = {"condition": condition, "pictures": v.best is not None}
    if v.best:
        best = int(np.flatnonzero(frame["seed"] == v.best.seed)[0])
        finite = np.isfinite(W).all(axis=(1, 2))
        curves = np.stack([np.asarray(c, dtype=float) for c in frame["loss_curve"]])
        steps = int(v.settings.get("steps", curves.shape[1]))
        found |= {
            "gram": thumbnails.gram(W[best]),
            "arrows": thumbnails.arrows(W[best]) if v.d_hidden in thumbnails.DRAWN else [],
            "cosines": thumbnails.cosine_plot(W[finite]),
            "loss": thumbnails.loss_plot(curves, frame["seed"].tolist(), v.best.seed, steps),
        }
    return found

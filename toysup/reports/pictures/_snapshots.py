"""The directions at some steps of a run, in the plane or as seen from a corner of space."""

import numpy as np

from toysup.reports.style import COLOURS, MUTED, RULE

SHOWN = 6  # snapshots
SEEN_FROM = np.array([[0.80, -0.55, 0.25], [0.15, 0.36, 0.92]])  # x and y of the page, in space


def of(column) -> list[int]:
    """The records to show: after each equal share of how far all features move; none in more than
    three dimensions."""
    if column.W.shape[1] > 3:
        return []
    moved = np.linalg.norm(np.diff(column.W, axis=0), axis=(1, 2))
    done = np.r_[0, np.cumsum(moved)] / max(moved.sum(), 1e-12)
    chosen = [int(np.searchsorted(done, share - 1e-9)) for share in np.linspace(0, 1, SHOWN)]
    last = len(done) - 1
    return sorted({*(min(record, last) for record in chosen[:-1]), last})


def on_page(W: np.ndarray) -> np.ndarray:
    """Columns of W, (steps, d, n), as points of the page, (steps, 2, n).

    Space is turned so that at the end the first features lie along its axes.
    """
    if W.shape[1] < 3:
        return np.concatenate([W, np.zeros_like(W)], axis=1)[:, :2]
    Q, R = np.linalg.qr(W[-1])
    return SEEN_FROM @ ((Q * np.sign(np.diag(R))).T @ W)


def draw(part, place, column, records: list[int]) -> None:
    """A row of small drawings, each with its step."""
    strip = place.subgridspec(1, len(records), wspace=0)
    points = on_page(column.W)
    reach = 1.15 * np.abs(points[records]).max()
    for cell, record in zip(strip, records, strict=True):
        axis = part.add_subplot(cell)
        axis.set_axis_off()
        axis.set_aspect("equal")
        axis.set_xlim(-reach, reach)
        axis.set_ylim(-reach, reach)
        for group in np.unique(column.groups):
            colour = COLOURS[group % len(COLOURS)]
            x, y = points[record][:, column.groups == group]
            if len(x) > 2:
                axis.fill(x, y, color=colour, alpha=0.18, linewidth=0)
            for tip in zip(x, y, strict=True):
                axis.plot([0, tip[0]], [0, tip[1]], color=colour, linewidth=1.3)
                axis.plot(*tip, "o", color=colour, markersize=3.2)
        axis.plot(0, 0, "o", color=RULE, markersize=2)
        words = f"{column.steps[record]:,}"
        axis.set_title(words, fontsize=7.5, color=MUTED, pad=1)

"""W, its recorded path and the losses of every seed, as text that the page's script draws from.

W is written with one byte a number, over its largest entry: -127 to 127. That is as fine as a
picture of a hundred pixels can show, and everything that is drawn of W is free of scale.
"""

import base64
import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from toysup.columns.fixed import KEY
from toysup.reports.page.conditions import Condition
from toysup.reports.thumbnails import LARGEST_MATRIX, LOSS_POINTS, null_histogram, sampled
from toysup.verdict.restarts import compared_loss
from toysup.verdict.rows import matrices

NEEDED = (
    *("seed", "loss", "loss_curve", "W", "d_hidden", "n_features"),
    *("recorded_W", "recorded_steps"),
)
COMPARED = "compared_loss"  # the exact loss if it is known, else the measured one
MOST_BYTES = (
    6_000_000  # of all matrices; where they take more, seeds with higher losses are left out
)


def seeds(findings, every: Sequence[Condition], with_curves: bool) -> Any:
    """JSON of the seeds of every condition, as a script element of a page holds it."""
    from markupsafe import Markup

    columns = findings.rows.columns.intersection([*KEY, *NEEDED])
    compared = findings.rows[columns].assign(**{COMPARED: compared_loss(findings.rows)})
    rows = dict(list(compared.groupby(KEY, sort=False)))
    most, room = seeds_that_fit(every), MOST_BYTES // max(1, len(every))
    found = {
        c.id: of_condition(c, rows[c.point.condition, c.point.directions], most, room, with_curves)
        for c in every
    }
    nulls = {
        m: np.round(null_histogram(m), 5).tolist() for m in {c.verdict.d_hidden for c in every}
    }
    text = json.dumps({"conditions": found, "nulls": nulls}, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # nothing in it ends the element


def seeds_that_fit(every: Sequence[Condition]) -> int:
    """How many seeds of each condition there is room for, at least the one with the lowest loss."""
    sizes = [v.d_hidden * min(v.n_features, LARGEST_MATRIX) for v in (c.verdict for c in every)]
    return max(1, int(MOST_BYTES / max(1, sum(sizes) * 4 / 3)))


def of_condition(condition: Condition, rows, most: int, room: int, with_curves: bool) -> dict:
    """The seeds of a condition by their losses, the lowest first: numbers, losses and matrices.

    The first is the seed that the verdict has as its best.
    `room` is how many bytes the recorded matrices of a condition may take.
    """
    frame = rows.sort_values(COMPARED, kind="stable").iloc[:most]
    W = matrices(frame)[..., :LARGEST_MATRIX]
    v = condition.verdict
    found: dict[str, Any] = {
        "m": v.d_hidden,
        "n": int(W.shape[-1]),
        "seeds": frame["seed"].tolist(),
        "losses": [f"{loss:.4g}" for loss in frame["loss"]],
        "W": [packed(one) for one in W],
    }
    found |= trajectories(frame, v.d_hidden, v.n_features, room)
    if with_curves:
        curves = np.stack([np.asarray(c, dtype=float) for c in frame["loss_curve"]])
        known = curves[np.isfinite(curves)]
        low, high = (known.min(), known.max()) if known.size else (0.0, 1.0)
        scaled = 255 * (curves[:, sampled(curves.shape[1])] - low) / max(high - low, 1e-12)
        bytes_ = np.nan_to_num(scaled, nan=255, posinf=255).clip(0, 255).astype(np.uint8)
        steps = int(v.settings.get("steps", curves.shape[1]))
        found |= {"curves": [encoded(row) for row in bytes_], "points": LOSS_POINTS}
        found |= {"low": f"{low:.2g}", "high": f"{high:.2g}", "steps": steps}
    return found


def trajectories(frame, m: int, n: int, room: int) -> dict:
    """The recorded matrices of each seed, each over the largest entry of its own trajectory.

    Nothing where no run was recorded, or where W is cut or the recordings take too much room.
    """
    if "recorded_W" not in frame or n > LARGEST_MATRIX or frame["recorded_W"].isna().any():
        return {}
    paths = [np.asarray(path, dtype=float) for path in frame["recorded_W"]]
    if not paths or sum(path.size for path in paths) * 4 / 3 > room:
        return {}
    steps = np.asarray(frame["recorded_steps"].iloc[0]).tolist()
    return {"recorded": steps, "paths": [packed(p.reshape(len(steps), m, n)) for p in paths]}


def packed(W: np.ndarray) -> str:
    """A matrix as bytes over its largest entry; "" where it has a number that is not finite."""
    if not np.isfinite(W).all():
        return ""
    return encoded(np.round(127 * W / max(float(np.abs(W).max()), 1e-30)).astype(np.int8))


def encoded(values: np.ndarray) -> str:
    return base64.b64encode(values.tobytes()).decode()

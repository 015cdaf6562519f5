"""Small pictures of one condition for the page, as SVG paths and images."""

import base64
import io
import math
from typing import Any

import numpy as np

from toysup.metrics.represented import cosines, represented
from toysup.reports.words import plain

BINS = 41  # of the cosine, from -1 to 1; orthogonal pairs are in the middle of one
WIDTH, HEIGHT = 120.0, 46.0  # of a plot, in its own units
MARGIN = 27.0  # beside a loss curve, for the numbers on its axis
LOSS_POINTS = 32  # of a loss curve, evenly spread over the logarithm of the steps
LARGEST_MATRIX = 100  # features drawn of W^T W: the first; beyond it a cell is hardly a pixel
# Of entries of a matrix: told apart under every colour blindness, and by lightness in grey.
NEGATIVE, POSITIVE = (42, 111, 187), (232, 128, 43)
DRAWN = (2, 3)  # dimensions in which directions are drawn as arrows
TURN, TILT = 0.6, 0.35  # radians: how a sphere is seen
NUMBERED = 12  # arrows that can carry a number each


def path(xs, ys) -> str:
    """An SVG polyline's path; a point that is not finite ends a piece."""
    words, pen = [], "M"
    for x, y in zip(xs, ys, strict=True):
        if math.isfinite(y):
            words.append(f"{pen}{x:.1f} {y:.1f}".replace(".0 ", " ").removesuffix(".0"))
            pen = "L"
        else:
            pen = "M"
    return "".join(words)


def histogram(W: np.ndarray) -> np.ndarray:
    """The share of represented pairs in each bin of the cosine, pooled over seeds `(seeds, m, n)`.

    NaN throughout where there is no pair.
    """
    c, pairs = cosines(W)
    counts, _ = np.histogram(c[pairs], bins=BINS, range=(-1.0, 1.0 + 1e-9))
    return counts / counts.sum() if counts.sum() else np.full(BINS, np.nan)


def null_histogram(m: int) -> np.ndarray:
    """The same for random directions: (c + 1) / 2 ~ Beta((m - 1) / 2, (m - 1) / 2)."""
    from scipy.special import betainc  # a second less than scipy.stats

    edges = np.linspace(0, 1, BINS + 1)
    if m == 1:
        return np.where((np.arange(BINS) == 0) | (np.arange(BINS) == BINS - 1), 0.5, 0.0)
    return np.diff(betainc((m - 1) / 2, (m - 1) / 2, edges))


def steps(shares: np.ndarray, top: float) -> str:
    """A histogram's outline. Heights are square roots, so that a spike leaves the rest visible."""
    xs = np.repeat(np.linspace(0, WIDTH, BINS + 1), 2)
    heights = np.sqrt(shares / top) * (HEIGHT - 2)
    ys = HEIGHT - np.concatenate([[0], np.repeat(heights, 2), [0]])
    return path(xs, ys) if np.isfinite(shares).all() else ""


def cosine_plot(W: np.ndarray) -> dict[str, str]:
    """Paths of the observed and of the null histogram, on one scale."""
    shares, null = histogram(W), null_histogram(W.shape[-2])
    top = float(np.nanmax(np.concatenate([shares, null])))
    return {"observed": steps(shares, top), "null": steps(null, top), "top": f"{top:.4g}"}


def sampled(points: int) -> np.ndarray:
    """The places of a loss curve that are drawn, `(LOSS_POINTS,)`; early ones may be the same."""
    return np.geomspace(1, points, LOSS_POINTS).round().astype(int) - 1


def loss_plot(curves: np.ndarray, seeds: list[int], best: int, steps: int) -> dict:
    """Paths of every seed's loss curve `(seeds, points)` over the logarithm of the steps."""
    curves = np.where(np.isfinite(curves), curves, np.nan)
    points = curves.shape[1]
    low, high = np.nanmin(curves, initial=np.inf), np.nanmax(curves, initial=-np.inf)
    if not math.isfinite(low) or points < 2:
        return {"paths": []}
    chosen = np.unique(sampled(points))
    xs = np.log(chosen + 1) / math.log(points) * WIDTH
    ys = 2 + (HEIGHT - 4) * (high - curves[:, chosen]) / max(high - low, 1e-12)
    paths = [
        {"seed": seed, "path": path(xs, y), "best": seed == best}
        for seed, y in zip(seeds, ys, strict=True)
    ]
    return {
        "paths": sorted(paths, key=lambda one: one["best"]),  # the best lies above the others
        "low": f"{low:.2g}",
        "high": f"{high:.2g}",
        "first": plain(steps / points),
        "last": f"{steps:,}",
    }


def image(values: np.ndarray) -> str:
    """A picture of values in [-1, 1], one pixel each, as a data URI.

    The colour is the sign and the opacity the size, so that 0 is the paper, dark or light.
    """
    from matplotlib.image import imsave

    pixels = np.empty((*values.shape, 4), dtype=np.uint8)
    pixels[..., :3] = np.where(values[..., None] < 0, NEGATIVE, POSITIVE)
    pixels[..., 3] = (np.abs(values).clip(0, 1) * 255).round()
    buffer = io.BytesIO()
    nameless: Any = {"Software": None}  # None leaves the entry out; matplotlib's types want texts
    imsave(buffer, pixels, format="png", metadata=nameless)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def gram(W: np.ndarray) -> str:
    """W^T W over its largest entry, features in their own order."""
    W = W[:, :LARGEST_MATRIX]
    G = W.T @ W
    return image(G / max(np.abs(G).max(), 1e-30))


def head(x: float, y: float) -> str:
    """The triangle at the end of an arrow from the origin to (x, y)."""
    length = max(math.hypot(x, y), 1e-9)
    along, across = (x / length, y / length), (-y / length, x / length)
    corners = [(0.03, 0), (-0.13, 0.065), (-0.13, -0.065)]
    points = [
        (x + a * along[0] + b * across[0], y + a * along[1] + b * across[1]) for a, b in corners
    ]
    return "M" + "L".join(f"{px:.3f} {py:.3f}" for px, py in points) + "Z"


def arrows(W: np.ndarray) -> list[dict]:
    """Each column of W as an arrow, the longest of length one; y points up.

    Two rows are a plane. Three are a sphere, seen turned by `TURN` and tilted by `TILT`, the arrows
    at its back first.
    """
    longest = max(float(np.linalg.norm(W, axis=0).max()), 1e-30)
    x, y, depth = projected(W / longest, TURN)
    kept = represented(W)
    return [
        arrow(i, float(x[i]), float(y[i]), bool(kept[i]), bool(depth[i] < 0), W.shape[1])
        for i in np.argsort(depth, kind="stable").tolist()
    ]


def projected(W: np.ndarray, turn: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns of W `(2, n)` or `(3, n)` on the paper, and how far each is in front of it."""
    if len(W) == 2:
        return W[0], W[1], np.zeros(W.shape[1])
    x = W[0] * math.cos(turn) + W[2] * math.sin(turn)
    away = W[2] * math.cos(turn) - W[0] * math.sin(turn)
    y = W[1] * math.cos(TILT) - away * math.sin(TILT)
    return x, y, W[1] * math.sin(TILT) + away * math.cos(TILT)


def arrow(number: int, x: float, y: float, kept: bool, back: bool, of: int) -> dict:
    """One arrow as SVG has it; those at the back of a sphere are pale."""
    length = max(math.hypot(x, y), 1e-9)
    label = (x * (1 + 0.14 / length), -y * (1 + 0.14 / length)) if length > 0.15 else None
    return {
        "x": f"{x:.3f}",
        "y": f"{-y:.3f}",
        "head": head(x, -y),
        "kept": kept,
        "back": back,
        "number": str(number) if label and of <= NUMBERED else "",
        "label": [f"{v:.3f}" for v in label or ()],
    }

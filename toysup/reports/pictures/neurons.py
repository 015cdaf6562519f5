"""Neurons as stacks of their weights. Elhage et al. 2022, Superposition in a Privileged Basis."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from toysup.columns.fixed import KEY
from toysup.metrics.selectivity import MONOSEMANTIC, shares
from toysup.reports.pictures._picture import Picture
from toysup.reports.style import COLOURS, INK, MUTED, PAPER, STYLE
from toysup.reports.words import joined, label_of, plain
from toysup.spec.cases import CASE_KEYS
from toysup.verdict.restarts import lowest

ALONG = "feature_probability"
MANY = 12  # units, beyond which a panel takes the whole width
SMALLEST = 0.03  # of the largest weight: a lower rectangle is not drawn
NUMBERED = 0.055  # of the height: a rectangle of a few that is higher has its feature's number
SILENCING = 0.4  # the opacity of weights that cannot fire a unit


@dataclass(frozen=True)
class Stack:
    """A panel: the units' weights and what they answer to, (units, features) both."""

    group: tuple[Hashable, ...]  # the directions, and what varies beside p
    p: float
    weights: np.ndarray
    answers: np.ndarray
    count: float  # features a unit
    mean: float  # that of all restarts

    @property
    def monosemantic(self) -> np.ndarray:
        return np.nan_to_num(shares(self.answers)).max(axis=-1) > MONOSEMANTIC


def matrix(row: pd.Series, *names: str) -> np.ndarray:
    """The first of these columns that there is, (units, features)."""
    found = next(row[name] for name in names if row[name] is not None)
    return np.asarray(found, dtype=float).reshape(int(row["d_hidden"]), int(row["n_features"]))


def order(answers: np.ndarray) -> np.ndarray:
    """Units by the feature that they answer to most, its positive side first; silent ones last."""
    most = np.abs(answers).argmax(axis=1)
    sign = np.sign(answers[np.arange(len(answers)), most])
    return np.lexsort((-sign, np.where(sign == 0, answers.shape[1], most)))


def stacks(rows: pd.DataFrame, settings: tuple[str, ...]) -> list[Stack]:
    """The panels: encoder before decoder, and dense to sparse."""
    varied = [n for n in (*CASE_KEYS, *settings) if n != ALONG and rows[n].nunique() > 1]
    means = rows.groupby(KEY)["features_per_neuron"].mean().to_dict()
    found = []
    for condition, sets in lowest(rows).groupby("condition"):
        sets = sets.set_index("directions")
        sets = sets.loc[sorted(sets.index, key=lambda name: (name != "encoder", name))]
        first = matrix(sets.iloc[0], "responses", "W")
        unit_order = order(first)
        scale = np.ones((len(first), 1))
        if {"encoder", "decoder"} <= set(sets.index):
            largest = np.abs(first).max(axis=1, keepdims=True)
            scale = np.where(largest > 0, largest, 1)
        for name, row in sets.iterrows():
            a = 1 / scale if name == "encoder" else scale
            found.append(
                Stack(
                    group=(name, *(row[n] for n in varied)),
                    p=row[ALONG],
                    weights=(a * matrix(row, "weights", "responses", "W"))[unit_order],
                    answers=(a * matrix(row, "responses", "W"))[unit_order],
                    count=row["features_per_neuron"],
                    mean=means[condition, name],
                )
            )
    return sorted(found, key=lambda stack: (stack.group[0] != "encoder", -stack.p))


def heading(group: tuple, rows: pd.DataFrame, settings: tuple[str, ...]) -> str:
    """What a group of panels is: "relu encoder", "decoder"."""
    varied = [n for n in (*CASE_KEYS, *settings) if n != ALONG and rows[n].nunique() > 1]
    name, *values = group
    words = [
        value if n == "objective" else label_of(n, value)
        for n, value in zip(varied, values, strict=True)
        if not pd.isna(value)
    ]
    several = rows["directions"].nunique() > 1 or not words
    return joined([*words, name] if several else words, last=",")


@dataclass(frozen=True)
class Rectangle:
    """A weight, between two heights: up above 0, down below it."""

    unit: int
    feature: int
    start: float
    end: float
    fires: bool


def rectangles(weights: np.ndarray, answers: np.ndarray) -> list[Rectangle]:
    """Those of the weights worth drawing, stacked by feature."""
    least = SMALLEST * max(np.abs(weights).max(initial=0), 1e-30)
    found = []
    for unit, row in enumerate(weights):
        ends = {True: 0.0, False: 0.0}
        for feature in np.flatnonzero(np.abs(row) > least):
            up, fires = bool(row[feature] > 0), bool(answers[unit, feature] != 0)
            start = ends[up]
            ends[up] += float(row[feature])
            found.append(Rectangle(unit, int(feature), start, ends[up], fires))
    return found


def heights(panels: list[Stack]) -> tuple[float, float]:
    """The lowest and the highest end of a stack, with a margin."""
    ends = [r.end for panel in panels for r in rectangles(panel.weights, panel.answers)]
    low, high = min(ends, default=0), max(ends, default=1)
    low, high = min(low, 0), max(high, 0)
    margin = 0.04 * (high - low)
    return low - (margin if low < 0 else 0), high + margin


def stack(axis, panel: Stack, limits: tuple[float, float], shade: Callable, few: bool) -> None:
    """One panel."""
    from matplotlib.collections import PolyCollection
    from matplotlib.colors import to_rgba

    drawn, alone = rectangles(panel.weights, panel.answers), panel.monosemantic
    fills = [
        to_rgba(COLOURS[0] if alone[r.unit] else shade(r.feature), 1 if r.fires else SILENCING)
        for r in drawn
    ]
    sides = np.array([-0.42, 0.42, 0.42, -0.42])
    corners = [np.c_[r.unit + sides, [r.start, r.start, r.end, r.end]] for r in drawn]
    edges = {"edgecolors": PAPER, "linewidths": 0.4 if few else 0.1}
    # Thousands of shapes are smaller as an image.
    axis.add_collection(PolyCollection(corners, facecolors=fills, **edges, rasterized=not few))
    low, high = limits
    for r in drawn if few else ():
        if abs(r.end - r.start) > NUMBERED * (high - low):
            middle, ink = (r.start + r.end) / 2, PAPER if r.fires else INK
            axis.text(r.unit, middle, r.feature, color=ink, ha="center", va="center", fontsize=7)
    axis.axhline(0, color=INK, linewidth=0.7)
    axis.set_xlim(-0.7, len(panel.weights) - 0.3)
    axis.set_ylim(low, high)
    axis.set_xticks([])
    axis.spines["bottom"].set_visible(False)
    axis.set_title(f"p = {plain(panel.p)}", loc="center" if few else "left", fontsize=9)
    counts = f"{panel.count:.1f} ({panel.mean:.1f})"
    place = {"xy": (0.5, -0.02), "ha": "center", "va": "top"}
    place = place if few else {"xy": (1.0, 1.03), "ha": "right", "va": "bottom"}
    axis.annotate(counts, xycoords="axes fraction", fontsize=8, color=MUTED, **place)


class Neurons(Picture):
    """Neurons as stacks of their weights."""

    title = "Neurons"
    caption = (
        "Each bar is a hidden unit of the restart with the lowest loss: its weights, stacked, "
        "those below 0 downwards. Pale ones never fire it and only silence it. Blue: a "
        "monosemantic unit, one feature has more than 95% of what it answers to, squared. In "
        "others the colour says which feature a weight is for. Units are in the order of the "
        "feature that they answer to most; where encoder and decoder have a matrix each, a unit"
        " is scaled so that its largest weight in the encoder is 1, and of many units the "
        "encoder alone is shown. In grey: features a unit, and in brackets the mean of all "
        "restarts. After the stack plots of Elhage et al. 2022, Superposition in a Privileged "
        "Basis and Computation in Superposition."
    )

    def draw(self, findings):
        """A panel for each p: side by side for a few units, one below the other for many."""
        from matplotlib import colormaps, rc_context
        from matplotlib.cm import ScalarMappable
        from matplotlib.colors import ListedColormap, PowerNorm
        from matplotlib.figure import Figure
        from matplotlib.patches import Patch
        from matplotlib.ticker import MaxNLocator

        rows, settings = findings.rows, findings.settings
        panels = stacks(rows, settings)
        units, features = np.max([panel.weights.shape for panel in panels], axis=0)
        few = units <= MANY
        if not few:  # a decoder's weights to features that it never shows would hide the rest
            panels = [panel for panel in panels if panel.group[0] != "decoder"]
        groups = list(dict.fromkeys(panel.group for panel in panels))
        across = list(dict.fromkeys(panel.p for panel in panels))
        shape = (len(groups), len(across)) if few else (len(across), len(groups))
        height = (2.7 if few else 1.3) * shape[0] + 0.9
        # Without the palest end of the map, which would vanish on paper.
        colours = ListedColormap(colormaps["plasma"](np.linspace(0, 0.9, 256)))
        # Of many features the first matter most, and are told apart best.
        shade = ScalarMappable(PowerNorm(1.0 if few else 0.5, 0, max(features - 1, 1)), colours)
        with rc_context(STYLE):
            figure = Figure(figsize=((1.55 if few else 7.4) * shape[1] + 0.6, height))
            figure.set_layout_engine("constrained")
            axes = figure.subplots(*shape, squeeze=False, sharey="row" if few else False)
            lines = axes if few else axes.T
            for panel in panels:
                axis = lines[groups.index(panel.group), across.index(panel.p)]
                beside = [other for other in panels if other.group == panel.group]
                limits = heights(beside if few else [panel])
                stack(axis, panel, limits, shade.to_rgba, few)
            for group, line in zip(groups, lines, strict=True):
                words = heading(group, rows, settings)
                if few:
                    line[0].set_ylabel(f"weights, {words}")
                else:
                    place = {"xy": (0.5, 1.06), "xycoords": "axes fraction", "ha": "center"}
                    line[0].annotate(words, **place, fontweight="bold", fontsize=10)
            if not all(panel.monosemantic.all() for panel in panels):
                scale = {
                    "fraction": 0.02,
                    "pad": 0.01,
                    "aspect": 35,
                    "ticks": MaxNLocator(integer=True),
                }
                bar = figure.colorbar(shade, ax=axes.ravel().tolist(), **scale)
                bar.set_label("feature of a polysemantic unit, by importance")
                bar.outline.set_visible(False)
                bar.ax.invert_yaxis()
            handle = Patch(color=COLOURS[0], label="monosemantic unit")
            figure.legend(handles=[handle], loc="outside lower left", frameon=False)
        return figure

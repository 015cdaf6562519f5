"""The directions of two-dimensional codes as arrows. Elhage et al. 2022, its first figure."""

import numpy as np

from toysup.metrics.related import related_cosine
from toysup.metrics.represented import n_represented
from toysup.reports.pictures._panels import Panel, groups, matrix, panels, table
from toysup.reports.pictures._picture import Picture
from toysup.reports.style import COLOURS, INK, MUTED, RULE, STYLE

TURNS = 240  # angles that a restart is tried at
SHORT = 0.05  # an arrow below this length is not drawn
SAME_PLACE = 0.15  # arrows whose ends are nearer share a label, and are those of another restart
SAME_COSINE = 0.1  # and the cosine between related features is the same when it is as near as this


def upright(W: np.ndarray) -> np.ndarray:
    """W, (2, n_features), turned so that its first column points up, or else its longest one."""
    a = np.linalg.norm(W, axis=0)
    x, y = W[:, 0 if a[0] > 0.3 * a.max() else a.argmax()]
    length = max(np.hypot(x, y), 1e-30)
    return np.array([[y, -x], [x, y]]) / length @ W


def align(W: np.ndarray, towards: np.ndarray) -> np.ndarray:
    """W, (2, n_features), turned or turned over so that its columns are near those of `towards`,
    in whatever order: of a polygon it does not matter which feature is at which corner."""
    angle = np.arange(TURNS) * 2 * np.pi / TURNS
    c, s = np.cos(angle), np.sin(angle)
    reflections = np.array([[[1, 0], [0, 1]], [[1, 0], [0, -1]]])
    turns = np.array([[c, -s], [s, c]]).transpose(2, 0, 1)[:, None] @ reflections
    tried = turns.reshape(-1, 2, 2) @ W
    distances = np.linalg.norm(tried[:, :, :, None] - towards[:, None, :], axis=1)
    distance = distances.min(axis=1).sum(axis=1) + distances.min(axis=2).sum(axis=1)
    return tried[distance.argmin()]


def aligned_restarts(panel: Panel) -> tuple[np.ndarray, np.ndarray, int, int]:
    """Of a condition: the lowest-loss W, the restarts' turned to it (restarts, 2, n_features), how
    many features it represents, and how many restarts have the same shape."""
    best = upright(panel.W)
    every = np.array([matrix(row) for _, row in panel.rows.iterrows()])
    every = np.array([align(W, best) for W in every[np.isfinite(every).all(axis=(1, 2))]])
    alike = same_shape(every, best)
    if (group := groups(panel.best)) is not None:
        partners = (group[:, None] == group) & ~np.eye(len(group), dtype=bool)
        cosine = related_cosine(np.concatenate([every, best[None]]), partners)
        alike &= np.abs(cosine[:-1] - cosine[-1]) < SAME_COSINE
    return best, every, int(n_represented(best)), int(alike.sum())


def same_shape(every: np.ndarray, best: np.ndarray) -> np.ndarray:
    """Which of the turned restarts (restarts, 2, n_features) have an arrow's end where `best`, (2,
    n_features), has one, and nowhere else."""
    apart = np.linalg.norm(every[:, :, :, None] - best[:, None, :], axis=1)
    return (apart.min(axis=1) < SAME_PLACE).all(axis=1) & (apart.min(axis=2) < SAME_PLACE).all(
        axis=1
    )


def group_ends(W: np.ndarray) -> list[list[int]]:
    """The columns of W, (2, n_features), that have a length, with those that end in one place
    together: they share a label."""
    found: list[list[int]] = []
    for i in np.flatnonzero(np.linalg.norm(W, axis=0) >= SHORT).tolist():
        near = [group for group in found if np.linalg.norm(W[:, i] - W[:, group[0]]) < SAME_PLACE]
        if near:
            near[0].append(i)
        else:
            found.append([i])
    return found


def colours(panel: Panel) -> list:
    """One for each feature; the features of a group have the same."""
    group, n = groups(panel.best), panel.W.shape[1]
    if group is not None:
        return [COLOURS[k % len(COLOURS)] for k in group]
    from matplotlib import colormaps

    return [colormaps["viridis"](0.25 + 0.65 * i / max(1, n - 1)) for i in range(n)]


def arrows(axis, W: np.ndarray, colour: list, numbers: bool = True, size: float = 1.0) -> None:
    """The columns of W, (2, n_features), as numbered arrows from the origin."""
    style = {"arrowstyle": f"-|>,head_length={0.35 * size},head_width={0.16 * size}"}
    style |= {"shrinkA": 0, "shrinkB": 0, "linewidth": 1.5 * size}
    for i, (x, y) in enumerate(W.T):
        if np.hypot(x, y) < SHORT:
            continue
        arrow = axis.annotate("", (x, y), (0, 0), arrowprops=style | {"color": colour[i]})
        arrow.set_in_layout(False)  # it is inside, and takes long to measure
    for chosen in group_ends(W) if numbers else ():
        beyond = 0.22 + 0.1 * (len(chosen) - 1)
        x, y = W[:, chosen[0]] * (1 + beyond / np.linalg.norm(W[:, chosen[0]]))
        text = ", ".join(map(str, chosen))
        axis.text(x, y, text, color=colour[chosen[0]], fontsize=7.5, ha="center", va="center")


def plane(axis, radius: float) -> None:
    """A square of the plane with the unit circle."""
    from matplotlib.patches import Circle

    axis.add_patch(Circle((0, 0), 1, fill=False, color=RULE, linewidth=0.8, zorder=0))
    axis.set(xlim=(-radius, radius), ylim=(-radius, radius), aspect="equal", xticks=[], yticks=[])
    axis.spines[:].set_visible(False)


class Plane(Picture):
    """The directions of two-dimensional codes as arrows. Elhage et al. 2022, its first figure."""

    title = "The directions on the plane"
    caption = (
        "Each arrow is the direction of a feature in the lowest-loss restart, as long as its "
        "norm; the circle has radius 1, and feature 0 points up. Dots are the ends of the "
        "arrows of all restarts, each turned to fit the lowest-loss one, whichever feature is "
        "where. Below: how many features are represented, and how many restarts have the same "
        "shape (and, where features are related, the same cosine between those). After the "
        "first figure of Elhage et al. 2022."
    )

    def draw(self, findings):
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        shown = [
            p for p in panels(findings.rows, findings.settings, findings.axis) if len(p.W) == 2
        ]
        lines, columns = table(shown)
        with rc_context(STYLE):
            size = (1.65 * len(columns) + 0.9, 2.1 * len(lines) + 0.2)
            figure = Figure(figsize=size, layout="constrained")
            axes = figure.subplots(len(lines), len(columns), squeeze=False)
            for axis in axes.ravel():
                axis.set_axis_off()
            for panel in shown:
                axis = axes[lines.index(panel.line), columns.index(panel.column)]
                axis.set_axis_on()
                best, every, r, alike = aligned_restarts(panel)
                plane(axis, 1.55)
                axis.plot(
                    *every.transpose(1, 0, 2).reshape(2, -1), ".", color=MUTED, alpha=0.25, ms=3
                )
                arrows(axis, best, colours(panel))
                axis.set_xlabel(f"{r} represented\n{alike} of {len(panel.rows)} alike", fontsize=8)
                if panel.line == lines[0]:
                    axis.set_title(panel.column, fontsize=9.5)
                if panel.column == columns[0]:
                    axis.set_ylabel(panel.line.replace(", ", "\n"), fontsize=8.5, color=INK)
        return figure

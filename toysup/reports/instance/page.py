"""One trained model as an HTML page."""

from pathlib import Path

import numpy as np

from toysup.files.deliver import deliver
from toysup.metrics.represented import cosines
from toysup.reports import image, thumbnails
from toysup.reports.html import minus, rendered
from toysup.reports.instance import Instance, terminal
from toysup.reports.labels import LOOKS
from toysup.reports.style import COLOURS, MUTED, STYLE
from toysup.reports.words import decimals, plain

LARGEST = 9.0  # inches of a matrix
MOST_TICKS = 12
DECADE = 10.0  # losses that span this ratio have a logarithmic axis


def write(found: Instance, path: Path) -> None:
    """Write the page, whole or not at all. ToysupError when it cannot be written there."""
    deliver(path, render(found).encode())


def render(found: Instance) -> str:
    drawn = found.finite and len(found.W) in thumbnails.DRAWN
    arrows = thumbnails.arrows(found.W) if drawn else []
    return rendered(
        "instance/page.html",
        found=found,
        look=LOOKS[found.verdict.label],
        which=terminal.which(found),
        settings=[(n, plain(x, 6), n in found.varying) for n, x in found.settings.items()],
        metrics=[[minus(cell) for cell in terminal.cells(m)] for m in found.metrics],
        meaning=terminal.MEANING,
        pairs=[
            (title, [(" and ".join(p.names), minus(decimals(p.cosine, 3))) for p in some])
            for title, some in (("nearest", found.nearest), ("most opposed", found.opposed))
        ],
        matrices=image.svg(matrices(found)) if found.finite else "",
        arrows=arrows,
        loss=image.svg(losses(found)),
    )


def matrices(found: Instance):
    """A matplotlib Figure: W, and the cosines between its represented columns."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    largest = max(float(np.abs(found.W).max()), 1e-30)
    cosine, _ = cosines(found.W)
    cosine[np.diag_indices(len(cosine))] = found.represented
    with rc_context(STYLE):
        made = Figure(figsize=(LARGEST, 3.8), layout="constrained")
        axes = made.subplots(1, 2)
        parts = ((found.W, largest, "W"), (cosine, 1.0, "cosines of represented features"))
        for axis, (values, limit, title) in zip(axes, parts, strict=True):
            drawn = axis.imshow(
                values, cmap="RdBu_r", vmin=-limit, vmax=limit, aspect="auto", interpolation="none"
            )
            bar = made.colorbar(drawn, ax=axis, shrink=0.8)
            bar.outline.set_visible(False)
            axis.set_title(title, loc="left", fontsize=10)
            axis.set_xlabel("feature")
            for ticks in (axis.xaxis, axis.yaxis):
                ticks.get_major_locator().set_params(integer=True, nbins=MOST_TICKS)
        axes[0].set_ylabel("hidden dimension")
        axes[1].set_ylabel("feature")
    return made


def losses(found: Instance):
    """A matplotlib Figure: the loss of this seed among those of the others."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    points = found.curves.shape[1]
    steps = np.arange(points) * found.steps / points + 1
    with rc_context(STYLE):
        made = Figure(figsize=(LARGEST, 2.8), layout="constrained")
        axis = made.subplots()
        for place, curve in enumerate(found.curves):
            if place != found.place:
                axis.plot(steps, curve, color=MUTED, linewidth=0.8, alpha=0.4)
        axis.plot(steps, found.curve, color=COLOURS[1], linewidth=1.5)
        axis.set_xscale("log")
        known = found.curves[np.isfinite(found.curves)]
        if known.size and known.min() > 0 and known.max() > DECADE * known.min():
            axis.set_yscale("log")
        axis.set_xlabel("step")
        axis.set_ylabel("loss")
    return made

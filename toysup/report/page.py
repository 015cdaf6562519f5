"""The report as one HTML page."""

from pathlib import Path

import numpy as np

from toysup.columns.fixed import KEY
from toysup.files.deliver import deliver
from toysup.report import (
    claims,
    effects,
    figures,
    image,
    metric_figure,
    pictures,
    reference,
    tally,
    thumbnails,
)
from toysup.report.answer import bar
from toysup.report.axis import Axis
from toysup.report.findings import Findings
from toysup.report.html import minus, preformatted, rendered
from toysup.report.labels import LOOKS, Label
from toysup.report.lines import Line
from toysup.report.toml import sweep_text
from toysup.report.words import counted, readable
from toysup.verdict.rows import matrices

ONE_LINE = 18  # letters of a label that fit beside nothing on a card


def write(findings: Findings, path: Path) -> None:
    """Write the page, whole or not at all. ToysupError when it cannot be written there."""
    deliver(path, render(findings).encode())


def render(findings: Findings) -> str:
    """The page's HTML: the same text for the same run."""
    verdicts = findings.verdicts.verdicts
    present = {v.label for v in verdicts}
    return rendered(
        "page.html",
        findings=findings,
        bar=bar_parts(findings.answer.counts),
        name_width=min(20, 2 + 0.45 * max(len(line.name) for line in findings.lines)),
        axis=findings.axis,
        looks=LOOKS,
        present=[label for label in LOOKS if label in present],
        claims=[claim_row(found) for found in findings.claims if not found.claim.check],
        claims_summary=f"{tally.summary(findings.claims)} {claims.checks(findings.claims)}",
        claims_note=claims.footnote(findings.claims),
        pictures=[
            {"picture": picture, "svg": image.svg(pictures.figure_of(name, picture, findings))}
            for name, picture in pictures.pictures(findings)
        ],
        overview="" if findings.crowded else image.svg(figures.overview(findings)),
        metrics=[
            {"name": readable(name), "svg": image.svg(metric_figure.figure(findings, name))}
            for name in ([] if findings.crowded else metric_figure.metrics_with_figure(findings))
        ],
        blocks=[] if findings.crowded else blocks(findings),
        thresholds=thresholds(findings),
        sweep=preformatted(sweep_text(findings.sweep)),
        beside=[reference_row(found) for found in findings.beside],
        beside_title=reference.title(findings.sweep["reference"]),
        beside_note=reference.note(findings.sweep["reference"]),
        instances=counted(findings.instances, "instance"),
        size=(thumbnails.WIDTH, thumbnails.HEIGHT),
    )


def bar_parts(counts: dict[str, int]) -> list[dict]:
    """The parts of the bar under the headline: how many conditions have which label."""
    return [
        {"name": name, "number": number, "letter": bar.letter(name), "words": f"{number} {name}"}
        | {"slug": LOOKS[Label(name)].slug if name in list(Label) else "open"}
        for name, number in counts.items()
    ]


def claim_row(found) -> dict:
    """A claim as the page shows it."""
    return {
        "claim": found.claim,
        "answer": found.answer,
        "predicted": claims.predicted(found),
        "before": claims.before(found),
        "changed": found.as_before is False,
        "effect": minus(effects.effect(found)),
        "where": effects.deciding_conditions(found),
        "basins": effects.basins(found),
        "rule": effects.rule(found.claim),
    }


def reference_row(found: reference.ReferenceComparison) -> dict:
    """An objective beside the autoencoder, as the page shows it."""
    index, unread = (
        minus(reference.difference_text(x)) for x in (found.index, found.readout_unexplained)
    )
    return {"name": found.name, "pairs": found.pairs, "index": index, "unread": unread}


def thresholds(findings: Findings) -> list[dict]:
    """Each threshold with how many verdicts change when it moves."""
    found = []
    for threshold in findings.verdicts.thresholds.describe():
        moved = [m for m in findings.moved if m.threshold == threshold["name"]]
        changes = ", ".join(f"{m.changed} at {m.value:.2g}" for m in moved)
        found.append(threshold | {"name": readable(threshold["name"]), "changes": changes})
    return found


def blocks(findings: Findings) -> list[dict]:
    """The pictures of every condition, line by line."""
    verdicts = {(v.condition, v.directions): v for v in findings.verdicts.verdicts}
    rows = dict(list(findings.rows.groupby(KEY, sort=False)))
    found = []
    for line in findings.lines:
        tall = any(len(point.label) > ONE_LINE or point.idle for point in line.points)
        own = cards(line, verdicts, rows, findings.axis)
        found.append({"line": line, "tall": tall, "cards": own})
    return found


def cards(line: Line, verdicts: dict, rows: dict, axis: Axis) -> list[dict]:
    """One condition each: its verdict, W^T W or arrows, cosines, and loss curves."""
    found = []
    for point in line.points:
        key = point.condition, point.directions
        v, frame = verdicts[key], rows[key].sort_values("seed")
        place = axis.texts[point.x]
        card = {"point": point, "verdict": v, "place": place, "look": LOOKS[point.label]}
        card["name"] = f"{line.name}, {axis.label} = {place}"
        W = matrices(frame)
        card["pictures"] = v.best is not None
        if v.best:
            best = int(np.flatnonzero(frame["seed"] == v.best.seed)[0])
            finite = np.isfinite(W).all(axis=(1, 2))
            curves = np.stack([np.asarray(c, dtype=float) for c in frame["loss_curve"]])
            card["gram"] = thumbnails.gram(W[best])
            card["arrows"] = thumbnails.arrows(W[best]) if v.d_hidden == 2 else []
            card["cosines"] = thumbnails.cosine_plot(W[finite])
            card["loss"] = thumbnails.loss_plot(curves, best)
        found.append(card)
    return found

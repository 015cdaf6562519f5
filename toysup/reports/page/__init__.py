"""The report as one HTML page."""

from collections.abc import Sequence
from pathlib import Path

from toysup.files.deliver import deliver
from toysup.reports import (
    claim_metrics,
    claims,
    effects,
    image,
    metric_figure,
    overview,
    pictures,
    reference,
    tally,
    thumbnails,
)
from toysup.reports.answer import bar
from toysup.reports.caveats import Caveat
from toysup.reports.findings import Findings
from toysup.reports.html import minus, preformatted, rendered
from toysup.reports.labels import LOOKS, Label
from toysup.reports.page.cards import blocks
from toysup.reports.page.conditions import Condition, columns, conditions, filters, linked
from toysup.reports.page.seeds import seeds
from toysup.reports.toml import sweep_text
from toysup.reports.words import counted, readable

MOST_CARDS = 300  # conditions with pictures of their own; beyond, the script draws the one chosen
MOST_CONCERNED = 24  # conditions that a caveat names


def write(findings: Findings, path: Path) -> None:
    """Write the page, whole or not at all. ToysupError when it cannot be written there."""
    deliver(path, render(findings).encode())


def render(findings: Findings, home: str = "") -> str:
    """The page's HTML: the same text for the same run. `home` is the page that lists all runs."""
    verdicts = findings.verdicts.verdicts
    present = {v.label for v in verdicts}
    every, names = conditions(findings), columns(verdicts)
    crowded = len(every) > MOST_CARDS
    return rendered(
        "page/page.html",
        findings=findings,
        home=home,
        bar=bar_parts(findings.answer.counts),
        name_width=min(20, 2 + 0.45 * max((len(line.name) for line in findings.lines), default=0)),
        axis=findings.axis,
        looks=LOOKS,
        present=[label for label in LOOKS if label in present],
        claims=claim_rows(findings, every),
        claims_summary=f"{tally.summary(findings.claims)} {claims.checks(findings.claims)}",
        claims_note=claims.footnote(findings.claims),
        pictures=[
            {
                "name": name,
                "picture": picture,
                "svg": image.svg(pictures.figure_of(name, picture, findings)),
            }
            for name, picture in pictures.pictures(findings)
        ],
        panels=[] if crowded else panels(findings),
        legend="" if crowded else image.svg(overview.legend(findings)),
        metrics=[] if crowded else metrics(findings),
        every=every,
        grid=grid(findings, every),
        columns=[readable(name) for name in names],
        filters=filters(names, every),
        blocks=[] if crowded else blocks(findings, every),
        seeds=seeds(findings, every, crowded),
        crowded=crowded,
        caveats=[(caveat, concerned(caveat, every)) for caveat in findings.caveats],
        thresholds=thresholds(findings),
        sweep=preformatted(sweep_text(findings.sweep)),
        beside=[reference_row(found) for found in findings.beside],
        beside_title=reference.title(findings.sweep["reference"]),
        beside_note=reference.note(findings.sweep["reference"]),
        instances=counted(findings.instances, "instance"),
        judged=counted(findings.judged, "condition"),
        size=(thumbnails.WIDTH, thumbnails.HEIGHT),
        margin=thumbnails.MARGIN,
    )


def grid(findings: Findings, every: Sequence[Condition]) -> list[tuple]:
    """The heat map: each line with its condition at each value of the axis, or None."""
    rows: dict[int, dict] = {}
    for c in every:
        rows.setdefault(id(c.line), {}).setdefault(c.point.x, c)
    return [
        (line, [rows.get(id(line), {}).get(x) for x in findings.axis.values])
        for line in findings.lines
    ]


def panels(findings: Findings) -> list[dict]:
    """The index along the axis, a figure for each panel, so that they fit any width."""
    return drawn(overview.panels(findings))


def drawn(some: dict) -> list[dict]:
    """Figures by name, as the page holds them."""
    return [{"name": name, "svg": image.svg(figure)} for name, figure in some.items()]


def metrics(findings: Findings) -> list[dict]:
    """A figure of each metric that claims are about, with what its thresholds stand for."""
    return [
        {
            "name": readable(name),
            "panels": drawn(metric_figure.panels(findings, name)),
            "thresholds": claim_metrics.thresholds(findings.claims, name),
        }
        for name in metric_figure.metrics_with_figure(findings)
    ]


def concerned(caveat: Caveat, every: Sequence[Condition]) -> list[Condition]:
    """The conditions that a caveat is about; none where they are all, or too many to list."""
    found = [c for c in every if c.point.condition in caveat.conditions]
    listed = len(found) <= MOST_CONCERNED and len(found) < len(every)
    return sorted(found, key=lambda c: c.point.condition) if listed else []


def bar_parts(counts: dict[str, int]) -> list[dict]:
    """The parts of the bar under the headline: how many conditions have which label."""
    return [
        {"name": name, "number": number, "letter": bar.letter(name), "words": f"{number} {name}"}
        | {"slug": LOOKS[Label(name)].slug if name in list(Label) else "open"}
        for name, number in counts.items()
    ]


def claim_rows(findings: Findings, every: Sequence[Condition], page: str = "") -> list[dict]:
    """The claims that are no checks. Their conditions are on `page`; "" is this page."""
    claims = (found for found in findings.claims if not found.claim.check)
    return [claim_row(number, found, every, page) for number, found in enumerate(claims, 1)]


def claim_row(number: int, found, every: Sequence[Condition], page: str) -> dict:
    """A claim as a page shows it."""
    return {
        "id": f"claim-{number}",
        "claim": found.claim,
        "answer": found.answer,
        "predicted": claims.predicted(found),
        "before": claims.before(found),
        "changed": found.as_before is False,
        "effect": minus(effects.effect(found)),
        "where": linked(effects.deciding_conditions(found), every, page),
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

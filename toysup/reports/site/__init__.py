"""Runs as a site: an index of their claims, a page each, pictures. Static, offline, relative links.

In go the folders of finished runs, out comes a `Site`: the bytes of each file by its relative path.
The same runs give the same bytes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from toysup import __version__
from toysup.claims.decision import Decision, hit_rate
from toysup.errors import ToysupError
from toysup.files.folder import publish_folder, refuse_other
from toysup.reports import brief, claims, tally
from toysup.reports.answer import NOT_COUNTED
from toysup.reports.html import rendered
from toysup.reports.labels import LOOKS
from toysup.reports.site import replication
from toysup.reports.site.entry import Entry, entry_of, slug
from toysup.reports.words import counted
from toysup.spec.claim import Answer
from toysup.verdict import jsonable

INDEX = "index.html"
PAPER = "elhage2022_"  # what the names of the paper's sweeps begin with: they have its own table


@dataclass(frozen=True)
class Site:
    """All files of a site, and what is on them."""

    entries: tuple[Entry, ...]
    files: dict[str, bytes]  # by relative path: "runs/question.html"

    def to_json(self, out: Path) -> dict:
        """What was written, as plain values; paths are those in the folder."""
        every = decided(self.entries)
        return {
            "site": str(out),
            "index": str(out / INDEX),
            "files": sorted(self.files),
            "claims": len(every),
            "hit_rate": jsonable(hit_rate(every)),
            "runs": [one.to_json() for one in self.entries],
        }


def write(runs: Sequence[Path], out: Path, told: Callable[[str], None] = lambda _: None) -> Site:
    """Write the site of some runs, all of it or nothing, in the place of the one that was there.

    ToysupError where a run is not finished or named twice, or `out` holds what toysup did not
    write. `told` hears of each run before its page is made.
    """
    refuse_other(out)  # before the work
    made = site(runs, told)
    publish_folder(out, made.files)
    return made


def site(runs: Sequence[Path], told: Callable[[str], None] = lambda _: None) -> Site:
    """The site of some runs, in their order."""
    slugs = slugs_of(runs)
    files: dict[str, bytes] = {}
    entries = []
    for place, (run, own) in enumerate(zip(runs, slugs, strict=True), 1):
        told(f"{place} of {len(runs)}: {run}")
        found, written = entry_of(run, own)
        entries.append(found)
        files |= written
    return Site(tuple(entries), {INDEX: index(entries).encode(), **files})


def slugs_of(runs: Sequence[Path]) -> list[str]:
    """The name that the files of each run have. ToysupError where two runs have the same."""
    known: dict[str, Path] = {}
    for run in runs:
        own = slug(run)
        if (other := known.setdefault(own.lower(), run)) is not run:
            raise ToysupError(
                f"{run}: its page has the name of that of {other}. Leave one of the two out, or "
                "rename its folder."
            )
    return [slug(run) for run in runs]


def index(entries: Sequence[Entry]) -> str:
    """The HTML of the index."""
    paper = [one for one in entries if one.name.startswith(PAPER)]
    others = [one for one in entries if not one.name.startswith(PAPER)]
    own, papers = decided(others), decided(paper)
    return rendered(
        "site/index.html",
        entries=entries,
        headline=headline(own or papers, len(entries)),
        bar=bar(own or papers),
        sentences=[tally.predictions(hit_rate(own)) if own else "", of_paper(papers)],
        claimed=[one for one in others if one.rows],
        summary=summary(others),
        footnote=claims.footnote(own),
        paper=[one for one in paper if one.brief],
        paper_summary=f"{brief.passing(papers)} {summary(paper)}" if papers else "",
        replication=replication.table(entries),
        labels=labels(entries),
        version=__version__,
    )


def decided(entries: Sequence[Entry]) -> list[Decision]:
    """The claims of some runs, without those that are true by construction."""
    return [found for one in entries for found in one.claims if not found.claim.check]


def headline(some: Sequence[Decision], runs: int) -> str:
    """What came of the claims, first of all."""
    if not some:
        return f"{counted(runs, 'run')}, without claims."
    answers = [found.answer for found in some]
    parts = [f"{answers.count(answer)} {answer.value}" for answer in Answer]
    return f"Of {counted(len(some), 'claim')}, {parts[0]}, {parts[1]} and {parts[2]}."


def of_paper(papers: Sequence[Decision]) -> str:
    return f"Of the paper's claims, {brief.passing(papers)}" if papers else ""


def bar(some: Sequence[Decision]) -> list[dict]:
    """The parts of the bar under the headline: how many claims have which answer."""
    answers = [found.answer for found in some]
    return [
        {"name": answer.value, "slug": answer.value, "letter": answer.value[0].upper()}
        | {"number": answers.count(answer), "words": f"{answers.count(answer)} {answer.value}"}
        for answer in Answer
        if answer in answers
    ]


def labels(entries: Sequence[Entry]) -> list[dict]:
    """The labels on the small maps with their colours, in the order in which a page has them."""
    drawn = {part["name"]: part for one in entries if not one.picture for part in one.bar}
    return [
        drawn[name] for name in (*(label.value for label in LOOKS), NOT_COUNTED) if name in drawn
    ]


def summary(entries: Sequence[Entry]) -> str:
    """How many claims came out as before, with the run of each that changed, and the checks."""
    every = [found for one in entries for found in one.claims]
    changed = [
        f"{found.claim.name} of {one.slug}"
        for one in entries
        for found in one.claims
        if found.as_before is False
    ]
    return f"{tally.outcome_counts(every, changed)} {claims.checks(every)}".strip()

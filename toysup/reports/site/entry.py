"""What the index has of one run, and the files of that run: its page and its pictures."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from toysup.claims.decision import Decision, hit_rate
from toysup.errors import ToysupError
from toysup.reports import brief, image, page, pictures, tally
from toysup.reports.answer import Answer
from toysup.reports.effects import target
from toysup.reports.findings import Findings, gather
from toysup.reports.page.conditions import conditions
from toysup.reports.site.thumbnail import Thumbnail, thumbnail
from toysup.reproduce.beside import FreshSeeds, stored
from toysup.spec.claim import NO_PREDICTION
from toysup.storage.store import Store
from toysup.verdict import jsonable

HOME = "../index.html"  # from the page of a run
OVERVIEW = "overview"  # the picture that every run has


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One run on the index. Paths are relative to the index."""

    run: str  # its folder
    slug: str  # the name of its files
    name: str  # of its sweep
    title: str
    question: str
    answer: Answer
    bar: list[dict]  # how many conditions have which label
    conditions: int
    instances: int
    claims: tuple[Decision, ...]
    rows: list[dict]  # its claims as the page shows them, without checks of the program
    brief: list[dict]  # the same in brief
    hits: str  # how many of its predictions came true
    page: str
    pictures: dict[str, str]  # by name
    thumbnail: Thumbnail
    fresh: FreshSeeds | None  # what came of the fresh seeds that are stored beside it
    not_fresh: str  # why those that are there tell nothing

    @property
    def picture(self) -> str:
        """The first picture that the sweep asks for; "" where it asks for none."""
        own = [path for name, path in self.pictures.items() if name != OVERVIEW]
        return own[0] if own else ""

    def to_json(self) -> dict:
        """What was written of it, as plain values."""
        names = ("run", "title", "page", "pictures", "conditions", "instances")
        found = {name: getattr(self, name) for name in names}
        found |= {"claims": len(self.rows), "hit_rate": hit_rate(self.claims)}
        found |= {"fresh_seeds": self.fresh, "fresh_seeds_fault": self.not_fresh}
        return jsonable(found)


def slug(run: Path) -> str:
    """The name that the files of a run have: its folder's, in letters that every system takes.

    >>> slug(Path("runs/what is it?"))
    'what_is_it_'
    """
    name = re.sub(r"[^A-Za-z0-9._-]", "_", Path(run).resolve().name).lstrip(".")
    return name or "run"


def entry_of(run: Path, own: str) -> tuple[Entry, dict[str, bytes]]:
    """A run on the index, and its files by their relative paths. ToysupError as `gather` says."""
    findings = gather(Store(run))
    every = conditions(findings)
    crowded = len(every) > page.MOST_CARDS
    drawn = {
        name: draw
        for name, draw in pictures.drawings(findings).items()
        if not (crowded and name == OVERVIEW)  # as the page: nobody tells so many lines apart
    }
    paths = {name: f"pictures/{own}/{name}.png" for name in drawn}
    address = f"runs/{own}.html"
    files = {paths[name]: image.png(draw(findings)) for name, draw in drawn.items()}
    files[address] = page.render(findings, HOME).encode()
    claims = [found for found in findings.claims if not found.claim.check]
    fresh, not_fresh = replicated(run)
    made = Entry(
        run=str(run),
        slug=own,
        name=findings.name,
        title=findings.title,
        question=findings.question,
        answer=findings.answer,
        bar=page.bar_parts(findings.answer.counts),
        conditions=len({c.point.condition for c in every}),
        instances=findings.instances,
        claims=findings.claims,
        rows=page.claim_rows(findings, every, address),
        brief=[brief_row(found) for found in claims],
        hits=hits(claims),
        page=address,
        pictures=paths,
        thumbnail=thumbnail(grid(findings, every)),
        fresh=fresh,
        not_fresh=not_fresh,
    )
    return made, files


def grid(findings: Findings, every: Sequence) -> list[list[str]]:
    """The class of the colour of each cell of the heat map; "" where there is no condition."""
    return [
        ["" if c is None else "open" if c.point.idle else c.look.slug for c in cells]
        for _, cells in page.grid(findings, every)
    ]


def brief_row(found: Decision) -> dict:
    """A claim in brief, as `toysup check --brief` prints it."""
    return {
        "says": found.claim.words,
        "measured": brief.measured(found),
        "tolerance": target(found.claim),
        "answer": found.answer.value,
        "passes": brief.WORDS[found.answer],
        "predicted": brief.WORDS[found.claim.predicted],
        "before": brief.before(found),
        "changed": found.as_before is False,
    }


def hits(claims: Sequence[Decision]) -> str:
    """How many predictions of a run came true; "" where it made none."""
    predicted = any(found.claim.predicted != NO_PREDICTION for found in claims)
    return tally.predictions(hit_rate(claims)) if predicted else ""


def replicated(run: Path) -> tuple[FreshSeeds | None, str]:
    """What came of the fresh seeds of a run, or why those that are there tell nothing."""
    try:
        return stored(run), ""
    except ToysupError as error:
        return None, str(error)

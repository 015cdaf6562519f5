"""A finished run -> `Findings`: everything that a report shows, as data."""

from dataclasses import dataclass

import pandas as pd

from toysup import claims
from toysup.claims.decision import Decision
from toysup.report.axis import Axis, axis_of
from toysup.report.beside import Beside, beside
from toysup.report.caveats import caveats, not_drawn
from toysup.report.lines import Line, lines
from toysup.report.measured import measured, of_plugins
from toysup.report.prose.answer import answer
from toysup.storage.store import Store
from toysup.verdict import Verdicts, jsonable, judge
from toysup.verdict.sensitivity import ThresholdChange, sensitivity
from toysup.verdict.summary import Summary, summarise

__all__ = ["Findings", "gather"]


MOST_SHOWN = 1000  # conditions; no page with pictures of more opens, and nobody reads a longer list


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What one run found. Whatever shows it has nothing left to decide."""

    name: str
    title: str
    question: str
    folder: str
    hash: str
    command: str  # what trains the same run
    versions: dict[str, str]
    sweep: dict  # resolved: every setting, with the defaults
    settings: tuple[str, ...]  # the columns that make up a condition
    rows: pd.DataFrame  # one per instance and set of directions
    verdicts: Verdicts
    summaries: tuple[Summary, ...]
    moved: tuple[ThresholdChange, ...]  # what each threshold's choice does to the verdicts
    axis: Axis  # what the lines run along
    lines: tuple[Line, ...]
    beside: tuple[Beside, ...]  # how far each objective is from the reference
    caveats: tuple[str, ...]
    answer: str
    claims: tuple[Decision, ...]  # of the sweep, as they were before it was run

    @property
    def instances(self) -> int:
        """How many models were trained; each has a row for every set of its directions."""
        return len(self.rows[["condition", "seed"]].drop_duplicates())

    @property
    def crowded(self) -> str:
        """Why conditions are not shown one by one; "" where they are."""
        count = len(self.verdicts.verdicts)
        if count <= MOST_SHOWN:
            return ""
        return (
            f"{count:,} conditions are too many to show one by one. All are in "
            f"{self.folder}/results.parquet, and their verdicts in `toysup report --json`."
        )

    def to_json(self) -> dict:
        """All of it but the rows, as plain values; the rows are in `results`."""
        names = ("name", "title", "question", "answer", "caveats", "folder", "hash", "command")
        chosen = {name: getattr(self, name) for name in names}
        chosen |= {"results": f"{self.folder}/results.parquet", "versions": self.versions}
        chosen |= {"sweep": self.sweep, "settings": list(self.settings)}
        chosen |= {"claims": self.claims}
        chosen |= {
            "summaries": self.summaries,
            "axis": self.axis,
            "lines": self.lines,
            "beside": self.beside,
            "sensitivity": self.moved,
        }
        return jsonable(chosen) | self.verdicts.to_dict()


def gather(store: Store) -> Findings:
    """Judge a finished run. ToysupError when it is not finished, DamagedError when broken."""
    manifest = store.manifest()
    table = store.results()
    settings = tuple(table.schema.metadata[b"settings"].decode().split())
    rows = table.to_pandas()
    verdicts = judge(rows, list(settings))
    sweep = manifest["plan"]["sweep"]
    densities = rows.groupby("condition")["effective_density"].mean().to_dict()
    axis = axis_of(verdicts.verdicts, densities)
    decided = claims.decide(claims.of_manifest(manifest), rows, settings, verdicts)
    return Findings(
        name=sweep["name"],
        title=sweep["title"],
        question=sweep["question"],
        folder=str(store.folder),
        hash=manifest["plan"]["hash"],
        command=manifest["command"],
        versions=manifest["versions"],
        sweep=sweep,
        settings=settings,
        rows=rows,
        verdicts=verdicts,
        summaries=summarise(verdicts),
        moved=sensitivity(rows, verdicts),
        axis=axis,
        lines=lines(verdicts.verdicts, densities, axis, measured(rows, decided, of_plugins(sweep))),
        beside=beside(verdicts.verdicts, sweep["reference"]),
        caveats=(*caveats(verdicts.verdicts, rows), *not_drawn(sweep, str(store.folder))),
        answer=answer(verdicts.verdicts),
        claims=decided,
    )

"""A finished run -> `Findings`: everything that a report shows, as data."""

from dataclasses import dataclass

import pandas as pd

from toysup import claims
from toysup.claims.decision import Decision
from toysup.reports.answer import Answer, answer
from toysup.reports.attribution import Attribution, attribution, headline, sentence
from toysup.reports.axis import Axis, axis_of
from toysup.reports.caveats import Caveat, caveats, pictures_not_drawn
from toysup.reports.claim_metrics import metric_intervals, plugin_metrics
from toysup.reports.labels import UNJUDGED
from toysup.reports.lines import Line, lines
from toysup.reports.reference import ReferenceComparison, compare_to_reference
from toysup.storage.parquet import Columns, all_columns
from toysup.storage.store import Store
from toysup.verdict import Verdicts, jsonable, judge
from toysup.verdict.sensitivity import ThresholdChange, sensitivity
from toysup.verdict.summary import Summary, summarise

__all__ = ["Findings", "gather"]


MOST_SHOWN = 1000  # conditions; no page with pictures of more opens, and nobody reads a longer list


@dataclass(frozen=True, kw_only=True)
class Findings:
    """The findings of one run. Code that shows them decides nothing."""

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
    moved: tuple[ThresholdChange, ...]  # the effect of each threshold on the verdicts
    axis: Axis  # what the lines run along
    lines: tuple[Line, ...]
    beside: tuple[ReferenceComparison, ...]  # how far each objective is from the reference
    caveats: tuple[Caveat, ...]
    attribution: Attribution | None  # what decides; None where the sweep does not ask
    answer: Answer
    claims: tuple[Decision, ...]  # of the sweep, as they were before it was run

    @property
    def instances(self) -> int:
        """How many models were trained; each has a row for every set of its directions."""
        return len(self.rows[["condition", "seed"]].drop_duplicates())

    @property
    def judged(self) -> int:
        """How many conditions have a set of directions that is judged."""
        return len({v.condition for v in self.verdicts.verdicts if v.label not in UNJUDGED})

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
        """Everything except the rows, as plain values; the file `results` has the rows."""
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
            "attribution": self.attribution,
        }
        return jsonable(chosen) | self.verdicts.to_dict()


def gather(store: Store, columns: Columns = all_columns) -> Findings:
    """Judge a finished run. ToysupError when it is not finished, DamagedError when broken.

    Pages and pictures may be made of any of its `columns`; nothing else is.
    """
    manifest = store.manifest()
    table = store.results(columns)
    settings = tuple(table.schema.metadata[b"settings"].decode().split())
    rows = table.to_pandas()
    verdicts = judge(rows, list(settings))
    sweep = manifest["plan"]["sweep"]
    densities = rows.groupby("condition")["effective_density"].mean().to_dict()
    axis = axis_of(verdicts.verdicts, densities)
    decided = claims.decide(claims.of_manifest(manifest), rows, settings, verdicts)
    shares = attribution(sweep, rows, settings, verdicts)
    why, what = "", ""
    if shares is not None and shares.outcomes:
        why, what = sentence(shares), headline(shares)
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
        lines=lines(
            verdicts.verdicts,
            densities,
            axis,
            metric_intervals(rows, decided, plugin_metrics(sweep)),
        ),
        beside=compare_to_reference(verdicts.verdicts, sweep["reference"]),
        caveats=(*caveats(verdicts.verdicts, rows), *pictures_not_drawn(sweep, str(store.folder))),
        attribution=shares,
        answer=answer(verdicts.verdicts, decided, why, what),
        claims=decided,
    )

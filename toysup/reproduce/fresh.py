"""The sweep of a run with seeds that it never used: do its verdicts and claims come out again?"""

import shlex
from dataclasses import dataclass, replace
from pathlib import Path

from toysup import claims
from toysup.compare import Run, compare
from toysup.engine import growing, local
from toysup.reproduce import Changed
from toysup.reproduce.scratch import Work, ready
from toysup.spec.label import UNJUDGED
from toysup.storage.store import Store

FOLDER = "{}-fresh-seeds"


@dataclass(frozen=True, kw_only=True)
class FreshSeeds:
    """What came of a sweep with other seeds."""

    run: str
    folder: str
    seeds: tuple[int, ...]
    verdicts: int  # of the conditions, all of which both runs have
    changed_verdicts: tuple[Changed, ...]
    unjudged: int  # of these, in one of the two runs only
    claims: int
    changed_claims: tuple[Changed, ...]

    @property
    def agrees(self) -> bool:
        """Whether every verdict and every claim came out again."""
        return not self.changed_verdicts and not self.changed_claims


def with_fresh_seeds(run: Path, work: Work, out: Path | None = None) -> FreshSeeds:
    """Train the sweep of a run with as many seeds as it had, from the first number above them on,
    in the folder `out` or in NAME-fresh-seeds. It is a run like any other, and stays."""
    store = Store(run)
    store.results()
    folder = out or run.with_name(FOLDER.format(run.resolve().name))
    with ready(store, work) as (sweep, devices, signals):
        first = max(sweep.seeds) + 1
        seeds = tuple(range(first, first + len(sweep.seeds)))
        group = growing.plans(store.manifest())[-1].group
        command = f"toysup reproduce {shlex.quote(str(run))} --fresh-seeds"
        asked = work.callback, devices, group, signals
        again = local.run(replace(sweep, seeds=seeds), folder, command, *asked)
    found = compare(Run(store), Run(again))
    told = [(one.case, *one.labels) for one in found.shared if not one.same_verdict]
    before, now = (answers(one) for one in (store, again))
    return FreshSeeds(
        run=str(run),
        folder=str(folder),
        seeds=seeds,
        verdicts=len(found.shared),
        changed_verdicts=tuple(Changed(name(case), a.value, b.value) for case, a, b in told),
        unjudged=sum((a in UNJUDGED) != (b in UNJUDGED) for _, a, b in told),
        claims=len(before),
        changed_claims=tuple(
            Changed(name, answer, now[name])
            for name, answer in before.items()
            if now[name] != answer
        ),
    )


def name(case: dict) -> str:
    return ", ".join(f"{key}={value}" for key, value in case.items())


def answers(store: Store) -> dict[str, str]:
    """The answer to each claim of a run, by its name."""
    if not claims.of_manifest(store.manifest()):
        return {}
    return {found.claim.name: found.answer.value for found in claims.check(store).claims}

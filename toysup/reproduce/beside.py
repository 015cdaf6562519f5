"""A run and one of the same sweep with fresh seeds: which verdicts and claims came out again.

Nothing is trained, and jax is not imported.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from toysup import claims
from toysup.compare import Run, compare
from toysup.compare.settings import sweep_of
from toysup.errors import ToysupError
from toysup.reproduce import Changed
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


def folder_of(run: Path) -> Path:
    """Where the fresh seeds of a run are, unless another folder was asked for."""
    return run.with_name(FOLDER.format(run.resolve().name))


def held_beside(store: Store, again: Store) -> FreshSeeds:
    """Two finished runs of the same sweep, the second one with fresh seeds."""
    found = compare(Run(store), Run(again))
    told = [(one.case, *one.labels) for one in found.shared if not one.same_verdict]
    before, now = (answers(one) for one in (store, again))
    return FreshSeeds(
        run=str(store.folder),
        folder=str(again.folder),
        seeds=sweep_of(again).seeds,
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


def stored(run: Path) -> FreshSeeds | None:
    """What came of the fresh seeds that are stored beside a run; None where there are none.

    ToysupError where they are not finished, or not of this sweep, as when the run grew since.
    """
    store, again = Store(run), Store(folder_of(run))
    if not again.folder.exists():
        return None
    first, second = sweep_of(store), sweep_of(again)
    if replace(first, seeds=()) != replace(second, seeds=()) or {*first.seeds} & {*second.seeds}:
        raise ToysupError(f"{again.folder}: is of another sweep than {run}.")
    return held_beside(store, again)


def name(case: dict) -> str:
    return ", ".join(f"{key}={value}" for key, value in case.items())


def answers(store: Store) -> dict[str, str]:
    """The answer to each claim of a run, by its name."""
    if not claims.of_manifest(store.manifest()):
        return {}
    return {found.claim.name: found.answer.value for found in claims.check(store).claims}

"""The answer of a report: a headline, at most three sentences, and how many conditions do what.

The headline answers the sweep's question. Where the sweep asks what decides, it is that; else what
came of the first claim; else, without claims, the share of conditions in which features minimise
interference. The score of all claims follows. The table of conditions has the rest.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from toysup.claims.decision import Decision
from toysup.reports.answer import claimed
from toysup.reports.answer.deciding import LEAST, decides
from toysup.reports.answer.units import Unit, units
from toysup.reports.labels import LOOKS, OPEN, Label
from toysup.reports.words import counted, joined

MOST_WORDS = 25  # of the headline
MOST_NAMED = 3  # objectives that have a share of their own
FEW_SEEDS = 6  # fewer are said
NOT_COUNTED = "not counted"


@dataclass(frozen=True)
class Answer:
    """What a report says first, the same in the terminal, on the page, in JSON and in Markdown."""

    headline: str
    sentences: tuple[str, ...]
    counts: dict[str, int]  # label -> conditions that count; the rest is NOT_COUNTED
    note: str = ""  # why the counts do not sum to the number of conditions, where they do not

    @property
    def text(self) -> str:
        """All of it as one paragraph."""
        return " ".join((self.headline, *self.sentences))


def answer(
    verdicts: Sequence, claims: Sequence[Decision] = (), why: str = "", what: str = ""
) -> Answer:
    """The answer of a run, from its verdicts and its decided claims.

    `why` is the sentence on what decides, where it is known better than from pairs of conditions,
    and `what` the same in short, as the headline of a sweep that asks for it.
    """
    every = units(verdicts)
    if not every:
        return Answer("There is nothing to judge: the results have no rows.", (), {})
    decided = [found for found in claims if not found.claim.check]
    noun = "condition" if len(every) == len({v.condition for v in verdicts}) else "verdict"
    first = what or (claimed.outcome(decided, MOST_WORDS) if decided else minimising(every, noun))
    scored = with_score(first, decided)
    above = claimed.quoted(decided[0]) if decided and not what else ""
    others = claimed.rest(decided, scored != first, above) if decided else ""
    sentences = (others, why or decides(every), unknown(every, noun))
    return Answer(scored, tuple(filter(None, sentences)), counts(every), apart(verdicts, every))


def with_score(headline: str, decided: Sequence[Decision]) -> str:
    """The headline with the score of the claims, where there is room for it."""
    if not decided:
        return headline
    scored = f"{headline} {claimed.score(decided)}."
    return scored if len(scored.split()) <= MOST_WORDS else headline


def apart(verdicts: Sequence, every: Sequence[Unit]) -> str:
    """Why there are more verdicts counted than conditions; "" where there are not."""
    conditions = len({v.condition for v in verdicts})
    more = len(every) - conditions
    if not more:
        return ""
    return (
        f"{len(every)} verdicts of {counted(conditions, 'condition')}: the sets of directions of "
        "one model count apart where their verdicts differ."
    )


def counts(every: Sequence[Unit]) -> dict[str, int]:
    """How many units have each label, of those that count, in the order of `LOOKS`."""
    labels = Counter(unit.label for unit in every if not unit.uncounted)
    found = {label.value: labels[label] for label in LOOKS if labels[label]}
    uncounted = sum(bool(unit.uncounted) for unit in every)
    return found | ({NOT_COUNTED: uncounted} if uncounted else {})


def minimising(every: Sequence[Unit], noun: str) -> str:
    """In how many of the units that count features minimise interference, or form a pentagon."""
    counting = [unit for unit in every if not unit.uncounted]
    if not counting:
        return f"No {noun} counts, so nothing is shown."
    yes = [unit for unit in counting if unit.minimises]
    superposed = [unit for unit in yes if unit.label == Label.MINIMISING]
    if not yes:
        unknown = any(unit.minimises is None for unit in counting)
        do_not = "are not known to minimise" if unknown else "do not minimise"
        return f"Features {do_not} interference in {any_of(len(counting), noun)}."
    what, chosen, ending = "minimise interference", yes, "."
    pentagons = sum(unit.is_pentagon for unit in superposed)
    if superposed and pentagons == len(superposed):
        what, chosen = "form a pentagon", superposed
    elif not superposed:
        what = "avoid interference, without superposition,"
    elif pentagons:
        are = "is a pentagon" if pentagons == 1 else "are pentagons"
        ending = f"; {pentagons} of these {len(yes)} {are}."
    objectives = dict.fromkeys(unit.objective for unit in counting)
    shares = {o: share([u for u in counting if u.objective == o], chosen) for o in objectives}
    if 1 < len(objectives) <= MOST_NAMED and all(of >= LEAST for _, of in shares.values()):
        parts = [f"{n} of {of} under {objective}" for objective, (n, of) in shares.items()]
        parts[0] = parts[0].replace(" under ", f" {noun}s under ", 1)
        return f"Features {what} in {joined(parts)}{ending}"
    some = sum(n > 0 for n, _ in shares.values())
    place = extent(len(chosen), len(counting), noun)
    if len(objectives) == 1:
        return f"Features {what} in {place} under {next(iter(objectives))}{ending}"
    every_one = "both" if some == 2 else f"all {some}"
    under = every_one if some == len(objectives) else f"{some} of {len(objectives)}"
    return f"Features {what} in {place}, under {under} objectives{ending}"


def share(some: Sequence[Unit], chosen: Sequence[Unit]) -> tuple[int, int]:
    """How many of some units are chosen, and how many they are."""
    return sum(any(unit is one for one in chosen) for unit in some), len(some)


def any_of(total: int, noun: str) -> str:
    return f"the one {noun} that counts" if total == 1 else f"any of {total} {noun}s that count"


def extent(count: int, total: int, noun: str) -> str:
    """In how many units of all that count."""
    if total == 1:
        return f"the one {noun} that counts"
    return f"{f'all {total}' if count == total else f'{count} of {total}'} {noun}s that count"


def unknown(every: Sequence[Unit], noun: str) -> str:
    """What is not known: units that do not count, and why; what is open; and few seeds."""
    why = Counter(unit.uncounted for unit in every if unit.uncounted)
    open_ = sum(unit.label in OPEN and not unit.uncounted for unit in every)
    parts = [f"{number} {words}" for words, number in why.most_common()]
    if parts:
        number, _, rest = parts[0].partition(" ")
        parts[0] = f"{counted(int(number), noun)} {rest}"
    found = f"Not counted: {joined(parts)}" if parts else ""
    if open_:
        of = str(open_) if found else counted(open_, noun)
        packing = f"he best packing of {of} is not known well enough"
        found = f"{found}; t{packing}" if found else f"T{packing}"
    least = min(unit.seeds for unit in every)
    if least < FEW_SEEDS:
        few = f"only {counted(least, 'seed')} a condition"
        found = (
            f"{found}; there {'is' if least == 1 else 'are'} {few}" if found else few.capitalize()
        )
    return f"{found}." if found else ""

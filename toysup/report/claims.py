"""Claims as a table: each sentence, what came of it, what was expected, and where to look."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from toysup.claims import ALPHA, Checked, Decided
from toysup.report.console import console
from toysup.report.words import counted, decimals, joined, label_of, plain, spoken
from toysup.spec.claim import Answer, Claim, Holds
from toysup.spec.selection import Selection
from toysup.verdict import jsonable

STYLES = {Answer.SUPPORTED: "bold blue", Answer.REFUTED: "bold magenta", Answer.UNDECIDED: "dim"}
EXTENTS = {
    Holds.EVERY: "in every condition",
    Holds.SOME: "in some condition",
    Holds.NO: "in no condition",
    Holds.MOST: "in most conditions",
    Holds.MEAN: "on average over conditions",
}
MOST_NUMBERS = 8  # runs of condition numbers that a table has room for
DIGITS = 3  # of an effect; it is a loss of any size, or a share
FOOTNOTE = (
    f"Intervals are Student's over the seeds, paired, and hold together at {1 - ALPHA:.0%} for all "
    "that the claims of a sweep compare. A share of conditions lies between what it is if all that "
    "are not judged were false, and if they were true."
)


def show(checked: Sequence[Checked], out: Console | None = None) -> None:
    """One table of the claims of all runs, and how many came out as expected."""
    out = out or console()
    for run in checked:
        if run.afterwards:
            late = f"{run.run}: the claims of {run.afterwards}, written after the run."
            out.print(Text(late, style="bold"))
    out.print(table([(run.run, found) for run in checked for found in run.claims]))
    out.print()
    out.print(summary([found for run in checked for found in run.claims]))
    out.print(Text(FOOTNOTE, style="dim"))


def table(claims: Sequence[tuple[str, Decided]]) -> Table:
    """A row for each claim; `claims` come with the run that they are of, or "" to leave it out."""
    made = Table(box=None, padding=(0, 2, 1, 0), header_style="dim")
    made.add_column("claim, who made it, and its rule", ratio=1)
    made.add_column("came out", no_wrap=True)
    made.add_column("expected", width=len("as expected"))
    made.add_column("effect, and where to look", ratio=1)
    for run, found in claims:
        surprise = Text(f"{found.claim.expected}: a surprise", style="bold red")
        place = ", ".join(part for part in (run, where(found)) if part)
        made.add_row(
            under(under(Text(found.claim.says), found.claim.who), f"rule: {rule(found.claim)}"),
            Text(found.answer.value, style=STYLES[found.answer]),
            Text("as expected", style="dim") if found.as_expected else surprise,
            under(Text(effect(found)), place),
        )
    return made


def under(text: Text, words: str) -> Text:
    """A second line for those who look closer."""
    return text.append(f"\n{words}", style="dim") if words else text


def rule(claim: Claim) -> str:
    """What must be so for the claim to be supported."""
    if claim.verdict:
        what = joined([f'"{label}"' for label in claim.verdict], "or")
    elif claim.along:
        first, last = map(number, claim.between)
        what = f"{spoken(claim.metric)} passes {number(claim.crosses)} along {spoken(claim.along)}"
        what += f" between {first} and {last}"
    else:
        side, level = ("above", claim.above) if claim.below is None else ("below", claim.below)
        less = f" less that at {selected(claim.other)}" if claim.other else ""
        what = f"{spoken(claim.metric)}{less} {side} {number(level)}"
    rows = f" with {selected(claim.rows)}" if claim.rows else ""
    return f"{what} {EXTENTS[claim.holds]}{rows}"


def selected(selection: Selection) -> str:
    """Which conditions a claim speaks of.

    >>> selected({"objective": "mse", "views": ("mask", "swap"), "feature_probability": {"max": 1}})
    'objective mse, mask or swap views, p at most 1'
    """
    parts = []
    for name, wanted in selection.items():
        if isinstance(wanted, dict):
            ends = {"min": "at least", "max": "at most"}
            words = [f"{ends[end]} {number(x)}" for end, x in wanted.items()]
            parts.append(f"{spoken(name)} {joined(words)}")
        else:
            values = wanted if isinstance(wanted, tuple) else (wanted,)
            parts.append(label_of(name, joined([plain(v, DIGITS) for v in values], "or")))
    return ", ".join(parts)


def effect(found: Decided) -> str:
    """The effect with its interval, and of how many conditions the claim is true."""
    if found.effect.mean != found.effect.mean:
        return extent(found)
    value, low, high = (number(x) for x in vars(found.effect).values())
    bounds = f" ({low} to {high})" if found.effect.low == found.effect.low else ""
    words = f"{spoken(found.unit)}: {value}{bounds}"
    return words if found.claim.holds == Holds.MEAN else f"{words}; {extent(found)}"


def number(value: float) -> str:
    """
    >>> number(0.9321), number(12.5), number(-0.00004), number(float("nan"))
    ('0.932', '12.5', '-4e-05', '–')
    """
    if value != value:
        return decimals(value)
    return plain(value, DIGITS) if abs(value) < 1e6 else f"{value:.{DIGITS}g}"


def extent(found: Decided) -> str:
    """Of how many conditions the claim is true, and of how many it is not known."""
    count = found.true + found.false + found.unclear + found.unjudged
    if not count:
        return "no condition is compared"
    parts = [f"the case in {found.true} of {counted(count, noun(found))}"]
    parts += [f"{found.unclear} too uncertain to tell"] if found.unclear else []
    parts += [f"{found.unjudged} not judged"] if found.unjudged else []
    return ", ".join(parts)


def noun(found: Decided) -> str:
    return "curve" if found.claim.along else "condition"


def where(found: Decided) -> str:
    """The conditions that the answer rests on.

    Their numbers are in the column `condition` of the results.
    """
    runs: list[list[int]] = []
    for condition in found.conditions:
        if runs and condition == runs[-1][-1] + 1:
            runs[-1].append(condition)
        else:
            runs.append([condition])
    shown = [f"{r[0]} to {r[-1]}" if len(r) > 2 else ", ".join(map(str, r)) for r in runs]
    rest = f" and {len(runs) - MOST_NUMBERS} more" if len(runs) > MOST_NUMBERS else ""
    word = "condition" if len(found.conditions) == 1 else "conditions"
    return f"{word} {', '.join(shown[:MOST_NUMBERS])}{rest}" if runs else ""


def summary(claims: Sequence[Decided]) -> str:
    """How many came out as expected, and which did not."""
    surprises = [found.claim.name for found in claims if not found.as_expected]
    expected = f"{len(claims) - len(surprises)} of {counted(len(claims), 'claim')} as expected"
    if not surprises:
        return f"{expected}."
    word = "a surprise" if len(surprises) == 1 else f"{len(surprises)} surprises"
    return f"{expected}; {word}: {joined(surprises)}."


def as_json(checked: Sequence[Checked]) -> dict:
    """All of it as plain values."""
    every = [found for run in checked for found in run.claims]
    return {
        "as_expected": sum(found.as_expected for found in every),
        "claims": len(every),
        "surprises": [found.claim.name for found in every if not found.as_expected],
        "runs": jsonable(tuple(checked)),
    }

"""What decides, as a table in a terminal."""

from rich.console import Console
from rich.table import Table

from toysup.reports.attribution import Attribution, percent, sentence
from toysup.reports.console import Text
from toysup.reports.words import readable

NOTE = (
    "Shapley shares of the variance over all cells and seeds, with 95% intervals of a bootstrap "
    "over seeds: a setting's main effect and an equal part of each of its interactions. The shares "
    "of the settings and of the seeds sum to 1."
)


def table(found: Attribution) -> Table:
    """A row for each setting, for the seeds and for the interactions; a column for each outcome."""
    made = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    made.add_column("setting", no_wrap=True)
    for outcome in found.outcomes:
        made.add_column(outcome, justify="right", no_wrap=True)
    for i, name in enumerate(found.settings):
        made.add_row(readable(name), *(percent(of.settings[i]) for of in found.outcomes.values()))
    made.add_row("seeds", *(percent(of.seeds) for of in found.outcomes.values()), style="dim")
    shared = (percent(of.interactions) for of in found.outcomes.values())
    made.add_row("interactions, shared out above", *shared, style="dim")
    return made


def show(found: Attribution, out: Console) -> None:
    """Print the table, of which the answer has the sentence; or why there is none."""
    if not found.outcomes:
        out.print(sentence(found))
        return
    out.print(table(found))
    out.print(Text(NOTE, style="dim"))

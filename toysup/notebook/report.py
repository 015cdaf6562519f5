"""What a run found, as an object that a notebook shows."""

import io
from pathlib import Path

from toysup.files import deliver
from toysup.notebook.table import Table
from toysup.notebook.verdicts import verdict_table
from toysup.reports.findings import Findings, gather
from toysup.storage.store import Store

COLUMNS = 100  # of the text that `print` shows


class Report:
    """The report on a finished run: a notebook shows it, and `print` shows it as the terminal does.

    `verdicts` is the table of `toysup.judge`, and `answer` the headline.
    """

    def __init__(self, run: Path):
        self.findings: Findings = gather(Store(run))

    @property
    def answer(self) -> str:
        return self.findings.answer.headline

    @property
    def verdicts(self) -> Table:
        return verdict_table(self.findings.verdicts, self.findings.settings)

    def to_json(self) -> dict:
        """All of the evidence as plain values, as `toysup report --json` prints it."""
        return self.findings.to_json()

    def to_markdown(self) -> str:
        from toysup.reports.markdown.report import report

        return report(self.findings)

    def write(self, file: str | Path) -> Path:
        """Write the page, one file that needs no network, and return its path."""
        from toysup.reports import page

        path = Path(file).expanduser()
        deliver.refuse_unwritable(path)
        page.write(self.findings, path)
        return path

    def _repr_markdown_(self) -> str:
        return self.to_markdown()

    def __str__(self) -> str:
        from toysup.reports import terminal
        from toysup.reports.console import Console

        text = io.StringIO()
        plain = Console(file=text, width=COLUMNS, highlight=False, markup=False, emoji=False)
        terminal.show(self.findings, plain)
        return text.getvalue()

    def __repr__(self) -> str:
        return f"<toysup.Report of {self.findings.folder}: {self.answer}>"

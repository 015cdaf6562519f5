"""What a job on GitHub shows beside its log: an error for each claim that came out otherwise, a
warning for each run with diverged instances.

Source: docs.github.com, "Workflow commands for GitHub Actions".
"""

import os
from collections.abc import Sequence

from toysup.claims.decision import CheckedRun
from toysup.files.shown import quoted
from toysup.reports.effects import change
from toysup.reports.tally import diverged

VARIABLE = "GITHUB_ACTIONS"  # "true" in every job
TITLE, MESSAGE = 200, 1000  # characters
DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
PROPERTY = DATA | {":": "%3A", ",": "%2C"}


def annotations(checked: Sequence[CheckedRun]) -> list[str]:
    """The lines for the log; none elsewhere than in a job on GitHub."""
    if os.environ.get(VARIABLE) != "true":
        return []
    errors = [
        command("error", f"{found.claim.name} of {run.run}", change(found))
        for run in checked
        for found in run.changed
    ]
    runs = [run for run in checked if run.diverged]
    return errors + [command("warning", f"diverged: {run.run}", diverged(run)) for run in runs]


def command(kind: str, title: str, message: str) -> str:
    """
    >>> command("error", "a, b of runs/x", "50% of: c")
    '::error title=a%2C b of runs/x::50%25 of: c'
    """
    return f"::{kind} title={escaped(title, TITLE, PROPERTY)}::{escaped(message, MESSAGE, DATA)}"


def escaped(text: str, most: int, marks: dict[str, str]) -> str:
    return quoted(text, most).translate(str.maketrans(marks))

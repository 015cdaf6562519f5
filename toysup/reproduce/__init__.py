"""A finished run -> whether it comes out again: the same cells, or the same sweep with fresh seeds.

`again.py` trains cells again and compares row by row; `fresh.py` trains with fresh seeds, and
`beside.py` compares their verdicts and claims.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Changed:
    """A verdict or a claim that came out otherwise."""

    name: str
    before: str
    now: str

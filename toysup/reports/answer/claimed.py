"""What came of a sweep's claims: the headline, and the claims that a reader should know of."""

from collections.abc import Sequence

from toysup.claims.decision import Decision, hit_rate
from toysup.files import shown
from toysup.reports.words import counted, joined
from toysup.spec.claim import Answer

MOST_WORDS = 36  # of the claims that are quoted, together
QUOTE = "\N{LEFT DOUBLE QUOTATION MARK}{}\N{RIGHT DOUBLE QUOTATION MARK}"


def headline(claims: Sequence[Decision]) -> str:
    """How many claims came out as predicted, and what became of the others."""
    rate = hit_rate(claims)
    if not rate.predictions:
        supported = sum(found.answer == Answer.SUPPORTED for found in claims)
        return f"{supported} of {counted(len(claims), 'claim')} supported, written after the run."
    words = f"{rate.came_true} of {counted(rate.predictions, 'claim')} came out as predicted"
    surprises = sum(surprising(found) for found in claims)
    undecided = sum(
        found.predicted_right is False and found.answer == Answer.UNDECIDED for found in claims
    )
    parts = [f"{surprises} came out the other way"] if surprises else []
    parts += [f"{undecided} {'is' if undecided == 1 else 'are'} undecided"] if undecided else []
    return f"{words}; {joined(parts)}." if parts else f"{words}."


def surprising(found: Decision) -> bool:
    """Whether a claim was decided, and not as predicted."""
    return found.predicted_right is False and found.answer != Answer.UNDECIDED


def quoted(claims: Sequence[Decision]) -> str:
    """The claims that came out the other way; where there is none, the first of all claims.

    As many as there is room for, each sentence once, with what it came to.
    """
    if not claims:
        return ""
    surprises = [found for found in claims if surprising(found)]
    answers: dict[str, dict[Answer, None]] = {}
    for found in surprises or claims:
        answers.setdefault(says(found), {})[found.answer] = None
    parts: list[str] = []
    for sentence, [first, *others] in answers.items():
        other = f", and {joined(others)} by another rule" if others else ""
        part = f"{QUOTE.format(sentence)} is {first.value}{other}"
        if parts and len(" ".join([*parts, part]).split()) > MOST_WORDS:
            break
        parts.append(part)
    rest = len(answers) - len(parts)
    more = f"; {rest} more" if rest else ""
    return f"{'Against the prediction, ' if surprises else ''}{'; '.join(parts)}{more}."


def says(found: Decision) -> str:
    """The sentence of a claim without its full stop, cut where it is long."""
    words = shown.line(found.claim.says).split()
    cut = f"{' '.join(words[:MOST_WORDS])} ..." if len(words) > MOST_WORDS else " ".join(words)
    return cut.removesuffix(".")

"""What came of a sweep's claims: the first one as the headline, the score, and those to know of.

The first claim of a sweep file is the one that answers its question.
"""

from collections.abc import Sequence

from toysup.claims.decision import Decision, hit_rate
from toysup.files import shown
from toysup.reports.words import counted, joined
from toysup.spec.claim import Answer

MOST_WORDS = 36  # of the claims that are quoted under the headline, together
QUOTE = "\N{LEFT DOUBLE QUOTATION MARK}{}\N{RIGHT DOUBLE QUOTATION MARK}"
ENDS = (".", "?", "!")


def outcome(claims: Sequence[Decision], most_words: int) -> str:
    """What came of the first claim, in its own words: "Refuted: "It is so."".

    Where other claims have the same sentence with another rule, with what came of those.
    """
    first, *others = answers_of(claims)[quoted(claims[0])]
    by_another = f", and {joined(others)} by another rule" if others else ""
    verdict = f"{first.value.capitalize()}{by_another}:"
    return f"{verdict} {quoted(claims[0], most_words - len(verdict.split()), ends=True)}"


def score(claims: Sequence[Decision]) -> str:
    """How many claims came out as predicted."""
    rate = hit_rate(claims)
    if rate.predictions:
        return f"{rate.came_true} of {counted(rate.predictions, 'claim')} came out as predicted"
    supported = sum(found.answer == Answer.SUPPORTED for found in claims)
    return f"{supported} of {counted(len(claims), 'claim')} supported, written after the run"


def rest(claims: Sequence[Decision], scored: bool, above: str = "") -> str:
    """A sentence on what the headline leaves out: the score, where it is not `scored` there, how
    the others came out, and what some of them say. `above` is the claim that it quotes."""
    surprises = [found for found in claims if surprising(found)]
    counts = [] if scored else [score(claims)]
    counts += [other_ways(surprises, above)] if surprises else []
    if undecided := sum(
        found.predicted_right is False and found.answer == Answer.UNDECIDED for found in claims
    ):
        counts.append(f"{undecided} {'is' if undecided == 1 else 'are'} undecided")
    if scored and counts:  # the first of these numbers says what it counts
        number, _, words = counts[0].partition(" ")
        counts[0] = f"{counted(int(number), 'claim')} {words}"
    new = [found for found in surprises if quoted(found) != above]
    against = "against the prediction, " if new else ""
    quotes = quotations(new or [found for found in claims if quoted(found) != above])
    parts = [joined(counts), *([f"{against}{quotes}"] if quotes else [])]
    words = "; ".join(filter(None, parts))
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def surprising(found: Decision) -> bool:
    """Whether a claim was decided, and not as predicted."""
    return found.predicted_right is False and found.answer != Answer.UNDECIDED


def other_ways(surprises: Sequence[Decision], above: str) -> str:
    """How many claims came out the other way, and whether the one in the headline did."""
    words = f"{len(surprises)} came out the other way"
    if not any(quoted(found) == above for found in surprises):
        return words
    return f"{words} (the one above{'' if len(surprises) == 1 else ' among them'})"


def quotations(claims: Sequence[Decision]) -> str:
    """As many claims as there is room for, each sentence once, with what it came to."""
    answers = answers_of(claims)
    parts: list[str] = []
    for says, [first, *others] in answers.items():
        other = f", and {joined(others)} by another rule" if others else ""
        part = f"{says} is {first.value}{other}"
        if parts and len(" ".join([*parts, part]).split()) > MOST_WORDS:
            break
        parts.append(part)
    more = len(answers) - len(parts)
    return "; ".join([*parts, *([f"and {counted(more, 'more claim')}"] if more else [])])


def answers_of(claims: Sequence[Decision]) -> dict[str, dict[Answer, None]]:
    """What each sentence came to, by each of its rules."""
    answers: dict[str, dict[Answer, None]] = {}
    for found in claims:
        answers.setdefault(quoted(found), {})[found.answer] = None
    return answers


def quoted(found: Decision, most_words: int = MOST_WORDS, ends: bool = False) -> str:
    """The sentence of a claim in quotation marks, and how it is read; with a full stop if it
    `ends` there."""
    says = shown.line(found.claim.says).strip().removesuffix(".")
    stop = "." if ends else ""
    if found.claim.reading:
        reading = f", read as: {shown.line(found.claim.reading)}{stop}"
        return QUOTE.format(cut(says, most_words - len(reading.split()) + 1)) + reading
    says = cut(says, most_words)
    return QUOTE.format(says if says.endswith(ENDS) else f"{says}{stop}")


def cut(words: str, most: int) -> str:
    """The first words of a long sentence."""
    every = words.split()
    return " ".join(every) if len(every) <= most else f"{' '.join(every[: most - 1])} ..."

"""Where the conditions with a label are: their objective, and their values of one setting."""

from toysup.report.labels import Label
from toysup.report.prose.phrases import said
from toysup.report.prose.subjects import Labelled, Subject


def where(label: Label, every: list[Subject]) -> str:
    """The one objective, and the values of one setting, that a label keeps to; "" if to none."""
    subjects_of = [s for s in every if any(m.label == label for m in s.counting)]
    if len(subjects_of) > 1:
        return ""
    [subject] = subjects_of
    under = f"under {subject.name}" if sum(bool(s.counting) for s in every) > 1 else ""
    return f"{under} {setting_of(label, subject)}".strip()


def setting_of(label: Label, subject: Subject) -> str:
    """The shortest exact description of where a label is by one setting; "" if there is none."""
    room, found = subject.room, []
    chosen: list[Labelled] = [m for m in subject.counting if m.label == label]
    others = [m for m in subject.counting if m.label != label]
    for name in room.names if others else ():
        here, there = ({m.case.get(name) for m in members} for members in (chosen, others))
        if None not in here and not here & there:
            found.append(said(name, here, there, room))
    return min(found, key=len, default="")

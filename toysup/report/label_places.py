"""Where the conditions with a label are: their objective, and their values of one setting."""

from toysup.report.labels import Label
from toysup.report.prose.phrases import phrase
from toysup.report.prose.subjects import LabelledCondition, Subject


def where_label(label: Label, every: list[Subject]) -> str:
    """The one objective, and the values of one setting, that a label keeps to; "" if to none."""
    subjects_of = [s for s in every if any(m.label == label for m in s.counting)]
    if len(subjects_of) > 1:
        return ""
    [subject] = subjects_of
    under = f"under {subject.name}" if sum(bool(s.counting) for s in every) > 1 else ""
    return f"{under} {setting_of_label(label, subject)}".strip()


def setting_of_label(label: Label, subject: Subject) -> str:
    """The shortest exact description of where a label is by one setting; "" if there is none."""
    varying, found = subject.varying, []
    chosen: list[LabelledCondition] = [m for m in subject.counting if m.label == label]
    others = [m for m in subject.counting if m.label != label]
    for name in varying.names if others else ():
        here, there = ({m.case.get(name) for m in members} for members in (chosen, others))
        if None not in here and not here & there:
            found.append(phrase(name, here, there, varying))
    return min(found, key=len, default="")

"""Whether a claim is true of a condition: true, false or unknown."""

Truth = bool | None  # None: unknown


def opposite(truth: Truth) -> Truth:
    return None if truth is None else not truth

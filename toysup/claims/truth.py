"""What is known of a condition: that a claim is true of it, that it is false, or neither."""

Truth = bool | None  # None: not known


def opposite(truth: Truth) -> Truth:
    return None if truth is None else not truth

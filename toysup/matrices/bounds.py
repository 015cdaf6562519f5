"""What the largest cosine of directions, or of lines, is at least: to hold a coherence against."""

import math


def welch(r: int, m: int) -> float:
    """The least coherence max |c_ij| of `r` lines in `m` dimensions. Equiangular frames meet it.

        sqrt((r - m) / (m (r - 1))),  0 for r <= m

    Source: Welch 1974, "Lower bounds on the maximum cross correlation of signals".
    """
    return math.sqrt((r - m) / (m * (r - 1))) if r > m else 0.0


def orthoplex(r: int, m: int) -> float:
    """The least coherence where lines are more than m (m + 1) / 2: 1 / sqrt(m); 0 elsewhere.

    Source: Conway, Hardin & Sloane 1996, "Packing lines, planes, etc.".
    """
    return 1 / math.sqrt(m) if r > m * (m + 1) // 2 else 0.0


def levenshtein(r: int, m: int) -> float:
    """The least coherence where lines are more than m (m + 1) / 2, by Levenshtein's second bound.

        sqrt((3 r - m^2 - 2 m) / ((m + 2) (r - m)));  0 elsewhere

    Source: Levenshtein 1982, "Bounds on the maximal cardinality of a code with bounded modulus of
    the inner product".
    """
    if r <= m * (m + 1) // 2:
        return 0.0
    return math.sqrt((3 * r - m**2 - 2 * m) / ((m + 2) * (r - m)))


def coherence(r: int, m: int) -> float:
    """The least coherence of `r` lines in `m` dimensions, by all three bounds."""
    return max(welch(r, m), orthoplex(r, m), levenshtein(r, m))

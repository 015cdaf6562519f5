"""When two directions are one, and when they are told apart."""

import math

SHARING = 0.95  # 18 degrees
FEASIBLE = 1e-6  # a cosine so little above a bound is not above it: searches round
TWICE, ROOM = 2.0, 1.5  # see `told_apart_cosine`


def cap(r: int, m: int) -> float:
    """The angle phi of a cap that is 1/r of the sphere in `m` >= 2 dimensions, in radians."""
    from scipy.special import betaincinv

    return math.asin(math.sqrt(betaincinv((m - 1) / 2, 1 / 2, 2 / r))) if r > 2 else math.pi / 2


def sharing_cosine(r: int, m: int) -> float:
    """The cosine above which two of `r` directions in `m` dimensions count as one direction.

        max(0.95, cos(phi)),  phi: the radius of a cap that is 1/r of the sphere

    Caps of half the least angle around the directions do not overlap, so that angle is at most
    2 phi, and in the plane, for a regular polygon, it is exactly that. Half of it is under 18
    degrees only where many directions crowd into few dimensions: from 10 on in the plane, from 41
    on in space. In one dimension there are two directions, and this is 1 where more than two
    features share them.

    >>> round(sharing_cosine(20, 2), 6), sharing_cosine(5, 2), sharing_cosine(400, 30)
    (0.987688, 0.95, 0.95)

    Source: the cap bound; Shannon 1959, "Probability of error for optimal codes in a Gaussian
    channel", for both directions of it.
    """
    if m == 1:
        return 1.0 if r > 2 else SHARING
    return SHARING if r <= 2 * m else max(SHARING, math.cos(cap(r, m)))


def told_apart_cosine(r: int, m: int) -> float:
    """The largest cosine of a code of `r` directions in `m` dimensions that are told apart.

        the cosine of the lesser of 2 arccos(0.95) and 1.5 phi, phi as for `sharing_cosine`

    Twice the angle at which two directions count as one: 36 degrees, a cosine of 0.805. A code
    just short of sharing would be no better told apart than one that shares, and with a little
    noise it does share. Where many directions crowd into few dimensions no code is that wide, and
    1.5 phi leaves room: the widest codes are at most 2 phi apart. 1 in one dimension.

    >>> round(told_apart_cosine(20, 5), 3), round(told_apart_cosine(20, 2), 3)
    (0.805, 0.972)

    Source: toysup; the cap bound of Shannon 1959.
    """
    if m == 1:
        return 1.0
    widest = TWICE * math.acos(SHARING)
    return math.cos(widest if r <= 2 * m else min(widest, ROOM * cap(r, m)))

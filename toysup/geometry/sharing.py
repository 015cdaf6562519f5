"""When two directions are one: the cosine above which features share a direction."""

import math

SHARING = 0.95  # 18 degrees
FEASIBLE = 1e-6  # a cosine so little above the sharing cosine is not above it: searches round


def sharing_cosine(r: int, m: int) -> float:
    """The cosine above which two of `r` directions in `m` dimensions count as one direction.

        max(0.95, cos(phi)),  phi: the radius of a cap that is 1/r of the sphere

    Caps of half the least angle around the directions do not overlap, so that angle is at most
    2 phi, and in the plane, for a regular polygon, it is exactly that. Half of it is under 18
    degrees only where many directions crowd into few dimensions: from 10 on in the plane, from 41
    on in space. Codes without a larger cosine exist at every size: as long as caps of radius phi
    around fewer than r directions leave a gap, there is room for one more. In one dimension
    there are two directions, and this is 1 where more than two features share them.

    >>> round(sharing_cosine(20, 2), 6), sharing_cosine(5, 2), sharing_cosine(400, 30)
    (0.987688, 0.95, 0.95)

    Source: the cap bound; Shannon 1959, "Probability of error for optimal codes in a Gaussian
    channel", for both directions of it.
    """
    from scipy.special import betaincinv

    if m == 1:
        return 1.0 if r > 2 else SHARING
    if r <= 2 * m:
        return SHARING
    sine_squared = betaincinv((m - 1) / 2, 1 / 2, 2 / r)
    return max(SHARING, math.sqrt(1 - sine_squared))

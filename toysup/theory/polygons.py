"""Regular polygons of features in the plane, and what each costs. Chen et al. 2023."""

import numpy as np


def polygon_losses(n_features):
    """Loss of each regular k-gon of features in two dimensions, where a sample has one feature.

    "k" has all features on it; "k+i-j" leaves out i whose bias is 1 / (2n), and j with none: the
    critical points between which learning goes. Each of the left out costs 1/3 - 1/(4n) or 1/3; a
    polygon of up to four costs nothing, as nothing meets at less than 90 degrees; one of more the
    least over q = |w|^2 and b of E (a - relu(q a + b))^2 + sum_j E relu(q a cos_j + b)^2 a corner.
    All over n^2: means over features, one of which is there, with amplitude a from U[0, 1).

    Source: Chen et al. 2023, "Dynamical versus Bayesian Phase Transitions in a Toy Model of
    Superposition" (their losses are n times these).

    >>> {k: round(6 * v, 5) for k, v in polygon_losses(6).items() if k[0] in "56"}
    {'5+1': 0.0618, '5-1': 0.06874, '6': 0.04819}
    """
    n, losses = n_features, {}
    plus, minus = 1 / 3 - 1 / (4 * n), 1 / 3
    for k in range(2, n + 1):
        corners = k * _corner_loss(k)
        for i in range(n - k, -1, -1):
            j = n - k - i
            name = f"{k}" + (f"+{i}" if i else "") + (f"-{j}" if j else "")
            losses[name] = float(corners + i * plus + j * minus) / n**2
    return losses


def _corner_loss(k):
    """What a corner of a regular k-gon costs at best; the grid closes in on the best q and b."""
    cosines = np.cos(2 * np.pi * np.arange(1, k) / k)
    cosines = cosines[cosines > 1e-9]
    if not len(cosines):
        return 0.0
    q, b, width = 1.0, -0.3, 1.0
    for _ in range(12):
        qs = (q + width * np.linspace(-0.5, 0.5, 21))[:, None].clip(0.05)
        bs = (b + width * np.linspace(-0.5, 0.5, 21)).clip(max=-1e-12)
        loss = _squares(1 - qs, -bs, -bs / qs) + (-bs / qs).clip(max=1) ** 3 / 3
        loss = loss + sum(_squares(qs * c, bs, -bs / (qs * c)) for c in cosines)
        at = np.unravel_index(loss.argmin(), loss.shape)
        q, b, width = qs[at[0], 0], bs[at[1]], width / 3
    return loss.min()


def _squares(slope, offset, start):
    """The integral of (slope a + offset)^2 over a from `start`, at most 1, to 1."""
    s = np.minimum(start, 1)
    return slope**2 * (1 - s**3) / 3 + slope * offset * (1 - s**2) + offset**2 * (1 - s)

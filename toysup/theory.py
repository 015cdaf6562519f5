"""Closed forms that a trained result is held against."""

import numpy as np


def excess_kurtosis(first, second, third, fourth):
    """Excess kurtosis of a variable from its raw moments E[x], E[x^2], E[x^3], E[x^4].

    0 is Gaussian, 6 is a Laplace, large and positive is rare and heavy-tailed.

    >>> round(excess_kurtosis(1 / 2, 1 / 3, 1 / 4, 1 / 5), 6)  # U[0, 1)
    -1.2
    """
    variance = second - first**2
    central = fourth - 4 * first * third + 6 * first**2 * second - 3 * first**4
    return central / variance**2 - 3


def mse_phase_losses(density, relative_importance, n_features=2):
    """Loss of each way to store n features in n - 1 dimensions, the last r times as important.

    ignore the first s/3 - s^2/4; ignore the last r (s/3 - s^2/4); superpose the last two
    (1 + r) s^2/6; superpose the first two s^2/3 (only for n >= 3). The smallest one wins. Losses
    are sums over features of amplitude U[0, 1) present with probability s, times importance.

    Source: Elhage et al. 2022, section 3; the constants follow from the moments 1/2 and 1/3.

    >>> losses = mse_phase_losses(density=0.1, relative_importance=1.0)
    >>> min(losses, key=losses.get)
    'superpose the last two'
    """
    s, r = np.asarray(density), np.asarray(relative_importance)
    dropped = s / 3 - s**2 / 4
    losses = {
        "ignore the first": dropped,
        "ignore the last": r * dropped,
        "superpose the last two": (1 + r) * s**2 / 6,
    }
    return losses | ({"superpose the first two": s**2 / 3} if n_features >= 3 else {})


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


def spectral_contrastive_optimum(second_moment, cross_moment, d_hidden):
    """A = S^1/2 W.T W S^1/2 of the linear codes W that have the least spectral contrastive loss.

    A is the top-m positive part of S^-1/2 C S^-1/2, with S = E[x x.T] over views, C = E[x x+.T]
    over pairs of views, not centred, (n_features, n_features) each, and m = d_hidden. Directions
    in which x does not vary are left out. At C = S, equal views, A is any projection onto m
    dimensions, and this is one of them.

    Source: HaoChen et al. 2021, "Provable Guarantees for Self-Supervised Deep Learning with
    Spectral Contrastive Loss", for a code of this form, by Eckart & Young 1936.

    >>> second, cross = np.diag([1.0, 4.0, 1.0]), np.diag([0.5, 1.0, -1.0])
    >>> spectral_contrastive_optimum(second, cross, 2).diagonal().tolist()
    [0.5, 0.25, 0.0]
    """
    values, vectors = _positive_part(second_moment, cross_moment, d_hidden)
    return (vectors * values) @ vectors.T


def spectral_contrastive_gram(second_moment, cross_moment, d_hidden):
    """W.T W of the same codes, (n_features, n_features): S^-1/2 A S^-1/2.

    >>> second, cross = np.diag([1.0, 4.0, 1.0]), np.diag([0.5, 1.0, -1.0])
    >>> spectral_contrastive_gram(second, cross, 2).diagonal().tolist()
    [0.5, 0.0625, 0.0]
    """
    root = _inverse_root(second_moment)
    return root @ spectral_contrastive_optimum(second_moment, cross_moment, d_hidden) @ root


def spectral_contrastive_least_loss(second_moment, cross_moment, d_hidden):
    """The loss of the same codes: -sum of l^2 over the m largest positive eigenvalues l.

    No less than -m, which equal views reach; 0 where views have no moments in common.

    >>> spectral_contrastive_least_loss(np.eye(3), np.eye(3), 2)
    -2.0
    """
    values, _ = _positive_part(second_moment, cross_moment, d_hidden)
    return -float(np.sum(values**2))


def _inverse_root(S):
    """S^-1/2 on what S spans."""
    values, vectors = np.linalg.eigh(S)
    inside = values > 1e-10 * values[-1]
    return (vectors[:, inside] * values[inside] ** -0.5) @ vectors[:, inside].T


def _positive_part(S, C, m):
    """The m largest eigenvalues of S^-1/2 C S^-1/2, 0 for negative ones, and their vectors."""
    root = _inverse_root(S)
    values, vectors = np.linalg.eigh(root @ (C + C.T) @ root / 2)
    return np.maximum(values[-m:], 0), vectors[:, -m:]

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

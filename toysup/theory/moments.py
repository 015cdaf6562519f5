"""Shapes of distributions from their moments."""


def excess_kurtosis(first, second, third, fourth):
    """Excess kurtosis of a variable from its raw moments E[x], E[x^2], E[x^3], E[x^4].

    0 is Gaussian, 6 is a Laplace, large and positive is rare and heavy-tailed.

    >>> round(excess_kurtosis(1 / 2, 1 / 3, 1 / 4, 1 / 5), 6)  # U[0, 1)
    -1.2
    """
    variance = second - first**2
    central = fourth - 4 * first * third + 6 * first**2 * second - 3 * first**4
    return central / variance**2 - 3

"""What the encoders share: how their weights start."""

from flax import linen as nn


def glorot(d_hidden, n_features):
    """W ~ N(0, 2 / (n_features + d_hidden)), (d_hidden, n_features).

    Every encoder with a W starts it so, as its first parameter: a seed means the same W in each.
    """
    return nn.initializers.normal((2 / (n_features + d_hidden)) ** 0.5)


def he(fan_in):
    """N(0, 2 / fan_in), which keeps the size of what passes through layers of ReLUs.

    Source: He et al. 2015, "Delving Deep into Rectifiers".
    """
    return nn.initializers.normal((2 / fan_in) ** 0.5)

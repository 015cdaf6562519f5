"""How the weights of encoders with layers of ReLUs start."""

from flax import linen as nn


def he(fan_in):
    """N(0, 2 / fan_in), which keeps the size of what passes through layers of ReLUs.

    Source: He et al. 2015, "Delving Deep into Rectifiers".
    """
    return nn.initializers.normal((2 / fan_in) ** 0.5)

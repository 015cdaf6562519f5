"""How a W starts: an encoder's, and the matrices that an objective trains beside it."""

import jax


def glorot(key, d_hidden, n_features):
    """N(0, 2 / (n_features + d_hidden)), (d_hidden, n_features).

    Every encoder with a W starts it so, as its first parameter: a seed means the same W in each.

    Source: Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward
    neural networks".
    """
    scale = (2 / (n_features + d_hidden)) ** 0.5
    return scale * jax.random.normal(key, (d_hidden, n_features))

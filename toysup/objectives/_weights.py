"""How the matrices start that an objective trains beside the encoder."""

import jax


def glorot(key, d_hidden, n_features):
    """N(0, 2 / (n_features + d_hidden)), (d_hidden, n_features), as the encoder's W starts."""
    scale = (2 / (n_features + d_hidden)) ** 0.5
    return scale * jax.random.normal(key, (d_hidden, n_features))

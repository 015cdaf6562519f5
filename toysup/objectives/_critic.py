"""The critic of a GAN: a perceptron that scores samples, and the penalties on its slope."""

import jax
import jax.numpy as jnp

TINY = 1e-12  # under a root, so that a slope of zero has a gradient


def init(key, sizes):
    """Weights (out, in), as He et al. 2015 start those of ReLUs, and biases of 0, by layer."""
    keys = jax.random.split(key, len(sizes) - 1)
    return [
        {"W": (2 / m) ** 0.5 * jax.random.normal(k, (n, m)), "b": jnp.zeros(n)}
        for k, m, n in zip(keys, sizes[:-1], sizes[1:], strict=True)
    ]


def score(critic, x):
    """D(x), (batch,), for x (n_features, batch): ReLUs between the layers."""
    *layers, last = critic
    for layer in layers:
        x = jax.nn.relu(layer["W"] @ x + layer["b"][:, None])
    return (last["W"] @ x + last["b"][:, None])[0]


def squared_slope(critic, x):
    """|dD/dx|^2 at each sample, (batch,)."""
    slope = jax.grad(lambda x: jnp.sum(score(critic, x)))(x)
    return jnp.sum(slope**2, axis=0)


def slope_of_one(critic, real, fake, share):
    """Mean of (|dD/dx| - 1)^2 at points between real and fake samples. Gulrajani et al. 2017.

    `share`, (batch,), is how much of each point is real.
    """
    between = share * real + (1 - share) * fake
    return jnp.mean((jnp.sqrt(squared_slope(critic, between) + TINY) - 1) ** 2)


def slope_of_zero(critic, real):
    """Mean of |dD/dx|^2 / 2 at real samples: R1 of Mescheder et al. 2018."""
    return jnp.mean(squared_slope(critic, real)) / 2

"""How many features there may be where theory sums over all samples. Without jax."""

MOST_FEATURES = 6

"""Feature worlds, one a file: the distribution that the samples come from.

A world has

- `sample(key, n_features, batch)`: `x`, `(n_features, batch)`, non-negative, zero where absent;
- `resample_amplitudes(key, x)`: the same features present, with fresh amplitudes;
- `kappa()`: the excess kurtosis of one feature, NaN where features are not independent (then
  that of a hidden unit does not follow from it).

Draws are shared: the uniforms behind a sample depend on the key alone, so that conditions
compared on one seed see the same randomness.
"""

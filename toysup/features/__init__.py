"""Feature distributions, one a file: samples are drawn from them.

Each is a `FeatureDistribution` (in `_distribution.py`, which says what else one may have) with

- `sample(key, n_features, batch)`: `x`, `(n_features, batch)`, non-negative, zero where absent;
- `resample_amplitudes(key, x)`: the same features present, with fresh amplitudes.

Draws are shared: the uniforms behind a sample depend on the key alone, so that conditions
compared on one seed see the same randomness.
"""

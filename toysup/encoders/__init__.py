"""Encoders, one a file: flax modules from `x` `(n_features, batch)` to `h` `(d_hidden, batch)`.

`W`, `(d_hidden, n_features)`, is the matrix of an encoder that has one for its input.
"""

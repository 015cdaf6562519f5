"""Encoders, one a file: `x` `(n_features, batch)` goes in, `h` `(d_hidden, batch)` comes out.

An encoder is an `Encoder` (in `_encoder.py`, which says what one may have).
"""

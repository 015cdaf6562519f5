"""Encoders, one a file: flax modules from `x` `(n_features, batch)` to `h` `(d_hidden, batch)`.

A dataclass whose fields are its settings, with

- `module(n_features, d_hidden)`: the flax module. Its parameter `W`, `(d_hidden, n_features)`, is
  the matrix that it applies to its input first, if it has one; a tied decoder transposes it;
- `linear`: whether the columns of `W` are the directions of the features exactly;
- `workspace(settings)`: floats that encoding a batch keeps alive beyond x and h, from its own
  settings, [model]'s and `batch_size`;
- maybe `misfit(settings)`: what is wrong with these settings together, as words behind the
  table's name, or None. `settings` has the table's own and [model]'s.
"""

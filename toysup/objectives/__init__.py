"""Training objectives, one a file: a frozen dataclass whose fields are its settings.

An objective is an `Objective` (in `_objective.py`, which says what else one may have) with

- `loss(model, key, x)`: a scalar in nats or squared units. `x` is `(n_features, batch)`, or with
  `pairs` the two views `(anchors, positives)`, each of that shape;
- `workspace(n_features, d_hidden, batch)`: floats that one instance's step keeps alive, from
  which the plan sizes its chunks.
"""

"""Training objectives, one a file: a frozen dataclass whose fields are its settings.

An objective has

- `pairs`: whether it compares two views of a sample (True) or sees the sample itself (False);
- `init(key, n_features, d_hidden)`: its own trained parameters beside the encoder's, a dict;
- `loss(model, key, x)`: a scalar in nats or squared units. `x` is `(n_features, batch)`, or with
  `pairs` the two views `(anchors, positives)`, each of that shape;
- `smallest_batch`: below it the loss says nothing;
- `workspace(n_features, d_hidden, batch)`: floats that one instance's step keeps alive, from
  which the plan sizes its chunks.
"""

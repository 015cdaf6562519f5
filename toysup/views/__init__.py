"""How the two views of a sample are made, one a file.

A view has `pair(sample_key, view_key, features, n_features, batch)`, which draws a batch and
returns `(anchors, positives)`, each `(n_features, batch)`. The anchors' samples come from
`sample_key` alone, so every view, and every objective without views, sees the same ones.

What a positive keeps of its anchor, the identity of the features, their amplitudes or their
directions, is what a contrastive objective can learn.
"""

"""How the two views of a sample are made, one a file: samples go in, pairs of batches come out.

A view is a `View` (in `_view.py`). What a positive keeps of its anchor, the identity of the
features, their amplitudes or their directions, is what a contrastive objective can learn.
"""

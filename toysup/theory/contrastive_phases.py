"""What becomes of the last feature under a contrastive loss, which leaves the scale of W free."""

import numpy as np

from toysup.theory.phases import phase_of_last


def relative_length_and_overlap(W):
    """The last feature's length over the longest one's, and sum_j (u_n . w_j)^2 over its square.

    A length of 0 is ignored. An overlap of 0 has a dimension to itself, 1 is one antipodal twin of
    the longest's length, and 1/m each feature of a simplex in m dimensions. Insensitive to rotation
    and scale. `W` is `(..., d_hidden, n_features)`, the results `(...)`.

    >>> [float(x) for x in relative_length_and_overlap(np.array([[2.0, -1.0]]))]
    [0.5, 1.0]
    """
    lengths = np.sqrt((W**2).sum(axis=-2))
    longest, last = lengths.max(axis=-1), lengths[..., -1]
    with np.errstate(divide="ignore", invalid="ignore"):
        onto = (W[..., -1:].mT @ W[..., :-1])[..., 0, :] / last[..., None]
        return last / longest, (onto**2).sum(axis=-1) / longest**2


def contrastive_phase(length, overlap, d_hidden):
    """The `Phase` of a last feature with this relative length and overlap, as a place in PHASES; -1
    where it is not known.

    Ignored where it is shorter than half of the longest. Dedicated where its overlap is under half
    of that of a simplex, 1/m, else superposed: three in two dimensions superpose as a triangle,
    with half of the overlap of an antipodal pair.
    """
    return phase_of_last(length, overlap * d_hidden)  # 1 is then a simplex, 0 alone


def contrastive_phase_of_last(W):
    """The `Phase` of the last feature of W, (..., d_hidden, n_features), as above."""
    W = np.asarray(W, float)
    return contrastive_phase(*relative_length_and_overlap(W), W.shape[-2])

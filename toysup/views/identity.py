"""Two equal views: alignment is free, only the spreading of the negatives is left."""

from flax import struct

from toysup.views._view import View


@struct.dataclass
class Identity(View):
    """Both views are the sample itself.

    Source: the control condition; Wang & Isola 2020 for the split into alignment, which is
    perfect here, and uniformity.
    """

    def pair(self, sample_key, view_key, features, n_features, batch):
        x = features.sample(sample_key, n_features, batch)
        return x, x

    def keep_chances(self, n_features):
        return (1.0,) * n_features

"""Same features, fresh amplitudes: the positive keeps identity only."""

from flax import struct

from toysup.views._view import View


@struct.dataclass
class Resample(View):
    """The second view has the same features present, with amplitudes drawn anew.

    What the views share is which features are there. With every feature present (p = 1) they
    share nothing, and the loss cannot fall below ln(batch).

    Source: Zimmermann et al. 2021, "Contrastive Learning Inverts the Data Generating Process",
    for positives as a draw from a conditional distribution.
    """

    def pair(self, sample_key, view_key, features, n_features, batch):
        x = features.sample(sample_key, n_features, batch)
        return x, features.resample_amplitudes(view_key, x)

"""Additive Gaussian noise on both views."""

import jax
from flax import struct

from toysup.registry import setting
from toysup.views._view import View


@struct.dataclass
class Noise(View):
    """Both views are the sample plus their own Gaussian noise of standard deviation noise_scale.

    Amplitudes lie in [0, 1), so a scale of 0.1 blurs them and keeps identities. Slow to train on
    dense features: the views differ little beside how much samples differ.

    Source: Jing et al. 2022, "Understanding Dimensional Collapse in Contrastive Self-supervised
    Learning" (additive noise as the augmentation of a linear model).
    """

    noise_scale: float = setting(
        0.1, "standard deviation of the noise on each view", traced=True, low=0.0
    )

    def pair(self, sample_key, view_key, features, n_features, batch):
        x = features.sample(sample_key, n_features, batch)
        noise = self.noise_scale * jax.random.normal(view_key, (2, *x.shape))
        return x + noise[0], x + noise[1]

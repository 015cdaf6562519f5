"""A masked autoencoder: reconstruct what was taken out as well. Vincent 2008; He et al. 2022."""

import jax
import jax.numpy as jnp
from flax import struct

from toysup.objectives._reconstruction import SquaredReconstruction
from toysup.registry import setting


@struct.dataclass
class MaskedMSE(SquaredReconstruction):
    """Reconstruct all features from some: mean of I_i (x_i - relu(w_i . h + b_i))^2, h of M x.

    M sets each feature of each sample to 0 with mask_probability q; importance I_i is
    importance_decay^i. At q = 0 it is `mse`. The loss counts all features, as in Vincent's: the
    masked ones alone, as in He's, say nothing of features that are independent, whose best guess
    is then a constant.

    For independent features it is `mse` of sparser ones, of density (1 - q) p, of which one that
    is not seen should be read as its guess q E[x] / (1 - (1 - q) p) in place of 0; what was hidden
    is lost, about q E[x^2] a feature. Theory predicts the geometry of `mse` at that density where
    features are rare, as the guess is then about 0. At p = 1 the guess is the mean, no output is
    held at 0, negative interference is not free, and the geometry stays that of `linear_mse`
    however much is masked. Related features are guessed from each other, which draws them
    together, the more the larger q.

    Source: Vincent et al. 2008, "Extracting and Composing Robust Features with Denoising
    Autoencoders"; He et al. 2022, "Masked Autoencoders Are Scalable Vision Learners".
    """

    mask_probability: float = setting(
        0.5,
        "chance that a feature of a sample is hidden from the encoder",
        traced=True,
        low=0.0,
        high=1.0,
    )

    def loss(self, model, key, x):
        hidden = jax.random.uniform(key, x.shape) < self.mask_probability
        h = model.encode(jnp.where(hidden, 0.0, x))
        return self.error(model, h, x)

    @staticmethod
    def workspace(n_features, d_hidden, batch):
        return (5 * n_features + 2 * d_hidden) * batch

"""A variational autoencoder. Kingma & Welling 2014; its beta, Higgins et al. 2017."""

import jax
import jax.numpy as jnp
from flax import struct

from toysup.kernels.reconstruction import squared_error
from toysup.objectives._reconstruction import Reconstruction
from toysup.registry import Measure, setting

# A latent is active when its posterior mean varies by more than this over samples. Burda et al.
# 2016, section 5.2: latents are far above or far below it.
ACTIVE_VARIANCE = 0.01


def kl_divergence(mean, log_variance):
    """KL(N(mean, exp(log_variance)) || N(0, 1)), summed over the latents: nats, (batch,)."""
    return jnp.sum(mean**2 + jnp.exp(log_variance) - 1 - log_variance, axis=0) / 2


@struct.dataclass
class VAE(Reconstruction):
    """Send each sample through a noisy code, and pay for it: |x - y|^2 / 2 + beta KL(q || N(0, 1)).

    The code z ~ q = N(h + c, diag(exp(U x + u))) is decoded as y = relu(V.T z + b), and the loss is
    averaged over the batch. beta is the weight of the KL and the noise of the decoder in one: an
    ordinary VAE that takes x for y plus noise of variance s^2 minimises this with beta = s^2,
    divided by s^2. It is in squared units, as features have: their variance is p/3 - p^2/4, so
    that beta = 1 is far more noise than there is anything to tell.

    Theory for a linear decoder: its columns span the principal components of x whose variance
    exceeds beta, and every other latent is inactive, its posterior the prior's N(0, 1); at the
    optimum the rows of V are orthogonal, so the latents are axes that mean something. Behind the
    ReLU a rare feature costs only where it occurs: it stays in the code at a beta above its
    variance. Sparse features superpose as under `mse`, but the fewer the larger beta. An inactive
    latent is no dimension, so directions are measured in the active ones. With no latent active
    the bias answers alone, at |x - E[x]|^2 / 2; but at a large beta the noise of the first steps
    can push the bias of a sparse feature below 0, where it stays and the answer is about 0.

    The decoder has a matrix of its own by default: the code's scale is that of the prior, the
    decoder's is that of x, and one W cannot have both.

    Source: Kingma and Welling 2014, "Auto-Encoding Variational Bayes"; Higgins et al. 2017,
    "beta-VAE"; Lucas et al. 2019, "Don't Blame the ELBO!", for the linear decoder; Burda et al.
    2016, "Importance Weighted Autoencoders", for active latents.
    """

    tied: bool = setting(
        False, "decode with the encoder's W transposed, or else with a matrix trained beside it"
    )
    beta: float = setting(
        1e-3,
        "weight of the KL, which is the variance of the decoder's noise",
        traced=True,
        above=0.0,
    )

    measures = (
        Measure(
            "kl",
            "nats",
            "How much the code tells of a sample, at most: KL of the posterior from the prior, "
            "averaged over samples; 0 where every latent is inactive.",
            "Kingma & Welling 2014",
        ),
    )

    def init(self, key, module, n_features, d_hidden):
        return super().init(key, module, n_features, d_hidden) | {
            "mean_bias": jnp.zeros(d_hidden),
            "U": jnp.zeros((d_hidden, n_features)),
            "log_variance": jnp.zeros(d_hidden),
        }

    def posterior(self, model, x):
        """The mean and the logarithm of the variance of q, (d_hidden, batch) each."""
        extra = model.extra
        mean = model.encode(x) + extra["mean_bias"][:, None]
        return mean, extra["U"] @ x + extra["log_variance"][:, None]

    def loss(self, model, key, x):
        mean, log_variance = self.posterior(model, x)
        z = mean + jnp.exp(log_variance / 2) * jax.random.normal(key, mean.shape)
        halves = jnp.full(len(x), 0.5 / x.shape[1])
        error = squared_error(True, self.matrix(model), model.extra["b"], z, x, halves)
        kl = jnp.mean(kl_divergence(mean, log_variance))
        return error + self.beta * kl  # pyright: ignore[reportOperatorIssue]  jax: custom_vjp

    def chance(self, x, d_hidden):
        return jnp.sum(jnp.var(x, axis=1, ddof=1)) / 2

    switches_units_off = True

    def in_use(self, variance):
        return variance > ACTIVE_VARIANCE

    def measure(self, model, key, x):
        return {"kl": jnp.mean(kl_divergence(*self.posterior(model, x)))}

    @staticmethod
    def workspace(n_features, d_hidden, batch):
        return (3 * n_features + 8 * d_hidden) * batch

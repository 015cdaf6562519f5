"""A generator against a critic. Goodfellow et al. 2014; WGAN-GP, Gulrajani et al. 2017."""

import jax
import jax.numpy as jnp
from flax import struct
from jax.lax import stop_gradient

from toysup.kernels.affine import affine
from toysup.objectives import _critic as critics
from toysup.objectives._energy import energy_distance
from toysup.objectives._objective import Objective
from toysup.registry import Measure, setting


@struct.dataclass
class GAN(Objective):
    """todo."""

    game: str = setting("wasserstein", "x", choices=("wasserstein", "non_saturating"))
    gradient_penalty: float = setting(1.0, "weight", low=0.0)
    critic_rate: float = setting(1.0, "x", above=0.0)
    critic_width: int = setting(32, "x", low=1)
    critic_layers: int = setting(2, "x", low=1)

    smallest_batch = 2

    def init(self, key, module, n_features, d_hidden):
        sizes = (n_features, *[self.critic_width] * self.critic_layers, 1)
        start = critics.init(key, sizes)
        return {
            "b": jnp.zeros(n_features),
            "critic": jax.tree.map(lambda p: p / self.critic_rate, start),
        }

    def codes(self, model):
        return {"generator": model.W}

    def generate(self, model, key, batch):
        """Samples of the generator, (n_features, batch)."""
        z = jax.random.normal(key, (model.W.shape[0], batch))
        return jax.nn.relu(affine(model.W, model.own["b"], z))

    def critic(self, model):
        return jax.tree.map(lambda p: self.critic_rate * p, model.own["critic"])

    def players(self, critic, real, fake, share):
        frozen, given = stop_gradient((critic, fake))
        on_fake = critics.score(frozen, fake)
        seen_fake, seen_real = critics.score(critic, given), critics.score(critic, real)
        if self.game == "wasserstein":
            generator = -jnp.mean(on_fake)
            fooled = jnp.mean(seen_fake) - jnp.mean(seen_real)
            penalty = critics.slope_of_one(critic, real, given, share)
        else:
            generator = jnp.mean(jax.nn.softplus(-on_fake))
            fooled = jnp.mean(jax.nn.softplus(seen_fake)) + jnp.mean(jax.nn.softplus(-seen_real))
            penalty = critics.slope_of_zero(critic, real)
        return generator, fooled + self.gradient_penalty * penalty

    def loss(self, model, key, x):
        latent_key, share_key = jax.random.split(key)
        batch = x.shape[1]
        fake = self.generate(model, latent_key, batch)
        share = jax.random.uniform(share_key, (batch,))
        players = sum(self.players(self.critic(model), x, fake, share))
        return stop_gradient(energy_distance(x, fake)) + players - stop_gradient(players)

    @staticmethod
    def workspace(n_features, d_hidden, batch):
        return (8 * n_features + 4 * d_hidden + 16 * 32) * batch

"""A generator against a critic. Goodfellow et al. 2014; WGAN-GP, Gulrajani et al. 2017."""

import jax
import jax.numpy as jnp
from flax import struct
from jax.lax import stop_gradient

from toysup.kernels.affine import affine
from toysup.objectives import _critic
from toysup.objectives._bias import DecoderBias
from toysup.objectives._energy import energy_distance, energy_of_the_best_constant
from toysup.objectives._objective import Objective
from toysup.registry import Measure, setting


def wasserstein(critic, real, fake, share):
    """The two players' losses and the critic's penalty. Gulrajani et al. 2017."""
    on_fake, on_real, on_given = scores(critic, real, fake)
    penalty = _critic.slope_of_one(critic, real, stop_gradient(fake), share)
    return -jnp.mean(on_given), jnp.mean(on_fake) - jnp.mean(on_real), penalty


def non_saturating(critic, real, fake, share):
    """The same of the classifier's game: Goodfellow et al. 2014, and R1 of Mescheder et al. 2018.

    D is the logit of being real.
    """
    on_fake, on_real, on_given = scores(critic, real, fake)
    told_apart = jnp.mean(jax.nn.softplus(on_fake)) + jnp.mean(jax.nn.softplus(-on_real))
    return jnp.mean(jax.nn.softplus(-on_given)), told_apart, _critic.slope_of_zero(critic, real)


def scores(critic, real, fake):
    """D of fake and of real samples as the critic sees them, and of fake ones as the generator
    does: each moves its own parameters alone."""
    on_fake, on_real = (_critic.score(critic, stop_gradient(x)) for x in (fake, real))
    return on_fake, on_real, _critic.score(stop_gradient(critic), fake)


GAMES = {"wasserstein": wasserstein, "non_saturating": non_saturating}


@struct.dataclass
class GAN(DecoderBias, Objective):
    """Generate samples that a critic cannot tell from the data: y = relu(W.T z + b), z ~ N(0, 1).

    W is the linear encoder's, which is never used to encode: the directions are the generator's,
    w_i that of the latent along which feature i appears. The critic D is a perceptron. Under
    `wasserstein` it maximises E D(x) - E D(y) with a slope of about 1, and the generator E D(y);
    under `non_saturating` it is a classifier with logit D, and the generator maximises
    E log sigmoid(D(y)).

    Both players move in the same step, each along the gradient of its own loss: simultaneous
    descent, where each is held still for the other's gradient. No single loss falls in a game, so
    the value of this one is what the game is for and no player sees: the energy distance
    2 E|x - y| - E|x - x'| - E|y - y'| of the batch, 0 where the distributions are equal. Its
    gradient is that of the players.

    Theory: with a_i = |w_i|, feature i is there when u_i . z > -b_i / a_i, and two are there
    together the more often the larger their cosine: as if independent at 0, always at 1 when they
    are equally frequent, and at -1 never when they are rarer than 1/2. So independent features
    should be orthogonal, which more than d_hidden cannot all be. To miss the few samples that have
    both costs at most p^2, to have them together up to p: so positive interference costs more than
    negative, the more so the sparser, and sparse features should superpose as under `mse`. Where
    they are dense the ReLU does little, the covariance alone counts, and the optimum is PCA: of
    equal features any subspace, a random tight frame. Negative correlation between features is a
        negative cosine. The Gaussian has no preferred axes, so a latent cannot be dead by itself: a
    direction that is not used lowers the effective rank.

    A mode that is never generated has no gradient: features that come to point apart never occur
    together, so nothing turns them back. A pair that starts opposed can stay so even where there is
    room for all to be orthogonal.

    A GAN that does not fit says nothing: `relative_energy_distance` tells. With the defaults, 20
    features in 5 dimensions, a batch of 256, a learning rate of 0.01 and 2,500 (at p = 1 and 0.01:
    5,000) steps, it was about 0.07 at p = 1, 0.06 at p = 0.3, 0.02 at p = 0.1, 0.12 to 0.2 at p =
    0.03, and 0.45 to 1 at p = 0.01, where the critic sees too little: the generator's own limit is
    0.18 or less. More steps and a smaller penalty help there. wasserstein fits sparse features
    better, but its runs more often still move at the end: players that move at once need not settle
    under its penalty, and do under R1, locally (Mescheder et al.).

    Source: Goodfellow et al. 2014, "Generative Adversarial Nets"; Gulrajani et al. 2017, "Improved
    Training of Wasserstein GANs"; Mescheder et al. 2018, "Which Training Methods for GANs do
    actually Converge?", for the penalty of the non-saturating game; Heusel et al. 2017, "GANs
    Trained by a Two Time-Scale Update Rule", for the critic's own rate; Feizi et al. 2017,
    "Understanding GANs: the LQG Setting", for PCA.
    """

    game: str = setting("non_saturating", "which loss the two players have", choices=tuple(GAMES))
    gradient_penalty: float = setting(
        0.1,
        "weight of the critic's penalty: on slopes other than 1 between real and generated samples "
        "(wasserstein), or other than 0 at real ones (non_saturating)",
        traced=True,
        low=0.0,
    )
    critic_rate: float = setting(
        3.0, "how many times the generator's learning rate the critic has", traced=True, above=0.0
    )
    critic_width: int = setting(32, "how many ReLUs each layer of the critic has", low=1)
    critic_layers: int = setting(2, "how many layers of ReLUs the critic has", low=1)

    smallest_batch = 2
    measures = (
        Measure(
            "relative_energy_distance",
            "1",
            "Energy distance of generated samples from the data, as a share of that of a constant: "
            "0 is the same distribution, 1 no better than a constant, and more is worse.",
            "toysup, for Szekely & Rizzo 2013",
        ),
        Measure(
            "generated_density",
            "1",
            "Share of features present in generated samples, to be compared with "
            "effective_density.",
            "toysup, for Goodfellow et al. 2014",
        ),
    )

    def init(self, key, module, n_features, d_hidden):
        # Adam's step has one size whatever the gradient's, so parameters in units of critic_rate
        # move critic_rate times as far.
        critic = _critic.init(key, (n_features, *[self.critic_width] * self.critic_layers, 1))
        critic = jax.tree.map(lambda p: p / self.critic_rate, critic)
        return {"b": jnp.zeros(n_features), "critic": critic}

    def critic(self, model):
        """The weights and biases of D, layer by layer."""
        return jax.tree.map(lambda p: self.critic_rate * p, model.extra["critic"])

    def codes(self, model):
        return {"generator": model.W}

    def generate(self, model, key, batch):
        """Samples y, (n_features, batch)."""
        z = jax.random.normal(key, (len(model.W), batch))
        return jax.nn.relu(affine(model.W, model.extra["b"], z))

    def loss(self, model, key, x):
        latent_key, share_key = jax.random.split(key)
        y = self.generate(model, latent_key, x.shape[1])
        share = jax.random.uniform(share_key, (x.shape[1],))
        generator, critic, penalty = GAMES[self.game](self.critic(model), x, y, share)
        players = generator + critic + self.gradient_penalty * penalty
        return stop_gradient(energy_distance(x, y)) + (players - stop_gradient(players))

    def chance(self, x, d_hidden):
        return energy_of_the_best_constant(x)

    def measure(self, model, key, x):
        y = self.generate(model, key, x.shape[1])
        return {
            "relative_energy_distance": energy_distance(x, y) / energy_of_the_best_constant(x),
            "generated_density": jnp.mean(y > 0),
        }

    @classmethod
    def incompatibility(cls, settings):
        if settings["encoder"] != "linear":
            return (
                "has no encoder: it generates from the matrix of encoder.linear, and "
                f"encoder.{settings['encoder']} would not be trained: use [encoder.linear]"
            )
        return None

    @staticmethod
    def workspace(n_features, d_hidden, batch):
        # Of the critic's default size: the layers of three passes, forward and back.
        return (8 * n_features + 2 * d_hidden + 12 * 32) * batch

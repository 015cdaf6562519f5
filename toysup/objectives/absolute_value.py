"""Compute |x| from a code with ReLUs. Elhage et al. 2022, Toy Models of Superposition."""

import jax
import jax.numpy as jnp
from flax import struct

from toysup.kernels.affine import affine
from toysup.kernels.reconstruction import squared_error
from toysup.objectives._bias import DecoderBias
from toysup.objectives._objective import Objective
from toysup.registry import Measure, setting

# A unit for one side of zero alone, relu(x_i) say, explains half of |x_i| at the most, whatever p.
COMPUTED = 0.5
REPRESENTED = 0.3  # of the largest weight of a unit; 1/4 is the paper's secondary feature


def explained(x, y):
    """R^2 of each row of y for that of x, (n_features,); 0 where x never varies."""
    left = jnp.mean((x - y) ** 2, axis=1)
    variance = jnp.var(x, axis=1)
    return jnp.where(variance > 0, 1 - left / jnp.where(variance > 0, variance, 1.0), 0.0)


def represented(W):
    """Which features, (n_features,), have some unit whose weight is above REPRESENTED of its
    largest: W with rows scaled to a maximum of 1, as in the paper. A unit of zeros has none."""
    largest = jnp.max(jnp.abs(W), axis=1, keepdims=True)
    return jnp.any(jnp.abs(W) > REPRESENTED * largest, axis=0)


@struct.dataclass
class AbsoluteValue(DecoderBias, Objective):
    """Compute each feature's size: the loss is E sum_i I_i (|x_i| - relu(v_i . h + b_i))^2.

    It takes features of either sign (amplitude = "signed"); of others it is `mse` untied. The code
    is h = relu(W x), importance I_i = importance_decay^i. The code's ReLUs are what computes:
    |x_i| = relu(x_i) + relu(-x_i) takes two units, so d_hidden / 2 features can be computed
    exactly, and more only in superposition. The decoder has a matrix V of its own, as a tied one
    would read relu(-x_i) with the wrong sign.

    The loss is the sum over the features, as in the paper: by their mean, gradients of rare
    features of little importance would be below the 1e-8 that Adam adds to its divisor, and
    nothing would train them.

    V starts as |W|, so that every feature is read on both of its sides. With signs drawn apart from
    W's, an output is off on one side of half of the features and on both of a quarter, and behind
    its ReLU nothing brings it back where features seldom meet: of 100 features at p = 0.01 in 40
    units, 9 were computed instead of 22 after 10,000 steps, at 10 to 27 times the loss.

    Theory predicts pairs of units, one for each side of the most important d_hidden / 2 features,
    where they are dense, and polysemantic units where they are sparse.

    Its directions: of the encoder, the least-squares ones, which for features that are symmetric
    about 0 are W / 2, as relu(z) = (z + |z|) / 2 and |z| is even; `responses` has W itself. Of the
    decoder, V. Neither alone says what is computed: unit d may be scaled by any a > 0 in W and by
    1 / a in V.

    Source: Elhage et al. 2022, "Toy Models of Superposition", computation in superposition, with
    W_1 = W and W_2 = V.T.
    """

    importance_decay: float = setting(
        1.0, "importance of feature i is importance_decay^i", traced=True, above=0.0, high=1.0
    )

    measures = (
        Measure(
            "features_computed",
            "features",
            "How many features' sizes the output explains by more than half (R^2): d_hidden / 2 "
            "where each takes two units, more in superposition.",
            "toysup, for Elhage et al. 2022",
        ),
        Measure(
            "features_represented",
            "features",
            "How many features have a weight into some unit above 0.3 of the unit's largest: "
            "d_hidden / 2 where each has two units to itself; all of them before training.",
            "toysup, for Elhage et al. 2022",
        ),
    )

    def init(self, key, module, n_features, d_hidden):
        return {"b": jnp.zeros(n_features), "V": jnp.zeros((d_hidden, n_features))}

    def start(self, model):
        return model.replace(extra=model.extra | {"V": jnp.abs(model.W)})

    def output(self, model, x):
        """y, (n_features, batch)."""
        return jax.nn.relu(affine(model.extra["V"], model.extra["b"], model.encode(x)))

    def loss(self, model, key, x):
        importance = self.importance_decay ** jnp.arange(x.shape[0])
        V, b, h = model.extra["V"], model.extra["b"], model.encode(x)
        return squared_error(True, V, b, h, jnp.abs(x), importance / x.shape[1])

    def chance(self, x, d_hidden):
        importance = self.importance_decay ** jnp.arange(x.shape[0])
        return jnp.sum(importance * jnp.var(jnp.abs(x), axis=1, ddof=1))

    def codes(self, model):
        return {"encoder": model, "decoder": model.extra["V"]}

    def measure(self, model, key, x):
        sizes = jnp.abs(x)
        return {
            "features_computed": jnp.sum(explained(sizes, self.output(model, x)) > COMPUTED),
            "features_represented": jnp.sum(represented(model.W)),
        }

    @classmethod
    def incompatibility(cls, settings):
        if settings["encoder"] != "relu":
            return (
                "computes with one ReLU for each hidden unit, which encoder."
                f"{settings['encoder']} has not: use [encoder.relu]"
            )
        return None

    @staticmethod
    def workspace(n_features, d_hidden, batch):
        return (4 * n_features + 2 * d_hidden) * batch

"""Mean squared error, attacked once it is trained. Elhage et al. 2022, adversarial robustness."""

import jax
import jax.numpy as jnp
from flax import struct
from jax import lax

from toysup.kernels.unit import exact_unit_columns
from toysup.objectives._reconstruction import importances
from toysup.objectives.mse import MSE
from toysup.registry import Measure, setting

SAMPLES = 512  # that are attacked, each by an attack of its own
SHARED_SAMPLES = 4096  # that one attack is the same for
STEPS = 20  # of the ascent from the best feature's attack


def worst(error, x, candidates, radius, steps=STEPS):
    """The largest error, (batch,), found among perturbations of length `radius` of samples x.

    `error` of samples is (batch,), and each column of `candidates`, (n_features, any), is tried on
    every sample, both ways. The best goes on along the gradient, to the point of the sphere in its
    direction: for a convex error never a step down, without a step size. The best met counts.
    """

    def better(best, direction):
        found = error(x + radius * direction)
        more = found > best[0]
        return jnp.where(more, found, best[0]), jnp.where(more, direction, best[1])

    def tried(best, candidate):
        candidate = candidate[:, None]
        return better(better(best, candidate), -candidate), None

    def ascended(best, _):
        slope = jax.grad(lambda direction: jnp.sum(error(x + radius * direction)))(best[1])
        return better(best, exact_unit_columns(slope)), None

    best, _ = lax.scan(tried, (error(x), jnp.zeros_like(x)), exact_unit_columns(candidates).T)
    (most, _), _ = lax.scan(ascended, best, length=steps)
    return most


def harm_of_shared_attack(error, x, candidates, radius):
    """What the worst of a few attacks adds to the mean error of samples x, where all samples get
    the same one: a scalar. Each column of `candidates`, (n_features, any), is scaled to `radius`.
    """
    attacks = radius * exact_unit_columns(candidates)
    errors = lax.map(lambda attack: jnp.mean(error(x + attack[:, None])), attacks.T)
    return jnp.max(errors) - jnp.mean(error(x))


@struct.dataclass
class AttackedMSE(MSE):
    """Train as `mse` does, and then attack each sample with the worst small change of it.

        V = sqrt(mean over x of max_{|d| = r} (E(x + d) - E(x))) / r
        E(z) = sum_i I_i (x_i - y_i)^2

    y is the reconstruction of z, and x stays the answer that is wanted; r is attack_size of the
    mean length of a sample. Lengths in, lengths out: a model that has a dimension for each feature,
    or projects onto some, returns d with x and has V = 1. An antipodal pair answers with its other
    end too: V = sqrt(2).

    For an autoencoder this is nearly a tautology. y moves by M d, M = W^T W, so the best attack on
    output i is row i of M: the interference of feature i with all others, of length a_i^2 /
    sqrt(D_i) (a_i the norm of w_i, D_i its dimensionality). On all outputs together the best is an
    eigenvector, and in a tight frame all eigenvalues of M are |W|_F^2 / m: features per dimension,
    whatever the data. V differs from it by the ReLU and the bias, which hide outputs of absent
    features (an empty sample has V = 0, and one with a single feature about what its own output
    allows, sqrt(1 / D_i)), and by an error before the attack, which adds to V where r is small.

    Rows of M are tried first, both ways, as the paper does, for gradients vanish where the ReLU
    answers 0; an ascent goes on from the best. Where the decoder is not tied, M is its matrix times
    the encoder's responses.

    `attack_ratio` is the paper's own measure: one attack for all samples, r M_i / |M_i| for the
    feature i that harms most, and (L' - L) / (L'_0 - L_0). L_0 is a model without superposition,
    which answers r with r, for a feature that counts 1: L'_0 - L_0 = r^2. Which model without
    superposition the paper divides by it does not say.

    Source: Elhage et al. 2022, "Toy Models of Superposition", the relationship between
    superposition and adversarial robustness.
    """

    attack_size: float = setting(
        0.1,
        "length of a perturbation, as a share of the mean length of a sample",
        traced=True,
        above=0.0,
    )

    measures = (
        Measure(
            "vulnerability",
            "1",
            "How far the worst small change of a sample moves the answer from it, as a multiple of "
            "its length; 1 where each feature has a dimension of its own.",
            "Elhage et al. 2022",
        ),
        Measure(
            "vulnerability_per_feature",
            "1",
            "The vulnerability over features per dimension, |W|_F^2 / m: 1 in a tight frame "
            "without ReLU and error.",
            "Elhage et al. 2022",
        ),
        Measure(
            "attack_ratio",
            "1",
            "What the most harmful of the attacks on one feature adds to the loss when all samples "
            "get it, as a multiple of what it adds to a model without superposition.",
            "Elhage et al. 2022",
        ),
        Measure(
            "features_per_dimension",
            "features per dimension",
            "|W|_F^2 / m: 1 where each feature has a dimension of its own, 2 where two share one.",
            "Elhage et al. 2022",
        ),
    )

    def measure(self, model, key, x):
        n = len(x)
        importance = importances(n, self.importance_decay, self.relative_importance)[:, None]
        radius = self.attack_size * jnp.mean(jnp.sqrt(jnp.sum(x**2, axis=0)))

        def error_on(wanted):
            def error(z):
                y = jax.nn.relu(self.decode(model, model.encode(z)))
                return jnp.sum(importance * (wanted - y) ** 2, axis=0)

            return error

        responses = model.encode(jnp.eye(n)) - model.encode(jnp.zeros((n, 1)))
        M = self.matrix(model).T @ responses
        few, many = x[:, :SAMPLES], x[:, :SHARED_SAMPLES]
        added = worst(error_on(few), few, M.T, radius) - error_on(few)(few)
        found = jnp.sqrt(jnp.mean(added)) / radius
        features = jnp.trace(M) / len(responses)  # the trace of M is |W|_F^2
        shared = harm_of_shared_attack(error_on(many), many, M.T, radius)
        return {
            "vulnerability": found,
            "vulnerability_per_feature": found / features,
            "attack_ratio": shared / radius**2,
            "features_per_dimension": features,
        }

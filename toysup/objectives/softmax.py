"""Cross-entropy on the dominant feature: a classifier's code. Papyan 2020; Jiang et al. 2024."""

import jax.numpy as jnp
from flax import struct
from jax.nn import logsumexp

from toysup.kernels.affine import affine
from toysup.objectives._bias import DecoderBias
from toysup.objectives._dominant import dominant_feature, mean_where
from toysup.objectives._objective import Objective
from toysup.registry import Measure
from toysup.weights import glorot


def cross_entropy(logits, label):
    """-log of the share that exp(logits) gives the label, (batch,); logits are (classes, batch)."""
    own = jnp.take_along_axis(logits, label[None, :], axis=0)[0]
    return logsumexp(logits, axis=0) - own


def class_entropy(label, known, classes):
    """The entropy of the classes of the samples that are `known`, in nats, with its bias in a small
    batch taken off. Miller 1955."""
    count = jnp.sum((label == jnp.arange(classes)[:, None]) & known, axis=1)
    total = jnp.maximum(jnp.sum(count), 1)
    share = count / total
    entropy = -jnp.sum(jnp.where(count > 0, share * jnp.log(jnp.where(count > 0, share, 1.0)), 0.0))
    return entropy + (jnp.sum(count > 0) - 1) / (2 * total)


@struct.dataclass
class Softmax(DecoderBias, Objective):
    """Name the largest feature of a sample: -log softmax(V.T h + b) at i = argmax_i x_i, averaged.

    The class vectors v_i, (d_hidden, n_features), and the biases are trained beside the encoder.
    An empty sample has no largest feature and weighs nothing. The loss is ln(n_features) when the
    code says nothing, and goes to 0 as W and V grow where the classes can be told apart.

    Theory predicts neural collapse on sparse features, where a penalty |W|^2 + |V|^2 has the last
    word: w_i and v_i align, and with at most d_hidden + 1 features they point to the corners of a
    simplex, at cosine -1 / (n_features - 1). With more, the class vectors go to a softmax code,
    which makes the smallest margin of one against the rest as large as it can be: every feature is
    represented, and the interference that counts is with the nearest others. Without a penalty any
    code that tells the classes apart takes the loss to 0, and Adam ends at it long before they
    collapse: with three features in the plane cosines are up to 0.9 away from the simplex after
    1,500 steps, and 0.8 after 6,000. Nothing rewards the amplitude of a feature.

    Source: Jiang et al. 2024, "Generalized Neural Collapse for a Large Number of Classes"; Papyan,
    Han and Donoho 2020, "Prevalence of neural collapse during the terminal phase of deep learning
    training".
    """

    measures = (
        Measure(
            "accuracy",
            "1",
            "Share of the samples that are not empty whose dominant feature is named right: 1 is "
            "all of them, and about 1 / n_features is guessing.",
            "Papyan et al. 2020",
        ),
    )

    def init(self, key, module, n_features, d_hidden):
        return {"V": glorot(key, d_hidden, n_features), "b": jnp.zeros(n_features)}

    def codes(self, model):
        return {"encoder": model, "classes": model.extra["V"]}

    def logits(self, model, x):
        """V.T h + b, (n_features, batch)."""
        return affine(model.extra["V"], model.extra["b"], model.encode(x))

    def loss(self, model, key, x):
        label, known = dominant_feature(x)
        return mean_where(cross_entropy(self.logits(model, x), label), known)

    def chance(self, x, d_hidden):
        label, known = dominant_feature(x)
        return class_entropy(label, known, x.shape[0])

    def measure(self, model, key, x):
        label, known = dominant_feature(x)
        right = jnp.argmax(self.logits(model, x), axis=0) == label
        return {"accuracy": mean_where(right, known)}

    @staticmethod
    def workspace(n_features, d_hidden, batch):
        return (4 * n_features + 2 * d_hidden) * batch

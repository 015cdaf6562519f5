"""SigLIP: say of every pair of views whether it belongs together. Zhai et al. 2023."""

import math

import jax.numpy as jnp
from flax import struct

from toysup.kernels.softplus import signed_softplus_sum
from toysup.kernels.unit import unit_columns
from toysup.objectives._contrast import LARGEST_SCALE, LearnedTemperature, learned_scale
from toysup.objectives._objective import Objective
from toysup.registry import setting


def pairwise_sigmoid(anchors, positives, bias):
    """Sum over all pairs of -ln sigmoid(z_ij (s_ij + bias)), z = 1 at i = j and -1 elsewhere.

    s_ij is the product of anchor i and positive j, (d_hidden, batch) each. Nats an anchor.
    """
    ones = jnp.ones((1, anchors.shape[1]))
    a = jnp.concatenate([anchors, bias * ones])  # the bias is one more dimension of the products
    b = jnp.concatenate([positives, ones])
    return signed_softplus_sum(a, b) / anchors.shape[1]


@struct.dataclass
class SigLIP(LearnedTemperature, Objective):
    """Say of every pair whether it belongs: sum_ij -ln sigmoid(z_ij (s_ij / t + b)) / batch.

    s_ij is the cosine of anchor i and positive j, t the temperature, b the bias, and z_ij is 1
    for the views of one sample, -1 for any others. No pair knows of the rest: instead of softmax's
    "which", each is asked "whether". It is batch H(1 / batch), near ln(batch) + 1, when the views
    share nothing (H is the entropy of a coin, in nats), and 0 when every pair is told from every
    other. The scale of W is free.

    Theory predicts what infonce does, with -b t the cosine between near and far: pairs go above it
    and other samples below, and only those near it push. Equal views are told apart the better the
    lower the temperature, so that a learned one falls as long as it is trained, and the repulsion
    becomes local: a code of the largest margin, its nearest features apart. Where views hide what
    tells a sample apart the temperature stays high, and the repulsion is of all by all. Samples
    that cannot be told apart, such as empty ones, get the chance of one in their number.

    The defaults are the paper's. They were tried with Adam at 0.01 along a cosine, 5000 steps of
    256 samples, under four views: no run diverged, and all at p up to 0.22 converged but those with
    equal views at 0.22. There the directions stand still and the loss does not: the bias,
    which goes 0.01 a step, has to follow 1 / t, on its way from 10 past 20. With
    learn_temperature = false these converge, to directions as evenly spread. At p = 1 most runs
    still moved.

    Source: Zhai et al. 2023, "Sigmoid Loss for Language Image Pre-Training", whose t and b start
    at 1/10 and -10 and are trained; Bangachev et al. 2025, "Global Minimizers of Sigmoid
    Contrastive Loss", for the margin.
    """

    temperature: float = setting(
        0.1,
        "divides the similarities; where it is learned, its initial value",
        traced=True,
        low=1 / LARGEST_SCALE,
    )
    bias: float = setting(
        -10.0, "added to every logit; where it is learned, its initial value", traced=True
    )
    learn_temperature: bool = setting(True, "train ln(1 / temperature) with the encoder")
    learn_bias: bool = setting(True, "train the bias with the encoder")

    pairs = True
    smallest_batch = 2

    def init(self, key, module, n_features, d_hidden):
        scale = {"log_scale": -jnp.log(self.temperature)} if self.learn_temperature else {}
        # As an array, even where the setting is a plain number.
        return scale | ({"bias": jnp.asarray(self.bias)} if self.learn_bias else {})

    def loss(self, model, key, x):
        anchors, positives = (unit_columns(model.encode(view)) for view in x)
        scale = 1 / self.temperature
        if self.learn_temperature:
            scale = learned_scale(model.extra["log_scale"])
        bias = model.extra["bias"] if self.learn_bias else self.bias
        return pairwise_sigmoid(scale * anchors, positives, bias)

    def chance(self, x, d_hidden):
        batch = x[0].shape[1]
        return math.log(batch) - (batch - 1) * math.log1p(-1 / batch)

    @staticmethod
    def workspace(n_features, d_hidden, batch):
        return 2 * batch**2 + (4 * n_features + 6 * d_hidden) * batch

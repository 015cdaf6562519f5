"""The encoder with one hidden layer of ReLUs before the code. Rumelhart et al. 1986."""

import jax
from flax import linen as nn
from flax import struct

from toysup.encoders._encoder import Encoder
from toysup.encoders._weights import he
from toysup.registry import setting


@struct.dataclass
class MLP(Encoder):
    """h = W2 relu(W1 x + b1) + b2, with `width` ReLUs in the middle.

    It can bend: what the code does with one feature may depend on which others are there, so
    its directions are a fit, and `linearity` says how good a one. It has no matrix that a tied
    decoder could transpose.

    Source: Rumelhart, Hinton and Williams 1986, "Learning representations by back-propagating
    errors"; the initial weights are those of He et al. 2015, "Delving Deep into Rectifiers".
    """

    width: int = setting(64, "how many ReLUs the hidden layer of the encoder has", low=1)

    has_matrix = False

    def module(self, n_features, d_hidden):
        return TwoLayers(d_hidden, self.width)

    @staticmethod
    def workspace(settings):
        return 2 * settings["width"] * settings["batch_size"]


class TwoLayers(nn.Module):
    """The flax module of h = W2 relu(W1 x + b1) + b2."""

    d_hidden: int
    width: int

    @nn.compact
    def __call__(self, x):
        first, second = (self.width, x.shape[0]), (self.d_hidden, self.width)
        W1 = self.param("W1", he(x.shape[0]), first)
        b1 = self.param("b1", nn.initializers.zeros, self.width)
        W2 = self.param("W2", he(self.width), second)
        b2 = self.param("b2", nn.initializers.zeros, self.d_hidden)
        return W2 @ jax.nn.relu(W1 @ x + b1[:, None]) + b2[:, None]

"""The encoder h = relu(W x): hidden units that mean something. Elhage et al. 2022, section 9."""

import jax
from flax import linen as nn
from flax import struct

from toysup.encoders._encoder import Encoder
from toysup.kernels.product import product
from toysup.registry import setting
from toysup.weights import glorot


@struct.dataclass
class ReLU(Encoder):
    """h = relu(W x), or relu(W x + c) with hidden_bias; W starts as the linear encoder's does.

    The ReLU privileges the basis of the hidden space: no rotation of W leaves the loss alone, and
    dense features take a hidden unit each, where a linear code could be turned anyhow. A negative
    weight only silences its unit, so the columns of W are not the directions of the features. A
    unit whose weights are all negative is dead: 0 for every sample and without a gradient, which
    leaves some seeds in local minima. A tied decoder transposes W.

    Source: Elhage et al. 2022, "Toy Models of Superposition", superposition in a privileged basis.
    """

    hidden_bias: bool = setting(False, "add a trained bias c before the ReLU; it starts at 0")

    def module(self, n_features, d_hidden):
        return RectifiedMap(d_hidden, self.hidden_bias)

    @staticmethod
    def workspace(settings):
        return settings["d_hidden"] * settings["batch_size"]


class RectifiedMap(nn.Module):
    """The flax module of h = relu(W x + c)."""

    d_hidden: int
    hidden_bias: bool

    @nn.compact
    def __call__(self, x):
        shape = self.d_hidden, x.shape[0]
        z = product(self.param("W", glorot, *shape), x)
        if self.hidden_bias:
            z += self.param("c", nn.initializers.zeros, self.d_hidden)[:, None]
        return jax.nn.relu(z)

"""The linear encoder h = W x. Elhage et al. 2022, section 2."""

from flax import linen as nn
from flax import struct

from toysup.encoders._encoder import Encoder
from toysup.kernels.product import product
from toysup.weights import glorot


@struct.dataclass
class Linear(Encoder):
    """h = W x, with W ~ N(0, 2 / (n_features + d_hidden)) at the start.

    The directions of its features are the columns of W, exactly.

    Source: Elhage et al. 2022, "Toy Models of Superposition", section 2; the scale is Glorot's.
    """

    linear = True

    def module(self, n_features, d_hidden):
        return Map(d_hidden)

    @staticmethod
    def workspace(settings):
        return 0


class Map(nn.Module):
    """The flax module of h = W x."""

    d_hidden: int

    @nn.compact
    def __call__(self, x):
        shape = self.d_hidden, x.shape[0]
        return product(self.param("W", glorot, *shape), x)

"""A small convolutional encoder over features laid out in space. Olah et al. 2020, Zoom In."""

from typing import Any

import jax
import jax.numpy as jnp
from flax import linen as nn
from flax import struct

from toysup.encoders._encoder import Encoder
from toysup.encoders._weights import he
from toysup.registry import setting


def circular_convolution(kernel, x):
    """y_cq = sum_tk kernel_ctk x_k(q + t - size // 2), where positions q go round a ring.

    `kernel` is (channels, size, kinds), `x` is (kinds, positions, batch), and the feature maps y
    are (channels, positions, batch). Rolling the positions of x rolls those of y.
    """
    channels, size, kinds = kernel.shape
    near = jnp.concatenate([jnp.roll(x, size // 2 - t, axis=1) for t in range(size)])
    # One product over all taps: XLA's own convolution is slower on a processor.
    y = kernel.reshape(channels, size * kinds) @ near.reshape(size * kinds, -1)
    return y.reshape(channels, *x.shape[1:])


@struct.dataclass
class Conv(Encoder):
    """h = A relu(kernel * x + b) + c: a circular convolution, ReLUs, and a dense head.

    The features are n_features / positions kinds at each of `positions` places: feature
    kind * positions + place. A kind is seen through the same weights wherever it is, as an edge is
    in an image; the head alone tells places apart. The first circuits were found in such networks.
    It has no matrix that a tied decoder could transpose.

    Source: Olah et al. 2020, "Zoom In: An Introduction to Circuits"; weights shared over
    positions are those of LeCun et al. 1989; they start as in He et al. 2015.
    """

    positions: int = setting(5, "places of each kind of feature; must divide n_features", low=1)
    kernel_size: int = setting(3, "neighbouring places that a channel looks at", low=1)
    channels: int = setting(16, "feature maps of the convolution", low=1)

    has_matrix = False

    def module(self, n_features, d_hidden):
        return Convolutional(d_hidden, self.positions, self.kernel_size, self.channels)

    @staticmethod
    def workspace(settings):
        near = settings["kernel_size"] * settings["n_features"]
        maps = 2 * settings["channels"] * settings["positions"]
        return (near + maps) * settings["batch_size"]

    @staticmethod
    def incompatibility(settings: dict[str, Any]) -> str | None:
        n, positions, size = (settings[s] for s in ("n_features", "positions", "kernel_size"))
        if n % positions:
            *most, last = (str(k) for k in range(1, n + 1) if n % k == 0)
            works = f"{', '.join(most)} or {last}" if most else last
            return f"cannot lay out {n} features over {positions} positions: use {works} of them"
        if size > positions:
            return (
                f"looks at {size} neighbours where there are {positions} positions: use a "
                f"kernel_size of at most {positions}"
            )
        return None


class Convolutional(nn.Module):
    """The flax module of h = A relu(kernel * x + b) + c."""

    d_hidden: int
    positions: int
    kernel_size: int
    channels: int

    @nn.compact
    def __call__(self, x):
        zeros = nn.initializers.zeros
        x = x.reshape(-1, self.positions, x.shape[1])
        shape = self.channels, self.kernel_size, len(x)
        kernel = self.param("kernel", he(self.kernel_size * len(x)), shape)
        b = self.param("b", zeros, self.channels)
        maps = jax.nn.relu(circular_convolution(kernel, x) + b[:, None, None])
        maps = maps.reshape(self.channels * self.positions, -1)
        A = self.param("A", he(len(maps)), (self.d_hidden, len(maps)))
        c = self.param("c", zeros, self.d_hidden)
        return A @ maps + c[:, None]

"""Mean squared error of a tied autoencoder. Elhage et al. 2022, Toy Models of Superposition."""

import jax
import jax.numpy as jnp
from flax import struct

from toysup.kernels.affine import affine
from toysup.objectives._objective import Objective
from toysup.registry import setting


def mean_squared_error(x, y, importance):
    """Mean over batch and features of `importance * (x - y)^2`; x and y are (n_features, batch)."""
    return jnp.mean(importance[:, None] * (x - y) ** 2)


@struct.dataclass
class MSE(Objective):
    """Reconstruct the features from the code: mean of I_i (x_i - relu(w_i . h + b_i))^2.

    Importance I_i = importance_decay^i, so feature 0 matters most. The loss is 0 when every
    feature is read back without error, and Var[x] = p/3 - p^2/4 a feature when the bias alone
    answers.
    With a linear output the optimum is the top d_hidden principal components at every sparsity;
    with a ReLU, negative interference is free, and sparse features go into superposition.

    Source: Elhage et al. 2022, "Toy Models of Superposition", section 2.
    """

    importance_decay: float = setting(
        1.0, "importance of feature i is importance_decay^i", above=0.0, high=1.0
    )
    output: str = setting(
        "relu", "what the decoder's output passes through", choices=("relu", "linear")
    )

    def init(self, key, module, n_features, d_hidden):
        return {"b": jnp.zeros(n_features)}

    def loss(self, model, key, x):
        y = affine(model.W, model.own["b"], model.encode(x))
        y = jax.nn.relu(y) if self.output == "relu" else y
        importance = self.importance_decay ** jnp.arange(x.shape[0])
        return mean_squared_error(x, y, importance)

    @staticmethod
    def workspace(n_features, d_hidden, batch):
        return (3 * n_features + 2 * d_hidden) * batch

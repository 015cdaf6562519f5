"""Mean squared error of a linear autoencoder: principal components. Baldi & Hornik 1989."""

from flax import struct

from toysup.objectives._reconstruction import SquaredReconstruction


@struct.dataclass
class LinearMSE(SquaredReconstruction):
    """Reconstruct the features linearly: mean of I_i (x_i - w_i . h - b_i)^2.

    Importance I_i = importance_decay^i. With equal importance the loss is the sum of the smallest
    n_features - d_hidden eigenvalues of Cov[x], over n_features.

    Theory predicts the subspace of the top d_hidden principal components at every sparsity, with
    no other local minimum: only the covariance of x counts. Tied, W.T W is the projection onto
    it. Independent features that are alike have one eigenvalue, so any subspace will do: a random
    tight frame, and no superposition that means anything. Where importance or variance differ,
    the first d_hidden features are kept, orthogonal, and the rest dropped.

    Source: Baldi and Hornik 1989, "Neural networks and principal component analysis: learning
    from examples without local minima"; Plaut 2018, "From principal subspaces to principal
    components with linear autoencoders".
    """

    def loss(self, model, key, x):
        return self.error(model, model.encode(x), x, rectified=False)

"""Mean squared error of an autoencoder. Elhage et al. 2022, Toy Models of Superposition."""

from flax import struct

from toysup.objectives._reconstruction import SquaredReconstruction, importances


@struct.dataclass
class MSE(SquaredReconstruction):
    """Reconstruct the features from the code: mean of I_i (x_i - relu(w_i . h + b_i))^2.

    Importance I_i = importance_decay^i, so feature 0 matters most; that of the last one times
    relative_importance. The loss is 0 when every feature is read back without error, and
    Var[x] = p/3 - p^2/4 a feature when the bias alone answers. Not tied, the decoder has
    directions v_i of its own, in place of w_i.

    Theory predicts the most important d_hidden features, orthogonal, where they are dense.
    Negative interference is free behind the ReLU, so sparse features go into superposition:
    antipodal pairs first, then polygons and other even spreads of directions.

    Source: Elhage et al. 2022, "Toy Models of Superposition", section 2.
    """

    reference = True

    def loss(self, model, key, x):
        return self.error(model, model.encode(x), x)

    def population(self, features, views, n_features, d_hidden):
        from toysup.theory import mse_population, sizes

        p = features.uniform_chances(n_features)
        if p is None or features.fills or not self.tied or n_features > sizes.MOST_FEATURES:
            return None
        importance = importances(n_features, self.importance_decay, self.relative_importance)
        return mse_population.MSEPopulation(p, tuple(map(float, importance)), d_hidden)

import jax
import jax.numpy as jnp
import numpy as np

from tests.training import final_losses, setup, trained
from toysup import train
from toysup.metrics.interference import squared_interference
from toysup.metrics.represented import represented
from toysup.objectives.mse import MSE


def naive_loss(W, b, x, decay, relu):
    total = 0.0
    n, batch = x.shape
    for s in range(batch):
        y = W.T @ (W @ x[:, s]) + b
        y = np.maximum(y, 0) if relu else y
        total += sum(decay**i * (x[i, s] - y[i]) ** 2 for i in range(n))
    return total / (n * batch)


def test_loss_is_the_papers_averaged_over_batch_and_features():
    rng = np.random.default_rng(0)
    W, b, x = rng.normal(size=(2, 5)), rng.normal(size=5), rng.uniform(size=(5, 6))
    model = train.init(setup(), jax.random.key(0)).model
    model = model.replace(encoder={"W": jnp.asarray(W)}, own={"b": jnp.asarray(b)})
    for decay, output in ((1.0, "relu"), (0.7, "relu"), (0.7, "linear")):
        loss = MSE(importance_decay=decay, output=output).loss(model, None, x)
        np.testing.assert_allclose(loss, naive_loss(W, b, x, decay, output == "relu"), rtol=1e-5)


def test_dense_features_with_decayed_importance_keep_the_first_m_orthogonal():
    made = setup(n_features=10, d_hidden=3, importance_decay=0.7, steps=1500, learning_rate=0.01)
    for W in np.asarray(trained(made).model.W):
        kept = np.flatnonzero(represented(W))
        np.testing.assert_array_equal(kept, [0, 1, 2])
        assert squared_interference(W) < 0.01


def test_a_linear_decoder_reaches_the_loss_of_the_principal_components():
    p, n, m = 0.3, 6, 2
    made = setup(
        n_features=n, d_hidden=m, output="linear", feature_probability=p,
        steps=3000, learning_rate=0.01,
    )  # fmt: skip
    left_over = (n - m) / n * (p / 3 - p**2 / 4)
    np.testing.assert_allclose(final_losses(made, trained(made)), left_over, rtol=0.02)

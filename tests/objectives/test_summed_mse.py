import jax
import numpy as np
import pytest

from tests.training import loss_of, setup, untrained
from toysup.objectives.mse import MSE
from toysup.objectives.summed_mse import SummedMSE


def model_and_samples():
    model = untrained(setup("summed_mse"), jax.random.key(0))
    x = np.random.default_rng(0).uniform(size=(model.W.shape[1], 6))
    return model, x


@pytest.mark.slow
def test_it_is_the_squared_error_summed_over_features_sample_by_sample():
    model, x = model_and_samples()
    W, b, decay = np.asarray(model.W, float), np.asarray(model.extra["b"], float), 0.7
    total = 0.0
    for s in range(x.shape[1]):
        y = np.maximum(W.T @ (W @ x[:, s]) + b, 0)
        total += sum(decay**i * (x[i, s] - y[i]) ** 2 for i in range(len(x)))
    loss = loss_of(SummedMSE(importance_decay=decay), model, None, x)
    assert loss == pytest.approx(total / x.shape[1], rel=1e-5)


@pytest.mark.slow
def test_it_and_its_chance_are_those_of_mse_times_the_features():
    model, x = model_and_samples()
    both = SummedMSE(), MSE()
    summed, mean = (loss_of(objective, model, None, x) for objective in both)
    assert summed == pytest.approx(len(x) * mean)
    summed, mean = (objective.chance(x, 2) for objective in both)
    assert summed == pytest.approx(len(x) * mean)

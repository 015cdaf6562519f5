"""How far trained models are from the least loss that theory knows, over all samples there are."""

import numpy as np

from toysup.batch.job import Job
from toysup.spec.top import OPTIMUM


def optimality(job: Job, model) -> dict[str, np.ndarray]:
    """`least_loss`, `least_W` and `optimality_gap` of each model; arrays lead with
    (seeds, conditions). NaN where theory does not know the least loss, and no columns where the
    sweep does not ask for them."""
    if job.measure != OPTIMUM:
        return {}
    setup = job.conditions[0]
    shape = job.shape[0], len(job.conditions)
    W = np.full((*shape, setup.size.d_hidden * setup.size.n_features), np.nan)
    found = {"least_loss": np.full(shape, np.nan), "least_W": W}
    found["optimality_gap"] = np.full(shape, np.nan)
    if setup.encoder.linear:
        trained, b = job.instances(model.W).astype(np.float64), model.extra.get("b")
        biases = None if b is None else job.instances(b).astype(np.float64)
        for c, setup in enumerate(job.conditions):
            of_biases = [None] * shape[0] if biases is None else biases[:, c]
            for name, values in of_condition(setup, trained[:, c], of_biases).items():
                found[name][:, c] = values
    return found


def of_condition(setup, trained: np.ndarray, biases) -> dict[str, np.ndarray]:
    """The columns of one condition with the encoders `trained`, (seeds, d_hidden, n_features)."""
    d_hidden, n_features = trained.shape[1:]
    population = setup.objective.population(setup.features, setup.views, n_features, d_hidden)
    if population is None:
        return {}
    least = population.least()
    losses = [
        population.loss(W, b) if np.isfinite(W).all() else np.nan
        for W, b in zip(trained, biases, strict=True)
    ]
    return {
        "least_loss": np.array(least.loss),
        "least_W": least.W.ravel(),
        "optimality_gap": np.array(losses) - least.loss,
    }

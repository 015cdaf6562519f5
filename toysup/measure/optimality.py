"""How far trained models are from the least loss that theory knows, over all samples there are."""

import contextlib
import threading
from collections.abc import Iterable, Iterator

import numpy as np

from toysup.batch.job import Job, setup_of
from toysup.grid import Chunk, Plan
from toysup.spec.top import OPTIMUM


@contextlib.contextmanager
def searched_ahead(plan: Plan, chunks: Iterable[Chunk]) -> Iterator[None]:
    """Search for the least losses of chunks in the background, in their order, while models train:
    the search needs Python, which training seldom does. Theory keeps what it finds."""
    ended = threading.Event()

    def search():
        for place in dict.fromkeys(place for chunk in chunks for place in chunk.conditions):
            if ended.is_set():
                return
            with contextlib.suppress(Exception):  # it is raised where the loss is asked for
                setup = setup_of(plan.conditions[place])
                population = population_of(setup) if setup.encoder.linear else None
                if population is not None:
                    population.least()

    if plan.sweep.measure == OPTIMUM:
        threading.Thread(target=search, daemon=True, name="theory").start()
    try:
        yield
    finally:
        ended.set()


def is_known(job: Job) -> bool:
    """Whether a job asks for the least loss and theory knows that of each of its conditions."""
    if job.measure != OPTIMUM or not job.conditions[0].encoder.linear:
        return False
    return all(population_of(setup) is not None for setup in job.conditions)


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
    population = population_of(setup)
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


def population_of(setup):
    """What is known of a condition's loss over all samples; None where nothing is."""
    size = setup.size.n_features, setup.size.d_hidden
    return setup.objective.population(setup.features, setup.views, *size)

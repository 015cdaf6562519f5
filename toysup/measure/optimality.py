"""How far trained models are from the least loss that theory knows, over all samples there are."""

from dataclasses import replace
from functools import cache

import numpy as np

from toysup.batch.devices import Machine, map_units
from toysup.batch.job import Job
from toysup.spec.top import OPTIMUM

CASES_AT_ONCE = (
    4  # conditions that a device searches, one after the other, before signals are heard
)
CASES_ON_CARD = 8


def is_known(job: Job) -> bool:
    """Whether a job asks for the least loss and theory knows that of each of its conditions."""
    if job.measure != OPTIMUM:
        return False
    return all(population is not None for population in populations_of(job))


def populations_of(job: Job) -> list:
    """What is known of each condition's loss over all samples; None where nothing is."""
    return [population_of(setup) for setup in job.conditions]


def population_of(setup):
    if not setup.encoder.linear:
        return None
    size = setup.size.n_features, setup.size.d_hidden
    return setup.objective.population(setup.features, setup.views, *size)


@cache
def on_all_devices(machine: Machine):
    """Maps a function over cases, on the devices of a machine; of equal machines, the same
    function, as programs are kept by it. On a card only a few go side by side, as each of them
    works on all pairs of views."""
    few = replace(machine, at_once=min(machine.at_once, CASES_ON_CARD))
    return lambda one, cases: map_units(few, one, cases)


def optimality(job: Job, *models) -> list[dict[str, np.ndarray]]:
    """`least_loss`, `least_W` and `optimality_gap` of each of `models`; arrays lead with
    (seeds, conditions). NaN where theory does not know the least loss, and no columns where the
    sweep does not ask for them."""
    if job.measure != OPTIMUM:
        return [{} for _ in models]
    size = job.conditions[0].size
    shape = len(models), job.shape[0], len(job.conditions)
    least_loss, gap = np.full(shape, np.nan), np.full(shape, np.nan)
    least_W = np.full((*shape, size.d_hidden * size.n_features), np.nan)
    known = {c: of for c, of in enumerate(populations_of(job)) if of is not None}
    for places in slices(list(known), job.machine.devices):
        populations = tuple(known[c] for c in places)
        leasts, losses = of_conditions(job, populations, places, models)
        for at, (c, least) in enumerate(zip(places, leasts, strict=True)):
            least_loss[..., c], least_W[..., c, :] = least.loss, least.W.ravel()
            gap[..., c] = losses[at] - least.loss
    return [
        {"least_loss": least_loss[k], "least_W": least_W[k], "optimality_gap": gap[k]}
        for k in range(len(models))
    ]


def slices(places: list[int], devices: int) -> list[list[int]]:
    """Places in slices of a few for each device, of one length: the last of them fills up the last
    slice. Between two slices, a signal is heard."""
    if not places:
        return []
    each = devices * min(CASES_AT_ONCE, -(-len(places) // devices))
    filled = places + places[-1:] * (-len(places) % each)
    return [filled[start : start + each] for start in range(0, len(filled), each)]


def of_conditions(job: Job, populations: tuple, places: list[int], models) -> tuple:
    """The least loss of each condition of `places`, and the losses of models there, (conditions,
    models, seeds)."""
    from toysup.theory.population import least_losses, losses

    def of_each(leaves) -> np.ndarray:
        """(seeds, conditions) of each model as (conditions, models x seeds)."""
        each = np.stack([job.instances(leaf)[:, places] for leaf in leaves]).astype(np.float64)
        return np.moveaxis(each, 2, 0).reshape(len(places), -1, *each.shape[3:])

    W = of_each([model.W for model in models])
    has_biases = "b" in models[0].extra
    b = of_each([model.extra["b"] for model in models]) if has_biases else [None] * len(W)
    finite = np.asarray(np.all(np.isfinite(W), axis=(-1, -2)))
    across = on_all_devices(job.machine)
    found = losses(populations, np.where(finite[..., None, None], W, 0), b, across)
    of_models = np.where(finite, np.reshape(found, finite.shape), np.nan)
    leasts = least_losses(populations, across)
    return leasts, of_models.reshape(len(places), len(models), -1)

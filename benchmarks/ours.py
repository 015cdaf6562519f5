"""The same training by toysup's engine, as a sweep's chunk runs it."""

import jax
import numpy as np

from benchmarks.case import KEEP, RATE, Case
from benchmarks.clock import Clock, Rate
from toysup import grid, spec, train
from toysup.batch.job import Job
from toysup.objectives import gan

STEPS = 10**6  # of the run that the timed steps are of
UNCOUNTED = 2


def sweep(case: Case, conditions: int, seeds: int) -> dict:
    """The case as a sweep. Its conditions differ in density by next to nothing."""
    densities = [case.density * (1 + 1e-3 * i) for i in range(conditions)]
    features: dict = {"feature_probability": densities}
    mapping = {
        "seeds": seeds,
        "model": {"n_features": case.n, "d_hidden": case.m},
        "train": {
            "steps": STEPS,
            "batch_size": case.batch,
            "learning_rate": RATE,
            "schedule": "constant",
        },
        "features": {
            "independent": features | ({"amplitude": "signed"} if case.signed else {}),
        },
        "objective": {case.objective: {}},
    }
    if case.pairs:
        mapping["views"] = {"mask": {"keep_probability": KEEP}}
    if case.signed:
        mapping["encoder"] = {"relu": {}}
    return mapping


class Contender:
    """Instances of a case on all devices: `seeds` for each of `conditions`."""

    def __init__(self, case: Case, conditions: int, seeds: int):
        plan = grid.plan(spec.parse(sweep(case, conditions, seeds)), seeds)
        (chunk,) = plan.chunks
        self.job, self.instances = Job(plan, chunk), conditions * seeds
        self.states, self.place, self.seconds_a_step = self.job.init(), 0, 0.0
        clock = Clock()
        self.run(0)
        self.compiling = clock.seconds
        self.run(UNCOUNTED)

    def run(self, steps: int) -> Rate:
        """Instance-steps a second of the next steps."""
        clock, end = Clock(), self.place + steps
        states = self.job.train(self.states, self.place, end, STEPS)
        self.states, self.place = jax.block_until_ready(states), end
        self.seconds_a_step = clock.seconds / max(1, steps)
        return clock.rate(self.instances * steps)

    def rate(self, seconds: float) -> Rate:
        """Instance-steps a second, over about `seconds`."""
        return self.run(max(1, int(seconds / self.seconds_a_step)))


def loss_and_start(case: Case) -> tuple[float, dict[str, np.ndarray]]:
    """The loss of an untrained model on one batch, with both as `pytorch.Peer.loss` takes them."""
    from toysup.batch.job import setup_of

    setup = setup_of(grid.plan(spec.parse(sweep(case, 1, 1)), 1).conditions[0])
    key = jax.random.key(0)
    model, x = train.init(setup, key).model, train.fresh_batch(setup, key)
    objective, batch_key = setup.objective, jax.random.fold_in(key, train.LOSS)
    start: dict = {"W": model.encoder["W"]}
    for name, value in model.extra.items():
        start |= {"second.W": value["W"]} if name == "second" else {name: value}
    start |= dict(zip("ab", x, strict=True)) if case.pairs else {"x": x}
    if case.objective == "masked_mse":
        start["noise"] = jax.random.uniform(batch_key, x.shape)
    if case.objective == "vae":
        start["noise"] = jax.random.normal(batch_key, (case.m, case.batch))
    found = train.batch_loss(setup, model, key, x)
    if case.objective == "gan":
        # Its loss shows how far it is, and has the gradient of what the players play for.
        latent_key, share_key = jax.random.split(batch_key)
        y = objective.generate(model, latent_key, case.batch)
        critic, share = objective.critic(model), jax.random.uniform(share_key, (case.batch,))
        generator, told_apart, penalty = gan.GAMES[objective.game](critic, x, y, share)
        found = generator + told_apart + objective.gradient_penalty * penalty
        start["noise"] = jax.random.normal(latent_key, (case.m, case.batch))
        del start["critic"]
        for i, layer in enumerate(critic):
            start |= {f"critic.{i}.{name}": value for name, value in layer.items()}
    # Samples are columns here and rows there.
    return float(found), {name: np.asarray(value).T for name, value in start.items()}

"""vmap of a training step with samples as rows, fresh draws for each, one jit a step.

In a process of its own, with jax's own defaults for threads:
`python -m benchmarks.plain_jax mse INSTANCES SECONDS`.
"""

import os
import subprocess
import sys

from benchmarks.case import DENSITY, KEEP, RATE
from benchmarks.clock import Clock, Rate

N, M, BATCH, TEMPERATURE = 20, 5, {"mse": 1024, "infonce": 256}, 0.5
UNCOUNTED = 3


def rate(objective: str, instances: int, seconds: float) -> Rate:
    """Instance-steps a second at n = 20, m = 5."""
    import jax
    import jax.numpy as jnp
    import optax

    batch = BATCH[objective]
    optimizer = optax.adam(RATE)

    def normalised(z):
        return z / jnp.sqrt((z**2).sum(-1, keepdims=True) + 1e-12)

    def loss(params, key, p):
        keys = jax.random.split(key, 4)
        x = jax.random.uniform(keys[1], (batch, N))
        x = jnp.where(jax.random.uniform(keys[0], (batch, N)) < p, x, 0.0)
        if objective == "mse":
            y = jax.nn.relu(x @ params["W"].T @ params["W"] + params["b"])
            return jnp.mean((x - y) ** 2)
        views = [x * jax.random.bernoulli(k, KEEP, x.shape) for k in keys[2:]]
        a, b = (normalised(view @ params["W"].T) for view in views)
        logits = a @ b.T / TEMPERATURE
        both = [jnp.diag(jax.nn.log_softmax(logits, axis=axis)).mean() for axis in (0, 1)]
        return -sum(both) / 2

    def one(params, state, key, p):
        gradient = jax.grad(loss)(params, key, p)
        update, state = optimizer.update(gradient, state, params)
        return optax.apply_updates(params, update), state

    keys = jax.random.split(jax.random.key(0), instances)
    p = jnp.full(instances, DENSITY)
    W = jax.vmap(lambda key: jax.random.normal(key, (M, N)) * (2 / (N + M)) ** 0.5)(keys)
    params = {"W": W, "b": jnp.zeros((instances, N))}
    train = jax.jit(jax.vmap(one))
    carry = [params, jax.vmap(optimizer.init)(params), 0]

    def step():
        carry[2] += 1
        here = jax.vmap(jax.random.fold_in, in_axes=(0, None))(keys, carry[2])
        carry[0], carry[1] = jax.block_until_ready(train(carry[0], carry[1], here, p))

    for _ in range(UNCOUNTED):
        step()
    steps, clock = 0, Clock()
    while clock.seconds < seconds:
        step()
        steps += 1
    return clock.rate(steps * instances)


def measured(objective: str, instances: int, seconds: float) -> Rate:
    """`rate` in a fresh process, to which the engine's own settings of XLA do not belong."""
    words = [objective, str(instances), str(seconds)]
    command = [sys.executable, "-m", "benchmarks.plain_jax", *words]
    environment = {name: value for name, value in os.environ.items() if name != "XLA_FLAGS"}
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, env=environment)
    return Rate(*map(float, done.stdout.split()))


if __name__ == "__main__":
    name, count, duration = sys.argv[1:]
    print(*rate(name, int(count), float(duration)))

"""The peers: the same training, as people write it today. Each returns `rate`.

n = 20, m = 5; MSE with batch 1024, InfoNCE with batch 256 on masked views at temperature 0.1.
Each runs in a process of its own, with its library's own defaults for threads:
`python -m benchmarks.peers plain_jax mse INSTANCES SECONDS`.
"""

import os
import subprocess
import sys
import time

N, M, BATCH, TEMPERATURE, KEEP, RATE = 20, 5, {"mse": 1024, "infonce": 256}, 0.1, 0.5, 1e-3


def torch_notebook(objective: str, instances: int, seconds: float) -> tuple[float, float]:
    """(a) The notebook style of the paper: a batched instance axis, einsum, autograd, AdamW."""
    import torch
    from torch.nn import functional

    batch = BATCH[objective]
    p = torch.logspace(0, -2, instances)[:, None, None]
    W = torch.nn.Parameter(torch.randn(instances, N, M) * (2 / (N + M)) ** 0.5)
    b = torch.nn.Parameter(torch.zeros(instances, N))
    optimizer = torch.optim.AdamW([W, b] if objective == "mse" else [W], lr=RATE)
    labels = torch.arange(batch).repeat(instances)

    def sample():
        shape = instances, batch, N
        return torch.where(torch.rand(shape) <= p, torch.rand(shape), torch.zeros(()))

    def step():
        x = sample()
        optimizer.zero_grad(set_to_none=True)
        if objective == "mse":
            h = torch.einsum("...bf,...fh->...bh", x, W)
            y = functional.relu(torch.einsum("...bh,...fh->...bf", h, W) + b[:, None])
            loss = ((x - y) ** 2).mean(dim=(1, 2)).sum()
        else:
            views = [x * (torch.rand_like(x) < KEEP) for _ in range(2)]
            z = [functional.normalize(torch.bmm(view, W), dim=-1) for view in views]
            logits = torch.bmm(z[0], z[1].mT) / TEMPERATURE
            rows, columns = logits.reshape(-1, batch), logits.mT.reshape(-1, batch)
            loss = functional.cross_entropy(rows, labels) + functional.cross_entropy(
                columns, labels
            )
            loss = instances * loss / 2
        loss.backward()
        optimizer.step()

    return rate(step, instances, seconds)


def plain_jax(objective: str, instances: int, seconds: float) -> tuple[float, float]:
    """(b) vmap of a training step with samples as rows, fresh draws for each, one jit a step."""
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
    p = jnp.logspace(0, -2, instances)
    W = jax.vmap(lambda key: jax.random.normal(key, (M, N)) * (2 / (N + M)) ** 0.5)(keys)
    params = {"W": W, "b": jnp.zeros((instances, N))}
    train = jax.jit(jax.vmap(one))
    carry = [params, jax.vmap(optimizer.init)(params), 0]

    def step():
        carry[2] += 1
        here = jax.vmap(jax.random.fold_in, in_axes=(0, None))(keys, carry[2])
        carry[0], carry[1] = jax.block_until_ready(train(carry[0], carry[1], here, p))

    return rate(step, instances, seconds)


def rate(step, instances: int, seconds: float) -> tuple[float, float]:
    """Instance-steps a second over about `seconds`, and the seconds of the first step, which
    compiles. Three steps are not counted."""
    began = time.perf_counter()
    step()
    first = time.perf_counter() - began
    for _ in range(2):
        step()
    steps, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        step()
        steps += 1
    return steps * instances / (time.perf_counter() - began), first


def measured(contender: str, objective: str, instances: int, seconds: float) -> tuple[float, float]:
    """`rate` of a contender in a fresh process."""
    words = [contender, objective, str(instances), str(seconds)]
    command = [sys.executable, "-m", "benchmarks.peers", *words]
    # The engine's own settings of XLA are not theirs.
    environment = {name: value for name, value in os.environ.items() if name != "XLA_FLAGS"}
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, env=environment)
    found, first = map(float, done.stdout.split())
    return found, first


if __name__ == "__main__":
    name, case, count, duration = sys.argv[1:]
    print(*globals()[name](case, int(count), float(duration)))

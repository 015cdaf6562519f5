"""What the machine itself can do: matrix products, exponentials and uniform draws a second."""

import time
from collections.abc import Callable

from benchmarks.case import Case
from benchmarks.clock import Clock, Rate

SMALL = 1e-9  # what a product adds to W, so that the next one cannot be the same


def best_rate(function, *arguments, work: float, seconds: float = 1.0) -> float:
    """Units of work a second of the fastest call within about `seconds`."""
    import jax

    jax.block_until_ready(function(*arguments))
    fastest, began = float("inf"), time.perf_counter()
    while time.perf_counter() - began < seconds:
        start = time.perf_counter()
        jax.block_until_ready(function(*arguments))
        fastest = min(fastest, time.perf_counter() - start)
    return work / fastest


def everywhere(function):
    """`function` on all devices at once, on an array that leads with the devices."""
    import jax
    from jax.sharding import PartitionSpec as P

    from toysup.batch.devices import mesh

    spec = P("units")
    mapped = jax.shard_map(
        function,
        mesh=mesh(jax.local_device_count()),
        in_specs=spec,
        out_specs=spec,
        check_vma=False,
    )
    return jax.jit(mapped)


def rates(size: int = 512, count: int = 2**18) -> dict[str, float]:
    """Operations a second over all devices: flops of a product of squares of this size in float32,
    and exponentials and uniforms of `count` numbers."""
    import jax
    import jax.numpy as jnp

    from toysup.batch.devices import mesh
    from toysup.kernels.threefry import GENERATOR

    devices = mesh(jax.local_device_count()).size
    square = jnp.ones((devices, size, size))
    flat = jnp.linspace(-1, 1, devices * count).reshape(devices, count)
    keys = jax.random.key_data(jax.random.split(jax.random.key(0, impl=GENERATOR), devices))

    def highest(x, a):
        # A card would round to fewer bits otherwise.
        return jnp.matmul(x, a, precision=jax.lax.Precision.HIGHEST)

    def product(a):
        return jax.lax.fori_loop(0, 20, lambda _, x: highest(x, a[0]) * 1e-3, a[0])[None]

    def exponentials(x):
        return jax.lax.fori_loop(0, 100, lambda _, y: jnp.exp(y) - 1.5, x)

    def uniforms(k):
        key = jax.random.wrap_key_data(k[0], impl=GENERATOR)

        def draw(i, total):
            return total + jax.random.uniform(jax.random.fold_in(key, i), (count,))

        return jax.lax.fori_loop(0, 20, draw, jnp.zeros(count))[None]

    return {
        "flops": best_rate(everywhere(product), square, work=devices * 20 * 2 * size**3),
        "exponentials": best_rate(everywhere(exponentials), flat, work=devices * 100 * count),
        "uniforms": best_rate(everywhere(uniforms), keys, work=devices * 20 * count),
    }


def show(rates: dict[str, float]) -> None:
    """One line."""
    words = (f"{value / 1e9:,.1f} thousand million {name}" for name, value in rates.items())
    print("All cores, a second:", ", ".join(words))


def products_of(case: Case) -> Callable[[float], Rate]:
    """A function of seconds: how many times a second all cores take the dense matrix products of a
    step of MSE or of InfoNCE, each of one instance, and nothing else.

    MSE: W x, W.T h, and for the gradient h d.T, W d, (W d) x.T. InfoNCE: W x of both views, a.T b,
    and for the gradient b s.T, a s, and the product of each with its view. What stands between the
    products is left out; that changes their values and not their number.
    """
    import jax
    import jax.numpy as jnp

    from toysup.batch.devices import mesh

    devices, repeats = mesh(jax.local_device_count()).size, 10
    keys = jax.random.split(jax.random.key(0), 3)
    W = jax.random.normal(keys[0], (case.m, case.n)) * (2 / (case.n + case.m)) ** 0.5
    x, second = (jax.random.uniform(key, (case.n, case.batch)) for key in keys[1:])

    def of_mse(W, x, _):
        h = W @ x
        d = W.T @ h
        return h @ d.T + (W @ d) @ x.T

    def of_infonce(W, x, second):
        a, b = W @ x, W @ second
        s = a.T @ b
        return (b @ s.T) @ x.T + (a @ s) @ second.T

    products = of_infonce if case.pairs else of_mse

    def on_one(arguments):
        W, x, second = (argument[0] for argument in arguments)

        def again(_, W):
            return W + SMALL * products(W, x, second) / case.batch**2

        return jax.lax.fori_loop(0, repeats, again, W)[None]

    program = everywhere(on_one)
    arguments = [jnp.broadcast_to(a, (devices, *a.shape)) for a in (W, x, second)]
    jax.block_until_ready(program(arguments))

    def rate(seconds: float) -> Rate:
        clock, calls = Clock(), 0
        while clock.seconds < seconds:
            jax.block_until_ready(program(arguments))
            calls += 1
        return clock.rate(calls * devices * repeats)

    return rate

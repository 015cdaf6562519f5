"""What the machine itself can do: matrix products, exponentials and uniform draws a second."""

import time


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


def rates() -> dict[str, float]:
    """Operations a second over all cores: flops of a product, exponentials, uniforms."""
    import jax
    import jax.numpy as jnp

    from toysup.batch.devices import mesh
    from toysup.kernels.threefry import GENERATOR

    devices, size, count = mesh(jax.local_device_count()).size, 512, 2**18
    square = jnp.ones((devices, size, size))
    flat = jnp.linspace(-1, 1, devices * count).reshape(devices, count)
    keys = jax.random.key_data(jax.random.split(jax.random.key(0, impl=GENERATOR), devices))

    def product(a):
        return jax.lax.fori_loop(0, 20, lambda _, x: x @ a[0] * 1e-3, a[0])[None]

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

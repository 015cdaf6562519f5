"""jax as the machine at hand wants it: its devices, a plan that keeps them busy, versions."""

import contextlib
import os
import platform

from toysup import __version__, grid
from toysup.engine import compilation, sources
from toysup.errors import ToysupError
from toysup.grid.limits import cores
from toysup.spec import Sweep

# A device is one core, and its vectors are as wide as it has them: half as wide is the default.
XLA_FLAGS = {"xla_cpu_multi_thread_eigen": "false", "xla_cpu_prefer_vector_width": "512"}
CARD_SEEDS = 32  # in a chunk, for each card


def configure(devices: int | None = None) -> int:
    """One single-threaded XLA device a core, or the cards there are; the number to use.

    It has no effect on a jax that runs already, as in a notebook.
    """
    flags = os.environ.get("XLA_FLAGS", "")
    ours = [f"--{name}={value}" for name, value in XLA_FLAGS.items() if name not in flags]
    os.environ["XLA_FLAGS"] = " ".join([*flags.split(), *ours])
    import jax

    compilation.keep()
    with contextlib.suppress(RuntimeError):  # a notebook's jax is running: its devices serve
        jax.config.update("jax_num_cpu_devices", cores())
    if jax.default_backend() != "cpu":  # a card rounds products to 10 bits unless told
        jax.config.update("jax_default_matmul_precision", "highest")
    there = jax.local_device_count()
    if devices and devices > there:
        kind = jax.local_devices()[0].device_kind
        raise ToysupError(
            f"--devices {devices}: there are only {there} here ({kind}). Use 1 to {there}."
        )
    return devices or there


def plan_for(sweep: Sweep, devices: int, lanes: int | None = None) -> grid.Plan:
    """A plan with as many seeds in a chunk as keep the devices busy.

    ToysupError when a plug-in from a file cannot do its part.
    """
    import jax

    from toysup.batch.trial import try_out

    at_once = devices if jax.local_devices()[0].platform == "cpu" else CARD_SEEDS * devices
    made = grid.plan(sweep, max(2, at_once), lanes)
    try_out(made)
    return made


def versions() -> dict[str, str]:
    """What a result's bytes may depend on."""
    import jax

    return {
        "toysup": __version__,
        "python": platform.python_version(),
        **sources.libraries(),
        "device": jax.devices()[0].device_kind,
        "platform": f"{platform.system()} {platform.machine()}",
    }

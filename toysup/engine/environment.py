"""The environment that jax runs in: what would change a run's numbers is set, recorded or refused.

Imported before all else of the engine, so that what jax cannot start with is a line.
"""

import contextlib
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator

from toysup.errors import ToysupError

try:
    import jax
except Exception as error:  # a variable has a value that jax refuses, as JAX_ENABLE_X64=maybe
    raise ToysupError(
        f"jax cannot be imported: {' '.join(str(error).split())}. Mend or unset the variable."
    ) from error

# Settings of jax that change numbers, or that its programs do not run under, by the names that the
# versions of jax have for them.
SETTINGS = {
    "jax_debug_infs": False,
    "jax_debug_key_reuse": False,
    "jax_debug_nans": False,
    "jax_default_device": None,
    "jax_default_prng_impl": "threefry2x32",
    "jax_disable_jit": False,
    "jax_disable_most_optimizations": False,
    "jax_enable_custom_prng": False,
    "jax_enable_x64": False,
    "jax_exec_time_optimization_effort": 0.0,
    "jax_legacy_prng_key": "allow",
    "jax_memory_fitting_effort": 0.0,
    "jax_no_execution": False,
    "jax_no_tracing": False,
    "jax_numpy_dtype_promotion": "standard",
    "jax_numpy_rank_promotion": "allow",
    "jax_optimization_level": "UNKNOWN",
    "jax_random_seed_offset": 0,
    "jax_softmax_custom_jvp": False,
    "jax_threefry_partitionable": True,
    "jax_transfer_guard": None,
}
# A device is one core, and its vectors are as wide as it has them: half as wide is the default.
XLA_FLAGS = {"xla_cpu_multi_thread_eigen": "false", "xla_cpu_prefer_vector_width": "512"}
DUMPS = "--xla_dump"  # flags that only write files
CHOOSE_DEVICES = ("JAX_PLATFORMS", "JAX_PLATFORM_NAME", "CUDA_VISIBLE_DEVICES", "XLA_FLAGS")
TRIED_SECONDS = 60
CORES = "jax_num_cpu_devices"


def runs() -> bool:
    """Whether jax has its devices already: then they are as they are, and so are XLA's flags."""
    before = jax.config.values[CORES]
    try:  # jax has no other public way to ask
        jax.config.update(CORES, 1 if before != 1 else 2)
    except RuntimeError:
        return True
    jax.config.update(CORES, before)
    return False


class Process:
    """What this process has said and started, and whether it was forked from one that ran jax."""

    def __init__(self):
        self.forked = is_forked() and runs()
        self.before_fork = False
        self.own_flags = False  # whether toysup started jax here, with its flags
        self.said: set[str] = set()

    def say(self, line: str) -> None:
        """Print a line on stderr, once."""
        if line not in self.said:
            self.said.add(line)
            print(f"toysup: {line}", file=sys.stderr)

    def look(self) -> None:
        self.before_fork = runs()

    def mark(self) -> None:
        self.forked = self.before_fork


def is_forked() -> bool:
    """Whether multiprocessing made this process by a fork."""
    return getattr(multiprocessing.current_process(), "_start_method", None) == "fork"


process = Process()
os.register_at_fork(before=process.look, after_in_child=process.mark)


def start(cores: int) -> None:
    """Start jax with one single-threaded device for each of `cores`, or with the cards there are.

    On one core there are two devices all the same: XLA makes a program for one device another one,
    which rounds read-outs differently in their last bit.

    ToysupError, naming the variable, where jax finds no device or XLA does not know a flag, and in
    a process that was forked from one that ran jax, where it would wait for ever.
    """
    if process.forked:
        raise ToysupError(
            "This process was forked from one in which jax runs, and jax would hang in it. "
            'Use multiprocessing.get_context("spawn").'
        )
    if sys.flags.optimize > 1:
        raise ToysupError(
            "Python drops docstrings (PYTHONOPTIMIZE=2 or -OO), and columns are described by them. "
            "Use PYTHONOPTIMIZE=1, or unset it."
        )
    if jax.config.values["jax_disable_jit"]:
        process.say("JAX_DISABLE_JIT has no effect here: all that trains is compiled.")
    if not runs():
        try_flags()
        given = os.environ.get("XLA_FLAGS", "")
        ours = [f"--{name}={value}" for name, value in XLA_FLAGS.items() if name not in given]
        os.environ["XLA_FLAGS"] = " ".join([*given.split(), *ours])
        jax.config.update(CORES, max(2, cores))
        process.own_flags = True
    find_devices()
    if not process.own_flags and jax.default_backend() == "cpu":
        process.say(
            f"jax ran before toysup did, with {jax.local_device_count()} device(s) where "
            f"{cores} cores are, and without toysup's flags for XLA. This is slower, and its "
            "results differ in their last digits from those of the command line. Call toysup.sweep "
            "before any computation with jax."
        )


def try_flags() -> None:
    """Try the user's XLA_FLAGS in another process: XLA ends the process for one it doesn't know."""
    ours = {f"--{name}={value}" for name, value in XLA_FLAGS.items()}
    flags = os.environ.get("XLA_FLAGS", "").split()
    if ours.issuperset(flags):
        return
    tried = subprocess.run(
        [sys.executable, "-c", "import jax; jax.devices()"],
        env={**os.environ, "JAX_PLATFORMS": "cpu"},
        stderr=subprocess.PIPE,
        timeout=TRIED_SECONDS,
        check=False,
    )
    if tried.returncode:
        said = [line for line in tried.stderr.decode(errors="replace").splitlines() if line]
        reason = next((line for line in said if "XLA_FLAGS" in line), said[-1] if said else "")
        reason = reason.rpartition("] ")[2]  # XLA leads with a time and a line of its source
        raise ToysupError(f"XLA_FLAGS: XLA does not take {' '.join(flags)} ({reason}). Mend it.")


def find_devices() -> None:
    """Have jax start its devices. ToysupError, naming the variables that choose them, if none."""
    try:
        jax.local_devices()
    except Exception as error:
        chosen = [f"{n}={os.environ[n]}" for n in CHOOSE_DEVICES if n in os.environ]
        if process.own_flags:
            chosen = [one for one in chosen if not one.startswith("XLA_FLAGS")]
        reason = " ".join(str(error).split()) or "it finds no such device"
        raise ToysupError(
            f"{', '.join(chosen) or 'jax'}: jax does not start ({reason}). "
            "Unset the variable, or use JAX_PLATFORMS=cpu."
        ) from error


@contextlib.contextmanager
def settings() -> Iterator[None]:
    """Jax with the settings that toysup's numbers are made with, for the time of the block."""
    ours = {name: value for name, value in SETTINGS.items() if hasattr(jax.config, name)}
    if jax.default_backend() != "cpu":  # a card rounds products to 10 bits unless told
        ours["jax_default_matmul_precision"] = "highest"
    else:
        ours["jax_default_matmul_precision"] = None
    before = {name: getattr(jax.config, name) for name in ours}
    update(ours)
    try:
        yield
    finally:
        update(before)


def update(values: dict) -> None:
    for name, value in values.items():
        if getattr(jax.config, name) != value:
            jax.config.update(name, value)


def flags() -> str:
    """The flags of XLA that are in force and may change a number."""
    given = os.environ.get("XLA_FLAGS", "").split()
    if not process.own_flags:
        given.append("(jax ran before)")
    return " ".join(sorted(flag for flag in given if not flag.startswith(DUMPS)))

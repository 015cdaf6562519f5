"""One single-threaded device a core, as a run has it, before any test starts jax."""

from toysup import engine

engine.configure()

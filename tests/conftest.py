"""One single-threaded device a core, as a run has it, before any test starts jax."""

import os

from toysup import compilation, engine

os.environ[compilation.SWITCH] = "off"
engine.configure()

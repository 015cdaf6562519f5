"""One single-threaded device a core, as a run has it, before any test starts jax."""

import os

from toysup import compilation, machine

os.environ[compilation.SWITCH] = "off"
machine.configure()

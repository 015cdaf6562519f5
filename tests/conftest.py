"""One single-threaded device a core, as a run has it, before any test starts jax."""

import os

from toysup.engine import machine
from toysup.files import cache

os.environ[cache.SWITCH] = "off"
machine.configure()

"""toysup: what a training objective does to the geometry of features."""

__version__ = "0.1.0"

"""Small trainings whose results must be the same bytes each time, and what their bytes are."""

import hashlib
from functools import cache

import jax
import numpy as np

from tests.training import setup, trained
from toysup import grid, spec
from toysup.engine import chunk

PAIRED = {"views": "mask", "n_features": 6, "d_hidden": 2, "feature_probability": 0.3}
ALONE = PAIRED | {"views": None}
SHORT = {"steps": 60, "learning_rate": 0.01}
# No batch is a whole number of vectors but the first two's.
ONE_BY_ONE = {
    "variance": ALONE
    | {"objective": "linear_mse", "features": "zipf", "exponent": 1.0}
    | {"steps": 1500, "batch_size": 256, "learning_rate": 0.01},
    "mse": ALONE | SHORT | {"objective": "mse", "batch_size": 64},
    "mse_wide": ALONE | SHORT | {"objective": "mse", "batch_size": 33, "d_hidden": 5},
    "linear_mse": ALONE | SHORT | {"objective": "linear_mse", "batch_size": 37, "tied": False},
    "infonce": PAIRED | SHORT | {"objective": "infonce", "batch_size": 70},
    "clip": PAIRED | SHORT | {"objective": "clip", "batch_size": 67},
    "siglip": PAIRED | SHORT | {"objective": "siglip", "batch_size": 21},
    "align_uniform": PAIRED | SHORT | {"objective": "align_uniform", "batch_size": 35},
    "vicreg": PAIRED | SHORT | {"objective": "vicreg", "batch_size": 33},
    "vae": ALONE | SHORT | {"objective": "vae", "batch_size": 33},
    "gan": ALONE | SHORT | {"objective": "gan", "batch_size": 33},
}
# What differs between these is their classes alone: a program must not be found by less.
ONE_BY_ONE |= {
    f"{objective}_{features}": ALONE
    | SHORT
    | {"objective": objective, "features": features, "batch_size": 32}
    for objective in ("mse", "linear_mse")
    for features in ("independent", "zipf", "ring")
}
ONE_BY_ONE |= {
    f"infonce_{views}": PAIRED | SHORT | {"objective": "infonce", "views": views, "batch_size": 32}
    for views in ("mask", "noise", "private", "swap")
}
# Chunks of one sweep, which train on all devices at once and write over their own memory.
SWEEP = {
    "seeds": 3,
    "model": {"n_features": 6, "d_hidden": 2},
    "train": {"steps": 60, "batch_size": 33, "learning_rate": 0.01},
    "features": {"independent": {"feature_probability": [1.0, 0.5, 0.2]}},
    "views": {"mask": {}},
    "objective": {"mse": {}, "infonce": {}},
}
IN_CHUNKS = ("chunk_mse", "chunk_infonce")
NAMES = (*ONE_BY_ONE, *IN_CHUNKS)


@cache
def plan() -> grid.Plan:
    return grid.plan(spec.parse(SWEEP), seeds_per_chunk=3)


def chunk_of(name: str) -> grid.Chunk:
    """The chunk of the objective in a name."""
    objective, made = name.removeprefix("chunk_"), plan()
    return next(c for c in made.chunks if made.conditions[c.conditions[0]].objective == objective)


def arrays(name: str, device: int) -> list[np.ndarray]:
    """All that a training leaves, trained on one device, or in chunks on all."""
    if name in IN_CHUNKS:
        return leaves(chunk.run(plan(), chunk_of(name)))
    with jax.default_device(jax.local_devices()[device]):
        return leaves(trained(setup(**ONE_BY_ONE[name])))


def compile_ahead(name: str) -> None:
    """What the engine does beside a training: compile a chunk's programs."""
    chunk.compile_ahead(plan(), chunk_of(name))


def leaves(found) -> list[np.ndarray]:
    """The arrays in dataclasses, containers and trees of jax."""
    if hasattr(found, "__dataclass_fields__"):
        found = [getattr(found, field) for field in found.__dataclass_fields__]
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, list | tuple):
        return [array for part in found for array in leaves(part)]
    return [np.asarray(found)] if isinstance(found, np.ndarray | jax.Array) else []


def digest(found: list[np.ndarray]) -> str:
    """A short name of the bytes of arrays."""
    hashed = hashlib.sha256()
    for array in found:
        hashed.update(repr((array.shape, array.dtype)).encode() + array.tobytes())
    return hashed.hexdigest()[:16]

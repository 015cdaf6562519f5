"""Directions learned on handwritten digits, by reconstruction, by contrast and from classes.

The digits are 1,797 pictures of 64 pixels. A dictionary has an atom for each direction, in the
space of the pixels; an encoder has a direction for each pixel, in the space of its code.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np

import toysup
from toysup.geometry import unit_columns

ATOMS = 128  # twice as many as pixels: there may be superposition
SEEDS = range(5)
CODE = 8  # dimensions of the encoders, as in sweeps/real.toml
PIXELS = 64


def pictures() -> tuple[np.ndarray, np.ndarray]:
    """The pictures, `(1797, 64)` from 0 to 1, and their classes."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    return digits.data / digits.data.max(), digits.target


def principal_components() -> list[np.ndarray]:
    from sklearn.decomposition import PCA

    X, _ = pictures()
    return [PCA().fit(X).components_.T]


def sparse_dictionary() -> list[np.ndarray]:
    """Reconstruction with an L1 penalty on codes of either sign. Mairal et al. 2009."""
    from sklearn.decomposition import MiniBatchDictionaryLearning

    X, _ = pictures()
    settings = {"n_components": ATOMS, "alpha": 0.5, "batch_size": 256, "max_iter": 200}
    return [
        MiniBatchDictionaryLearning(random_state=seed, **settings).fit(X).components_.T
        for seed in SEEDS
    ]


def nonnegative_factors() -> list[np.ndarray]:
    """Reconstruction with atoms and codes that are not negative. Lee & Seung 1999.

    A code may take over the scale of its atom, so the atoms have the length one.
    """
    from sklearn.decomposition import MiniBatchNMF

    X, _ = pictures()
    settings = {"n_components": ATOMS, "init": "random", "batch_size": 256, "max_iter": 500}
    found = [MiniBatchNMF(random_state=seed, **settings).fit(X).components_.T for seed in SEEDS]
    return [unit_columns(W[:, np.linalg.norm(W, axis=0) > 0]) for W in found]


def classifier() -> list[np.ndarray]:
    """What a linear code of a classifier of the ten digits has for each pixel."""
    from sklearn.neural_network import MLPClassifier

    X, classes = pictures()
    settings = {"hidden_layer_sizes": (CODE,), "activation": "identity", "max_iter": 2000}
    return [MLPClassifier(random_state=s, **settings).fit(X, classes).coefs_[0].T for s in SEEDS]


def encoder(objective: str, folder: Path) -> Callable[[], list[np.ndarray]]:
    """The encoders that toysup trains on the pixels with an objective of its own."""

    def trained() -> list[np.ndarray]:
        sweep: dict = {
            "seeds": len(SEEDS),
            "model": {"n_features": PIXELS, "d_hidden": CODE},
            "train": {
                "steps": 5000,
                "batch_size": 256,
                "learning_rate": 0.02,
                "schedule": "cooldown",
            },
            "features": {"table": {}},
            "objective": {objective: {}},
        }
        if objective == "infonce":
            sweep["objective"] = {objective: {"temperature": 0.5}}
            sweep["views"] = {"mask": {"keep_probability": 0.5}}
        rows = toysup.sweep(sweep, out=folder / objective)
        rows = rows[rows["directions"] == rows["directions"].iloc[0]]
        return [np.asarray(W).reshape(CODE, PIXELS) for W in rows["W"]]

    return trained

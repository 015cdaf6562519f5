"""Matrices made by hand, and the verdicts on groups of them."""

import itertools

import numpy as np
import pandas as pd

from toysup.verdict import judge
from toysup.verdict.thresholds import Thresholds


def results(*groups, outcomes=None, **columns):
    """Rows as a run leaves them: each group is the W of one condition's seeds."""
    rows = []
    for condition, group in enumerate(groups):
        for seed, W in enumerate(group):
            m, n = np.shape(W)
            who = {"objective": "mse", "features": "independent", "views": None}
            who |= {"encoder": "linear", "directions": "encoder", "condition": condition}
            ran = {"outcome": (outcomes or {}).get(seed, "converged"), "loss": 1.0 - 0.1 * seed}
            moved = float(ran["outcome"] == "not converged")
            ran |= {
                "geometry_change": moved,
                "loss_change": 0.0,
                "distance": 1.0,
                "learning_rate": 0.01,
            }
            size = {"d_hidden": m, "n_features": n, "W": np.float32(W).ravel()}
            rows.append(who | {"seed": seed} | ran | size)
            rows[-1] |= {name: values[condition] for name, values in columns.items()}
    frame = pd.DataFrame(rows)
    frame.attrs["settings"] = ["d_hidden", "n_features", *columns]
    return frame


def verdict(*matrices, thresholds=None, **keywords):
    """The verdict on one condition; a single matrix is what all of ten seeds found."""
    group = matrices * 10 if len(matrices) == 1 else matrices
    return judge(results(group, **keywords), thresholds=thresholds or Thresholds()).verdicts[0]


def doubled(W):
    """Every direction twice."""
    return np.concatenate([W, W], axis=1)


def leaning(size, cosine):
    """`size` features in as many dimensions, each two at the same cosine."""
    return np.linalg.cholesky((1 - cosine) * np.eye(size) + cosine).T


def cell_24():
    """The 24 corners of the 24-cell, (4, 24): permutations of (1, 1, 0, 0) with all signs."""
    corners = [
        np.eye(4)[i] * a + np.eye(4)[j] * b
        for i, j in itertools.combinations(range(4), 2)
        for a in (1, -1)
        for b in (1, -1)
    ]
    return np.array(corners).T / np.sqrt(2)


def roots_of_e8():
    """The 240 roots of E8, (8, 240): 112 with two entries, and 128 of halves with even signs."""
    pairs = [
        np.eye(8)[i] * a + np.eye(8)[j] * b
        for i, j in itertools.combinations(range(8), 2)
        for a in (1, -1)
        for b in (1, -1)
    ]
    halves = [s for s in itertools.product((0.5, -0.5), repeat=8) if np.prod(np.sign(s)) > 0]
    return np.array([*pairs, *halves]).T / np.sqrt(2)


def noisy(W, seeds=10, share=0.01, seed=0):
    """Copies of W with noise of this share of each column's length."""
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((seeds, *W.shape))
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    return W + share * np.linalg.norm(W, axis=0) * noise

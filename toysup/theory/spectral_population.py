"""The spectral contrastive loss over all samples, of few features under masks."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from toysup.theory.least import enable_x64
from toysup.theory.pairs import view_pairs
from toysup.theory.population import Least, Row
from toysup.theory.spectral import spectral_contrastive_gram, spectral_contrastive_least_loss


@lru_cache(maxsize=128)
def view_moments(p: Row, keep: Row, fill: bool) -> tuple[np.ndarray, np.ndarray]:
    """E x x.T over views, and E x x+.T over pairs of views."""
    with enable_x64(True):
        pairs = view_pairs(p, keep, fill)
        second, cross = (pairs.x * pairs.weight) @ pairs.x.T, pairs.x @ pairs.joint @ pairs.x.T
        return np.asarray(second), np.asarray(cross)


@dataclass(frozen=True)
class SpectralPopulation:
    """The spectral contrastive loss, which needs the moments of the views alone."""

    p: Row
    keep: Row
    fill: bool
    d_hidden: int
    overlap_weight: float

    @property
    def moments(self) -> tuple[np.ndarray, np.ndarray]:
        """E x x.T over views, and E x x+.T over pairs of views."""
        return view_moments(self.p, self.keep, self.fill)

    def loss(self, W, b=None):
        second, cross = (W @ moment @ W.mT for moment in self.moments)
        alike = np.trace(cross, axis1=-2, axis2=-1)
        return self.overlap_weight * (second**2).sum(axis=(-1, -2)) - 2 * alike

    def least(self):
        least = spectral_contrastive_least_loss(*self.moments, self.d_hidden) / self.overlap_weight
        values, vectors = np.linalg.eigh(spectral_contrastive_gram(*self.moments, self.d_hidden))
        n = len(self.p)
        W = np.zeros((self.d_hidden, n))
        kept = min(self.d_hidden, n)
        W[:kept] = (vectors * np.sqrt(np.maximum(values, 0) / self.overlap_weight)).T[n - kept :]
        return Least(least, W)

"""Whether features that belong together keep a subspace of their own (Engels et al. 2024).

The features that a distribution relates are groups where all of a group are related: those of a
manifold, of a correlated group. Where related features are neighbours on a ring there are none.
"""

from collections.abc import Callable
from itertools import combinations

import numpy as np

from toysup.geometry.subspaces import least_overlap, random_overlap, random_overlaps
from toysup.metrics import _vectors, column
from toysup.metrics.represented import REPRESENTED

ROUNDING = 1e-9  # a difference of overlaps, per dimension, that means nothing


def groups(partners: np.ndarray) -> list[np.ndarray]:
    """The features of each group, or no groups where relations do not make any; `partners` is
    (n_features, n_features)."""
    together = partners | np.eye(len(partners), dtype=bool)
    first = together.argmax(axis=-1)  # the number of each feature's group
    if not partners.any() or ((first[:, None] == first) != together).any():
        return []
    return [np.flatnonzero(first == number) for number in np.unique(first)]


def bases(W: np.ndarray, members: list[np.ndarray], threshold: float) -> list[np.ndarray]:
    """An orthonormal basis of each group's subspace, (..., d_hidden, at most its features).

    A dimension counts where its singular value is above `threshold` of the largest of any group;
    one that does not is a column of zeros.
    """
    parts = [np.linalg.svd(W[..., features], full_matrices=False)[:2] for features in members]
    largest = np.max([s.max(axis=-1, initial=0) for _, s in parts], axis=0)[..., None]
    return [U * (s > threshold * largest)[..., None, :] for U, s in parts]


def sizes_of(found: list[np.ndarray]) -> np.ndarray:
    """How many dimensions each subspace has, (..., groups)."""
    return np.stack([(U**2).sum(axis=(-2, -1)) for U in found], axis=-1).round().astype(int)


def of_groups(measure: Callable, W: np.ndarray, partners: np.ndarray, threshold: float):
    """`measure(W, bases)` of each matrix, (...): NaN where fewer than two groups are represented.

    `measure` takes matrices that have the same groups, (matrices, d_hidden, n_features).
    """
    W, partners = _vectors.matrix(W), np.asarray(partners)
    leading, flat = W.shape[:-2], W.reshape(-1, *W.shape[-2:])
    masks = np.broadcast_to(partners, (*leading, *partners.shape[-2:]))
    alike = {}  # the places of each mask
    for place in np.flatnonzero(np.isfinite(flat).all(axis=(-2, -1))):
        mask = masks[np.unravel_index(place, leading)]
        alike.setdefault(mask.tobytes(), (mask, []))[1].append(place)
    result = np.full(len(flat), np.nan)
    for mask, known in alike.values():
        members = groups(mask)
        if len(members) < 2:
            continue
        places = np.array(known)
        found = bases(flat[places], members, threshold)
        several = (sizes_of(found) > 0).sum(axis=-1) > 1
        if several.any():
            chosen = places[several]
            result[chosen] = measure(flat[chosen], [U[several] for U in found])
    return result.reshape(leading)[()]


def total_overlap(found: list[np.ndarray]) -> np.ndarray:
    """S, the squared cosines of all principal angles, over ordered pairs of groups."""
    total = found[0] @ found[0].mT
    for U in found[1:]:
        total += U @ U.mT
    return (total**2).sum(axis=(-2, -1)) - sizes_of(found).sum(axis=-1)


def on_scale(total: np.ndarray, sizes: np.ndarray, m: np.ndarray) -> np.ndarray:
    """S of subspaces of these `sizes` in m dimensions, with 0 at the bound and 1 at random."""
    least = least_overlap(sizes, m)
    return _vectors.ratio(total - least, random_overlap(sizes, m) - least)


@column(source="Casazza & Fickus 2009; toysup")
def subspace_interference(
    W: np.ndarray, partners: np.ndarray, threshold: float = REPRESENTED
) -> np.ndarray:
    """How much the subspaces of groups of related features overlap: 0 at the least, 1 at random.

        (S - bound) / (null - bound),  S = sum_{a != b} |P_a P_b|^2
        null = (D^2 - sum_a d_a^2) / m,  bound = max(0, D (D - m) / m),  D = sum_a d_a

    P_a projects onto the span of a group's columns, of dimension d_a, so that S adds up the squared
    cosines of all principal angles. 0 where subspaces are orthogonal, or a tight fusion frame; 1
    on average for independent random subspaces. It is T of `squared_interference` where each group
    is one feature. Of a span the directions count whose singular value is above 0.3 of the largest
    of any group. Insensitive to scale, rotation and any invertible change within a group that keeps
    its dimensions. NaN with fewer than two groups. `W` is `(..., d_hidden, n_features)`, `partners`
    a symmetric mask `(..., n_features, n_features)`, and the result `(...)`.

    >>> partners = np.kron(np.eye(2), np.ones((2, 2))).astype(bool) & ~np.eye(4, dtype=bool)
    >>> float(subspace_interference(np.eye(4), partners))
    0.0

    Source: Casazza and Fickus 2009, "Minimizing fusion frame potential".
    """

    def scaled(W, found):
        return on_scale(total_overlap(found), sizes_of(found), _vectors.dimensions(W))

    return of_groups(scaled, W, partners, threshold)


@column(source="toysup; the null of subspace_interference")
def subspace_quantile(
    W: np.ndarray, partners: np.ndarray, threshold: float = REPRESENTED
) -> np.ndarray:
    """The share of 1,000 sets of random subspaces, of the same sizes, that overlap less.

    0 where the groups of related features are further apart than any random subspaces, 1/2 where
    they are as random ones, 1 where they overlap more. It is the place of S (see
    `subspace_interference`) in its null: equal ones count half. Insensitive to the same as that.
    NaN with fewer than two groups. `W` is `(..., d_hidden, n_features)`, `partners` a symmetric
    mask `(..., n_features, n_features)`, and the result `(...)`.

    >>> partners = np.kron(np.eye(2), np.ones((2, 2))).astype(bool) & ~np.eye(4, dtype=bool)
    >>> float(subspace_quantile(np.eye(4), partners))
    0.0

    Source: toysup.
    """

    def place(W, found):
        sizes, total = np.sort(sizes_of(found), axis=-1), total_overlap(found)
        slack = ROUNDING * sizes.sum(axis=-1)
        places = []
        for s, m, of_sizes, near in zip(total, _vectors.n_in_use(W), sizes, slack, strict=True):
            null = random_overlaps(tuple(map(int, of_sizes)), int(m))
            ends = np.searchsorted(null, s - near), np.searchsorted(null, s + near, side="right")
            places.append(np.mean(ends) / len(null))
        return places

    return of_groups(place, W, partners, threshold)


@column(unit="degrees", source="Bjorck & Golub 1973")
def subspace_angle(
    W: np.ndarray, partners: np.ndarray, threshold: float = REPRESENTED
) -> np.ndarray:
    """The smallest principal angle between the subspaces of two groups, mean over pairs of groups.

        mean over a < b of arccos(largest singular value of Q_a^T Q_b)

    90 where all groups are orthogonal, 0 where every two share a line, as they must where their
    dimensions add up to more than m. Insensitive to scale, rotation and any invertible change
    within a group that keeps its dimensions. NaN with fewer than two groups. `W` is
    `(..., d_hidden, n_features)`, `partners` a symmetric mask `(..., n_features, n_features)`, and
    the result `(...)`.

    >>> partners = np.kron(np.eye(2), np.ones((2, 2))).astype(bool) & ~np.eye(4, dtype=bool)
    >>> float(subspace_angle(np.eye(4), partners))
    90.0

    Source: Bjorck and Golub 1973, "Numerical methods for computing angles between linear
    subspaces".
    """

    def mean_angle(W, found):
        there = sizes_of(found) > 0
        angles, pairs = np.zeros(len(W)), np.zeros(len(W))
        for a, b in combinations(range(len(found)), 2):
            cosine = np.linalg.svd(found[a].mT @ found[b], compute_uv=False).max(axis=-1)
            both = there[:, a] & there[:, b]
            angles += np.where(both, np.degrees(np.arccos(np.minimum(cosine, 1))), 0)
            pairs += both
        return angles / pairs

    return of_groups(mean_angle, W, partners, threshold)


@column(unit="dimensions", source="toysup, for Engels et al. 2024")
def subspace_dimensions(
    W: np.ndarray, partners: np.ndarray, threshold: float = REPRESENTED
) -> np.ndarray:
    """How many dimensions the subspaces of groups of related features have together.

        D = sum_a d_a,  d_a = how many singular values of a group are above 0.3 of the largest

    As many as there are features where all groups are kept as they are; more than m is
    superposition of subspaces. Fewer where a group is squeezed or dropped: a sphere seen from the
    side has lost one. Insensitive to scale, rotation and angles. NaN with fewer than two groups.
    `W` is `(..., d_hidden, n_features)`, `partners` a symmetric mask
    `(..., n_features, n_features)`, and the result `(...)`.

    >>> partners = np.kron(np.eye(2), np.ones((2, 2))).astype(bool) & ~np.eye(4, dtype=bool)
    >>> float(subspace_dimensions([[1.0, 0, 1, 1], [0, 1, 0, 0]], partners))
    3.0

    Source: toysup.
    """
    return of_groups(lambda W, found: sizes_of(found).sum(axis=-1), W, partners, threshold)

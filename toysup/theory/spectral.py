"""What the spectral contrastive loss makes of a linear code. HaoChen et al. 2021."""

import numpy as np


def spectral_contrastive_optimum(second_moment, cross_moment, d_hidden):
    """A = S^1/2 W.T W S^1/2 of the linear codes W that have the least spectral contrastive loss.

    A is the top-m positive part of S^-1/2 C S^-1/2, with S = E[x x.T] over views, C = E[x x+.T]
    over pairs of views, not centred, (n_features, n_features) each, and m = d_hidden. Directions
    in which x does not vary are left out. At C = S, equal views, A is any projection onto m
    dimensions, and this is one of them.

    Source: HaoChen et al. 2021, "Provable Guarantees for Self-Supervised Deep Learning with
    Spectral Contrastive Loss", for a code of this form, by Eckart & Young 1936.

    >>> second, cross = np.diag([1.0, 4.0, 1.0]), np.diag([0.5, 1.0, -1.0])
    >>> spectral_contrastive_optimum(second, cross, 2).diagonal().tolist()
    [0.5, 0.25, 0.0]
    """
    values, vectors = _positive_part(second_moment, cross_moment, d_hidden)
    return (vectors * values) @ vectors.T


def spectral_contrastive_gram(second_moment, cross_moment, d_hidden):
    """W.T W of the same codes, (n_features, n_features): S^-1/2 A S^-1/2.

    >>> second, cross = np.diag([1.0, 4.0, 1.0]), np.diag([0.5, 1.0, -1.0])
    >>> spectral_contrastive_gram(second, cross, 2).diagonal().tolist()
    [0.5, 0.0625, 0.0]
    """
    root = _inverse_root(second_moment)
    return root @ spectral_contrastive_optimum(second_moment, cross_moment, d_hidden) @ root


def spectral_contrastive_least_loss(second_moment, cross_moment, d_hidden):
    """The loss of the same codes: -sum of l^2 over the m largest positive eigenvalues l.

    No less than -m, which equal views reach; 0 where views have no moments in common.

    >>> spectral_contrastive_least_loss(np.eye(3), np.eye(3), 2)
    -2.0
    """
    values, _ = _positive_part(second_moment, cross_moment, d_hidden)
    return -float(np.sum(values**2))


def _inverse_root(S):
    """S^-1/2 on what S spans."""
    values, vectors = np.linalg.eigh(S)
    inside = values > 1e-10 * values[-1]
    return (vectors[:, inside] * values[inside] ** -0.5) @ vectors[:, inside].T


def _positive_part(S, C, m):
    """The m largest eigenvalues of S^-1/2 C S^-1/2, 0 for negative ones, and their vectors."""
    root = _inverse_root(S)
    values, vectors = np.linalg.eigh(root @ (C + C.T) @ root / 2)
    return np.maximum(values[-m:], 0), vectors[:, -m:]

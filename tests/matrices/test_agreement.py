"""Two matrices of the same features: pairs that are close in both are told from chance."""

import numpy as np
import pytest
from scipy.spatial.distance import pdist
from scipy.stats import spearmanr

from toysup.errors import ToysupError
from toysup.geometry import polygon, random_directions, unit_columns
from toysup.matrices import agreement as agreements
from toysup.matrices.agreement import Sums, agreement, ranks_of
from toysup.matrices.blocks import unit
from toysup.matrices.matrix import Matrix

RNG = np.random.default_rng(5)


def compared(one, other):
    return agreement(Matrix("one", one), Matrix("other", other))


def related(r, m=12):
    W = RNG.standard_normal((m, r))
    return unit_columns(W), unit_columns(W + RNG.standard_normal((m, r)))


@pytest.mark.slow
@pytest.mark.parametrize("r", [12, 300, pytest.param(1500, marks=pytest.mark.long)])
def test_the_correlation_is_spearmans_of_the_cosines_of_all_pairs(r):
    one, other = related(r)
    expected = spearmanr(*(1 - pdist(W.T, "cosine") for W in (one, other))).statistic
    assert compared(one, other).correlation == pytest.approx(expected, abs=1e-4)


def test_a_rotation_changes_no_pair():
    W = RNG.standard_normal((8, 60))
    rotation, _ = np.linalg.qr(RNG.standard_normal((20, 8)))
    found = compared(W, rotation @ W)
    assert found.correlation == pytest.approx(1, abs=1e-6)
    assert found.same_nearest == 1
    assert found.p_value == 0.001


@pytest.mark.slow
def test_independent_matrices_correlate_no_more_than_chance():
    outside = 0
    for seed in range(40):
        one, other = random_directions(np.random.default_rng(seed), 2, 6, 25)
        found = compared(one, other)
        outside += not found.chance_low <= found.correlation <= found.chance_high
    assert outside <= 6  # 2 are expected; more than 6 in 3 of a thousand tests


def test_the_spread_of_permutations_is_mantels():
    one, other = related(9, 3)
    first, second = (ranks_of(unit(W)) for W in (one, other))
    sums = Sums.of(first, second)
    chance = agreements.permuted(first, second, sums)
    assert chance.std() == pytest.approx(sums.spread(), rel=0.08)
    assert chance.mean() == pytest.approx(0, abs=0.03)


@pytest.mark.long
def test_of_many_features_the_interval_is_that_of_permuting_them_all(monkeypatch):
    W = RNG.standard_normal((6, 700)) + np.repeat(RNG.standard_normal((6, 10)), 70, axis=1)
    one, other = W, RNG.permutation(W, axis=1)
    scaled = compared(one, other)
    monkeypatch.setattr(agreements, "PERMUTED", 700)
    exact = compared(one, other)
    for end in ("chance_low", "chance_high"):
        assert getattr(scaled, end) == pytest.approx(getattr(exact, end), rel=0.15)


def test_pairs_that_are_all_as_close_have_no_order():
    found = compared(np.eye(5), polygon(5))
    assert np.isnan(found.correlation)
    assert np.isnan(found.p_value)


def test_ties_are_not_told_apart_by_rounding_errors():
    turned = np.array([[np.cos(1), -np.sin(1)], [np.sin(1), np.cos(1)]]) @ polygon(7)
    assert compared(polygon(7), turned).correlation == pytest.approx(1)


def test_other_features_are_a_line():
    with pytest.raises(ToysupError, match=r"other: has 4 directions, and one 5\."):
        compared(polygon(5), polygon(4))
    with pytest.raises(ToysupError, match="other: 2 features are represented in it"):
        compared(np.eye(4)[:, :3], np.eye(4)[:, :3] * [1, 1, 0])
    numbered = Matrix("it", polygon(3), ("4", "7", "8"), drawn_from=9, places=(4, 7, 8))
    assert agreement(numbered, Matrix("other", polygon(3), ("a", "b", "c"))).features == 3
    names = Matrix("one", polygon(3), ("a", "b", "c")), Matrix("other", polygon(3), ("a", "c", "b"))
    with pytest.raises(ToysupError, match="its direction 1 is c, and that of one b"):
        agreement(*names)

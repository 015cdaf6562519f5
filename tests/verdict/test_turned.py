"""A verdict looks at directions: which hidden units carry them changes nothing."""

import numpy as np
import pytest

from tests.verdict.hand import cell_24, verdict
from toysup.geometry import antipodal_pairs, polygon, random_directions
from toysup.verdict.rule import MINIMISES, Label


def lifted(W, more, weight=0.0):
    """Ten seeds with `more` hidden units, which carry next to nothing."""
    for seed in range(10):
        noise = np.random.default_rng(seed).standard_normal((more, W.shape[1]))
        yield np.concatenate([W, weight * noise])


def turned(W):
    m = len(W)
    return np.linalg.qr(np.random.default_rng(0).standard_normal((m, m)))[0] @ W


@pytest.mark.slow
@pytest.mark.some(2)
@pytest.mark.parametrize(
    ("W", "more", "label"),
    [
        (polygon(5), 3, Label.LOW_RANK),
        (polygon(5), 1, Label.PARTIAL),
        (polygon(20), 3, Label.LOW_RANK),
        (cell_24(), 2, Label.LOW_RANK),  # its P, 1.04, is as of random directions there
        (np.array([[1.0, -1.0]]), 1, Label.LOW_RANK),
        (antipodal_pairs(5), 5, Label.MINIMISING),
        (np.eye(3), 2, Label.NO_SUPERPOSITION),
        (np.ones((1, 2)), 4, Label.COLLAPSED),
    ],
)
def test_a_code_that_leaves_dimensions_out_has_one_label_however_it_is_turned(W, more, label):
    for weight in (0, 1e-4, 1e-3, 1e-2):
        found = verdict(*lifted(W, more, weight))
        assert found.label == verdict(*map(turned, lifted(W, more, weight))).label == label


@pytest.mark.slow
def test_random_directions_that_leave_a_dimension_out_are_not_random_however_small_the_rest_is():
    group = random_directions(np.random.default_rng(4), 10, 2, 5)
    found = {
        verdict(*[np.concatenate([W, np.full((1, 5), rest)]) for W in group]).label
        for rest in (0, 1e-3, 1e-2)
    }
    assert found == {verdict(*[turned(np.r_[W, np.zeros((1, 5))]) for W in group]).label}
    assert Label.RANDOM not in found


def test_a_high_T_with_a_low_P_is_not_said_to_seek():
    found = verdict(np.concatenate([polygon(5), np.zeros((1, 5))]))
    assert found.squared_interference.value > 1 > found.positive_interference.value
    assert (found.label, found.n_active) == (Label.PARTIAL, 2)


@pytest.mark.slow
def test_one_dimension_is_filled_by_features_half_one_way_and_half_the_other():
    assert verdict(np.array([[1.0, -1.0] * 10])).label == Label.MINIMISING
    assert verdict(np.array([[1.0, -1.0] * 10 + [1.0] * 30])).label not in MINIMISES
    assert verdict(np.ones((1, 20))).label == Label.COLLAPSED

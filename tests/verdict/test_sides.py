"""A test speaks for one side of a null only, and too few seeds are not a finding."""

import numpy as np
import pytest

from tests.verdict.hand import cell_24, leaning, results, verdict
from toysup.geometry import (
    antipodal_pairs,
    equal_norm_tight_frames,
    polygon,
    random_directions,
    random_tight_frames,
    simplex,
)
from toysup.metrics.interference import positive_interference, squared_interference
from toysup.spec.label import MINIMISES, Label
from toysup.verdict import judge

pytestmark = pytest.mark.slow


def pair(degrees):
    """Two features at an angle."""
    angle = np.deg2rad(degrees)
    return np.array([[1, np.cos(angle)], [0, np.sin(angle)]])


def random_of(r, m, positive):
    """Of 4000 random directions those whose P is closest to a value."""
    drawn = random_directions(np.random.default_rng(0), 4000, m, r)
    found = positive_interference(drawn, threshold=0)
    return drawn[np.argmin(np.abs(found - positive))]


@pytest.mark.parametrize("seeds", [8, 10, 40])
@pytest.mark.parametrize("degrees", [89.9, 89, 85])
def test_two_features_a_little_under_a_right_angle_are_orthogonal_for_any_seeds(degrees, seeds):
    assert verdict(*[pair(degrees)] * seeds).label == Label.NO_SUPERPOSITION


def test_features_that_lean_a_little_are_no_cone():
    assert verdict(*[leaning(3, 0.005)] * 100).label == Label.NO_SUPERPOSITION
    kept = np.zeros((5, 20))
    kept[:2, :2] = pair(89)
    assert verdict(kept).label == Label.NO_SUPERPOSITION


@pytest.mark.some(2)
@pytest.mark.parametrize("seeds", [10, 40])
@pytest.mark.parametrize(("r", "m"), [(2, 2), (5, 2), (20, 5)])
def test_nothing_is_both_above_and_below_a_null(r, m, seeds):
    for positive in (0.05, 0.8, 0.93, 1.05):
        p = verdict(*[random_of(r, m, positive)] * seeds).p_values
        assert max(p.P_below_random, p.P_above_random) == 1
        assert max(p.T_below_random, p.T_above_random) == 1


@pytest.mark.long
@pytest.mark.some(2)
@pytest.mark.parametrize(("r", "m"), [(5, 2), (42, 10), (64, 10), (400, 30)])
def test_one_seed_of_random_directions_is_random_and_of_a_tight_frame_even(r, m):
    rng = np.random.default_rng([r, m])
    assert verdict_of_one(random_directions(rng, 1, m, r)) == Label.RANDOM
    assert verdict_of_one(equal_norm_tight_frames(rng, 1, m, r)) == Label.EVEN


def verdict_of_one(matrices):
    return judge(results(list(matrices))).verdicts[0].label


def test_half_of_a_24_cell_is_no_cone():
    U = cell_24()
    one_of_two = [i for i in range(24) if not any(np.allclose(U[:, i], -U[:, j]) for j in range(i))]
    assert verdict(U[:, one_of_two]).label in (Label.EVEN, Label.PARTIAL)


def test_clusters_that_lean_to_no_side_seek_and_are_no_cone():
    rng = np.random.default_rng(0)
    centres = np.repeat(simplex(5), 4, axis=1)
    spread = rng.standard_normal((6, 5, 4))
    spread -= spread.mean(axis=2, keepdims=True)
    U = centres + 0.2 * spread.transpose(1, 0, 2).reshape(5, 24)
    found = verdict(U / np.linalg.norm(U, axis=0))
    assert found.mean_cosine < 0
    assert found.label in (Label.SEEKING, Label.SHARING)


def test_two_features_in_one_dimension_need_as_many_seeds_as_the_null_has_halves():
    opposite = np.array([[1.0, -1.0]])
    labels = {
        (seeds, conditions): {
            v.label for v in judge(results(*[[opposite] * seeds] * conditions)).verdicts
        }
        for seeds in (5, 10, 20)
        for conditions in (1, 20)
    }
    assert labels == {
        (5, 1): {Label.UNDEFINED},
        (5, 20): {Label.UNDEFINED},
        (10, 1): {Label.MINIMISING},
        (10, 20): {Label.UNDEFINED},
        (20, 1): {Label.MINIMISING},
        (20, 20): {Label.MINIMISING},
    }


@pytest.mark.parametrize("U", [polygon(3), simplex(3), simplex(4), antipodal_pairs(2)], ids=str)
@pytest.mark.parametrize("seeds", [1, 3, 10])
@pytest.mark.parametrize("conditions", [1, 20])
def test_a_perfect_code_is_never_said_not_to_minimise_for_want_of_seeds(U, seeds, conditions):
    found = judge(results(*[[U] * seeds] * conditions)).verdicts
    assert {v.label for v in found} <= {*MINIMISES, Label.NEAR, Label.UNDEFINED}


def test_what_whitening_gives_is_no_minimising_for_want_of_seeds():
    tight = np.sqrt(0.5) * np.array([[1, 0, 1, 0], [0, 1, 0, 1.0]])
    found = judge(results(*[[tight] * 3] * 60)).verdicts
    assert not {v.label for v in found} & {*MINIMISES, Label.NEAR}


def test_half_of_the_features_in_twins_are_too_close_for_any_index():
    angles = np.cumsum(np.tile([4.63, *[(36 - 4.63) / 3] * 3], 10))
    ring = np.stack([np.cos(np.deg2rad(angles)), np.sin(np.deg2rad(angles))])
    found = verdict(ring)
    assert found.exponential_index.value > 0.9
    assert found.label == Label.EVEN


def test_the_conditions_in_holms_correction_are_counted_with_those_of_too_few_seeds():
    verdicts = judge(results(*[[np.array([[1.0, -1.0]])] * 3] * 4))
    assert {v.label for v in verdicts.verdicts} == {Label.UNDEFINED}
    assert (verdicts.judged, verdicts.tests) == (4, 16)


def beside(group, others, conditions=1):
    """The label of a group of seeds in a report with other conditions, which are random."""
    rng = np.random.default_rng(1)
    random = [list(random_directions(rng, len(group), 5, 20)) for _ in range(others)]
    return judge(results(*[group] * conditions, *random)).verdicts[0].label


@pytest.mark.some(2)
@pytest.mark.parametrize("others", [0, 1, 20])
@pytest.mark.parametrize("seeds", [5, 10, 20])
def test_a_p_on_the_wrong_side_of_the_null_is_not_left_open(seeds, others):
    assert beside([pair(80)] * seeds, others) == Label.PARTIAL


def flipped(U, bad, seeds=10):
    """A code in most seeds; in the `bad` ones a feature points the other way."""
    other = U * np.where(np.arange(U.shape[1]) == 0, -1, 1)
    return [other] * bad + [U] * (seeds - bad)


@pytest.mark.some(2)
@pytest.mark.parametrize("others", [0, 20])
@pytest.mark.parametrize(("U", "bad"), [(polygon(3), 1), (simplex(3), 1), (simplex(3), 2)])
def test_a_perfect_code_with_a_bad_seed_is_never_said_not_to_minimise(U, bad, others):
    assert beside(flipped(U, bad), others) in (*MINIMISES, Label.NEAR)


@pytest.mark.parametrize(
    ("r", "m", "seeds"),
    [(3, 2, 5), (4, 3, 5), (5, 4, 3), pytest.param(23, 20, 1, marks=pytest.mark.long)],
)
def test_whitened_directions_are_not_left_open_for_want_of_seeds(r, m, seeds):
    rng = np.random.default_rng(0)
    for made in (equal_norm_tight_frames, random_tight_frames):
        groups = [list(made(rng, seeds, m, r)) for _ in range(15 if m < 20 else 5)]
        labels = [v.label for v in judge(results(*groups)).verdicts]
        assert labels.count(Label.NEAR) <= 1
        assert not set(labels) & {Label.MINIMISING}


def test_three_features_in_one_dimension_are_undefined_where_seeds_are_too_few():
    two_and_one = np.array([[1.0, 1.0, -1.0]])
    labels = [verdict(*[two_and_one] * seeds).label for seeds in (5, 10, 40)]
    assert labels == [Label.UNDEFINED, Label.UNDEFINED, Label.MINIMISING]


@pytest.mark.parametrize(("positive", "label"), [(1.02, Label.RANDOM), (1.2, Label.SEEKING)])
def test_seeds_that_all_end_alike_seek_only_by_more_than_a_trifle(positive, label):
    drawn = random_directions(np.random.default_rng(0), 4000, 5, 12)
    P, T = (f(drawn, threshold=0) for f in (positive_interference, squared_interference))
    code = drawn[np.argmin(np.abs(P - positive) + np.abs(T - 1))]
    assert verdict(*[code] * 20).p_values.P_above_random < 0.01
    assert verdict(*[code] * 20).label == label


@pytest.mark.parametrize("noise", [0.01, 0.03, 0.05])
@pytest.mark.parametrize("m", [3, 5, 10])
def test_pairs_in_half_of_the_dimensions_minimise_with_noise_in_these(m, noise):
    rng = np.random.default_rng(0)
    pairs = antipodal_pairs(m) + noise * rng.standard_normal((10, m, 2 * m)) / np.sqrt(m)
    group = [np.concatenate([W, np.zeros((m, 2 * m))]) for W in pairs]
    assert verdict(*group).label == Label.MINIMISING


@pytest.mark.long
@pytest.mark.parametrize(("r", "m"), [(1000, 16), (2000, 64)])
def test_slightly_uneven_random_directions_of_great_number_leave_no_dimension_out(r, m):
    rng = np.random.default_rng(0)
    spread = np.sqrt(1 + 0.1 * rng.standard_normal((m, 1)))
    found = verdict_of_one(spread * rng.standard_normal((1, m, r)))
    assert found == Label.RANDOM


@pytest.mark.parametrize(("squeezed", "labels"), [(0.84, MINIMISES), (0.75, {Label.PARTIAL})])
def test_a_crowded_polygon_that_is_squeezed_is_partial_and_leaves_no_dimension_out(
    squeezed, labels
):
    assert verdict(polygon(64) * [[1], [squeezed]]).label in labels


def test_a_T_that_is_above_chance_and_no_effect_is_not_said_to_be_within_chance():
    lines = [random_directions(np.random.default_rng(seed), 1, 10, 100)[0] for seed in range(10)]
    found = verdict(*(np.concatenate([U, -U], axis=1) for U in lines))
    assert found.label == Label.RANDOM
    assert found.squared_interference.value > 1.5
    near = "the sum of squared cosines is within 5% of random directions', and P does not differ"
    assert near in found.reason

"""Known codes get known answers, and the numbers are those that a trained model would get."""

import numpy as np
import pytest
from scipy.special import chdtrc

from tests.verdict.hand import cell_24, doubled, noisy, roots_of_e8
from toysup.geometry import (
    antipodal_pairs,
    equal_norm_tight_frames,
    polygon,
    random_directions,
    random_tight_frames,
    simplex,
)
from toysup.matrices.judge import judge
from toysup.matrices.matrix import Matrix
from toysup.matrices.mean import centred_random
from toysup.matrices.measured import lean, measure
from toysup.spec.label import Label
from toysup.verdict.directions import MEASURES
from toysup.verdict.directions import measure as plain

RNG = np.random.default_rng(3)


def judged(*matrices):
    [found] = judge({"it": [Matrix(f"it {i}", W) for i, W in enumerate(matrices)]})
    return found


def measured(W, names=None):
    return measure(Matrix("it", W, names))


@pytest.mark.slow
@pytest.mark.some(2)
@pytest.mark.parametrize(
    ("W", "label"),
    [
        (polygon(5), Label.MINIMISING),
        (antipodal_pairs(6), Label.MINIMISING),
        (cell_24(), Label.MINIMISING),
        (roots_of_e8(), Label.MINIMISING),
        (np.eye(8), Label.NO_SUPERPOSITION),
        (doubled(antipodal_pairs(6)), Label.SHARING),
        (np.ones((4, 9)), Label.COLLAPSED),
        (random_directions(RNG, 1, 20, 300)[0], Label.RANDOM),
        (equal_norm_tight_frames(RNG, 1, 10, 64)[0], Label.EVEN),
        (random_tight_frames(RNG, 1, 64, 400)[0], Label.EVEN),
    ],
)
def test_one_matrix_of_a_known_code_gets_its_label(W, label):
    assert judged(W).verdict.label == label


@pytest.mark.slow
def test_matrices_of_one_group_are_the_seeds_of_a_condition():
    found = judged(*noisy(simplex(4)))
    assert found.verdict.label == Label.MINIMISING
    assert found.verdict.seeds == len(found.matrices) == 10


@pytest.mark.parametrize("r", [3, 9, 30])
def test_the_numbers_are_those_of_the_verdict_on_a_run(r):
    W = np.random.default_rng(r).standard_normal((5, r)) * np.linspace(0.2, 0.5, r)
    found = measured(W)
    names = [name for name in MEASURES if name not in ("n_represented", "n_active")]
    expected = dict(zip(MEASURES, plain(W[None], 0.3)[0].tolist(), strict=True))
    assert found.represented == expected["n_represented"]
    assert {n: getattr(found, n) for n in names} == pytest.approx({n: expected[n] for n in names})


@pytest.mark.slow
def test_a_cone_is_told_with_its_mean_and_judged_without_it():
    U = random_directions(np.random.default_rng(0), 1, 16, 200)[0]
    U[0] += 0.5
    found = judged(U)
    assert found.verdict.label in (Label.CONE, Label.SEEKING)
    assert found.matrices[0].mean_length > 0.4
    assert found.without_mean[0].mean_length < 0.05
    assert found.without_mean[0].positive_interference < 1.05


def test_without_a_mean_that_is_more_than_chance_nothing_is_judged_twice():
    assert judged(random_directions(RNG, 1, 16, 200)[0]).verdict_without_mean is None


@pytest.mark.slow
@pytest.mark.parametrize(("r", "m"), [(200, 8), (300, 20)])
def test_the_p_of_random_directions_without_their_mean_is_as_the_formula_says(r, m):
    drawn = random_directions(np.random.default_rng(1), 40, m, r)
    centred = drawn - drawn.mean(axis=-1, keepdims=True)
    found = [measured(W).positive_interference for W in centred]
    assert np.mean(found) == pytest.approx(centred_random(r, m), abs=0.01)


def test_zero_and_repeated_columns_are_counted():
    W = np.concatenate([antipodal_pairs(3), np.zeros((3, 2)), np.eye(3)[:, :1]], axis=1)
    found = measured(W)
    assert (found.directions, found.zero, found.repeated, found.represented) == (9, 2, 1, 7)


@pytest.mark.slow
@pytest.mark.parametrize("code", [polygon(5), antipodal_pairs(6)])
def test_a_code_that_is_there_twice_shares_and_minimises_without_its_repeats(code):
    found = judged(*[doubled(code)] * 6)
    assert found.verdict.label == Label.SHARING
    assert found.verdict_without_repeats.label == Label.MINIMISING
    assert found.matrices[0].repeated == code.shape[1]


def test_without_repeats_of_directions_that_count_nothing_is_judged_again():
    short = np.concatenate([polygon(5), 0.1 * polygon(5), 0.1 * polygon(5)], axis=1)
    found = judged(short)
    assert found.matrices[0].repeated == 5
    assert found.verdict_without_repeats is None
    assert judged(polygon(5) * 1.0).verdict_without_repeats is None


def test_directions_that_are_nearly_one_are_no_repeats():
    found = judged(np.concatenate([polygon(5), polygon(5) * (1 + 1e-12)], axis=1))
    assert found.matrices[0].repeated == 0
    assert found.verdict.label == Label.SHARING


def test_the_closest_and_most_opposed_pairs_have_their_names():
    W = np.eye(4)[:, [0, 1, 2, 3, 0]]
    W[1, 4] = 0.5
    found = measured(np.concatenate([W, -W[:, :1]], axis=1), list("abcdef")).cosines
    assert found.closest[0][:2] == ("a", "e")
    assert found.opposed[0] == ("a", "f", -1.0)


@pytest.mark.slow
def test_columns_of_zeros_do_not_come_back_as_the_mean_turned_round():
    pairs = np.concatenate([antipodal_pairs(8), np.zeros((8, 4))], axis=1)
    pairs[:, :16] += 0.3
    found = judged(pairs)
    assert found.matrices[0].zero == 4
    assert found.without_mean[0].represented == 16
    assert found.verdict_without_mean.label == Label.MINIMISING
    assert "among the 16 of 20 features it keeps" in found.verdict_without_mean.reason


@pytest.mark.slow
def test_seeds_that_represent_other_numbers_of_directions_are_judged_without_their_mean():
    rng = np.random.default_rng(3)
    group = []
    for dropped in range(3):
        W = rng.standard_normal((3, 12)) + 3
        W[:, :dropped] = 0
        group.append(Matrix(str(dropped), W))
    [found] = judge({"a": group})
    assert [one.represented for one in found.matrices] == [12, 11, 10]
    assert found.verdict_without_mean is not None


@pytest.mark.slow
@pytest.mark.parametrize("scale", [1e-30, 1e25])
def test_a_scale_whose_squares_float32_does_not_hold_changes_nothing(scale):
    U = np.float32(scale) * random_directions(np.random.default_rng(4), 1, 5, 20)[0]
    found = judged(U.astype(np.float32))
    plain = judged(U.astype(np.float64) / scale)
    assert found.verdict.reason == plain.verdict.reason
    assert found.matrices[0].lean == pytest.approx(plain.matrices[0].lean, rel=1e-5)


def test_a_few_directions_of_many_dimensions_need_no_matrix_of_the_dimensions():
    few = random_directions(np.random.default_rng(0), 1, 20_000, 4)[0]
    found = judged(few)
    assert found.verdict.label == Label.RANDOM
    assert found.matrices[0].spectrum[:4].sum() == pytest.approx(4)
    assert found.matrices[0].spectrum.shape == (20_000,)


def test_few_directions_in_many_dimensions_are_not_judged_without_their_mean():
    few = random_directions(np.random.default_rng(0), 1, 512, 10)[0]
    few[0] += 1
    assert judged(few).verdict_without_mean is None


@pytest.mark.long
def test_the_mean_that_is_tested_is_the_one_that_is_taken_out():
    W = random_directions(np.random.default_rng(0), 1, 6, 600)[0]
    W[:, :480] *= 0.6
    W[0, :480] = np.abs(W[0, :480])  # many short columns lean to one side,
    W[:, 480:] -= W.sum(axis=1, keepdims=True) / 120  # and few long ones balance them
    found = judged(W)
    assert found.matrices[0].represented == 600
    assert chdtrc(6, 6 * 600 * found.matrices[0].mean_length ** 2) < 1e-9
    assert found.matrices[0].lean == pytest.approx(0, abs=1e-12)
    assert found.verdict_without_mean is None


def test_a_code_around_a_point_is_found_again_whatever_its_norms():
    half = np.eye(8) * np.linspace(1, 2, 8)
    found = judged(np.concatenate([half, -half], axis=1) + 0.4)
    assert found.verdict.label != Label.MINIMISING
    assert found.verdict_without_mean.label == Label.MINIMISING


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.0, 0.6])
def test_a_lean_is_called_more_than_chance_once_in_a_thousand_matrices(spread):
    drawn = random_directions(np.random.default_rng(0), 4000, 8, 40)
    drawn = drawn * np.random.default_rng(1).uniform(1 - spread, 1, (4000, 1, 40))
    leans = np.array([lean(W) for W in drawn])
    assert np.mean(chdtrc(8, 8 * 40 * leans**2) < 0.01) == pytest.approx(0.01, abs=0.004)

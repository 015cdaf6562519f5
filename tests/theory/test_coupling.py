"""InfoNCE asks for no interference of independent features, and keeps the rare and invariant."""

import jax
import numpy as np
import pytest

from tests.training import lowest, setup, trained
from toysup.theory.coupling import infonce_coupling, infonce_least_with_bias
from toysup.theory.infonce_population import InfoNCEPopulation
from toysup.theory.pairs import view_pairs


def cosines(W):
    U = W / np.linalg.norm(W, axis=0)
    return (U.T @ U)[~np.eye(W.shape[1], dtype=bool)]


def products(p, m):
    return InfoNCEPopulation(p, (0.8,) * len(p), False, m, 1.0, cosine=False)


def test_the_ideal_critic_is_a_sum_over_features():
    p, keep = np.array([0.3, 0.6]), np.array([0.5, 0.9])
    with jax.enable_x64(True):
        both = view_pairs(p, keep, points=2)
        alone = [view_pairs(p[i : i + 1], keep[i : i + 1], points=2) for i in range(2)]
        joints = [np.asarray(of.joint) for of in (both, *alone)]
    with np.errstate(divide="ignore"):
        ideal, first, second = (
            np.log(joint / np.outer(joint.sum(axis=1), joint.sum(axis=1))) for joint in joints
        )
    summed = first[:, None, :, None] + second[None, :, None, :]
    np.testing.assert_allclose(ideal, summed.reshape(ideal.shape), atol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("p", [(1.0, 1.0), (0.5, 0.1), (0.3, 0.3, 0.3)])
def test_with_room_and_a_bias_the_best_gram_is_diagonal_at_the_sum_of_the_losses(p):
    n = len(p)
    best = infonce_least_with_bias(p, (0.8,) * n, n)
    np.testing.assert_allclose(cosines(best.W[:, :n]), 0, atol=2e-3)
    alone = [products((p_i,), 1).least() for p_i in p]
    assert best.loss < sum(least.loss for least in alone)  # a bias helps each of them


@pytest.mark.slow
def test_without_a_bias_directions_turn_from_each_other_in_its_place_and_gain_little():
    best, alone = products((0.02,) * 3, 3).least(), products((0.02,), 1).least()
    assert -0.25 < cosines(best.W).min() < cosines(best.W).max() < 0
    assert best.loss == pytest.approx(3 * alone.loss, rel=0.01)


@pytest.mark.slow
def test_rarity_and_invariance_lengthen_a_feature():
    rarer = [infonce_coupling(p, 0.8) for p in (1.0, 0.5, 0.1, 0.01)]
    kept = [infonce_coupling(0.1, keep) for keep in (0.25, 0.5, 0.8, 1.0)]
    assert rarer == sorted(rarer)
    assert kept == sorted(kept)


# The last feature is more often there, or rarer, or less often kept: alone and against each other.
CASES = [(1.0, 0.4)]
MORE = [(3.0, 1.0), (0.3, 1.0), (0.3, 0.5), (4.0, 0.6)]


@pytest.mark.long
@pytest.mark.parametrize(
    ("relative_density", "relative_keep"),
    [*CASES, *(pytest.param(*case, marks=pytest.mark.long) for case in MORE)],
)
def test_trained_features_are_as_long_as_they_are_rare_and_kept(relative_density, relative_keep):
    made = setup(
        "infonce", "mask", n_features=2, d_hidden=1, similarity="dot", temperature=1.0,
        feature_probability=0.1, relative_density=relative_density, keep_probability=0.8,
        relative_keep_probability=relative_keep, batch_size=256, steps=1500, learning_rate=0.02,
        schedule="cooldown",
    )  # fmt: skip
    # Half of the starts or more end where both have one sign, 0.03 nats above the least.
    W = lowest(made, trained(made, seeds=10))
    last = infonce_coupling(0.1 * relative_density, 0.8 * relative_keep)
    expected = np.sqrt(last / infonce_coupling(0.1, 0.8))
    assert abs(W[0, 1] / W[0, 0]) == pytest.approx(expected, rel=0.08)


@pytest.mark.long
@pytest.mark.parametrize(
    ("changed", "short"),
    [
        pytest.param(
            {"relative_keep_probability": 0.6}, [False, False, True], marks=pytest.mark.long
        ),
        pytest.param({"relative_density": 3.0}, [False, False, True], marks=pytest.mark.long),
        ({"relative_density": 0.1}, [True, True, False]),
    ],
)
def test_a_cosine_shortens_features_that_are_more_often_there_or_less_often_kept(changed, short):
    made = setup(
        "infonce", "mask", n_features=3, d_hidden=2, feature_probability=0.1, keep_probability=0.8,
        batch_size=256, steps=1500, learning_rate=0.01, schedule="cooldown", **changed,
    )  # fmt: skip
    W = lowest(made, trained(made, seeds=4))
    lengths = np.linalg.norm(W, axis=0)
    assert (lengths < 0.6 * lengths.max()).tolist() == short

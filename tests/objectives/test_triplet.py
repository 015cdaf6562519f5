import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests.training import loss_and_slopes, loss_of, setup, trained, untrained
from toysup.objectives.triplet import TIE, Triplet

KEY = jax.random.key(0)


def model_with(W):
    d_hidden, n_features = W.shape
    made = setup("triplet", "identity", n_features=n_features, d_hidden=d_hidden)
    model = untrained(made, KEY)
    return model.replace(encoder={"W": jnp.asarray(W)})


def naive_loss(a, b, margin, negatives):
    a, b = (z / np.maximum(np.linalg.norm(z, axis=0), 1e-30) for z in (a, b))
    batch, losses = a.shape[1], []
    for i in range(batch):
        own = np.sum((a[:, i] - b[:, i]) ** 2)
        others = np.array([np.sum((a[:, i] - b[:, j]) ** 2) for j in range(batch) if j != i])
        if negatives == "hardest":
            others = others.min()
        if negatives == "semi-hard":
            others = min([d for d in others if d > own + TIE], default=others.min())
        losses.append(np.mean(np.maximum(0, own - others + margin)))
    return np.mean(losses)


@pytest.mark.slow
@pytest.mark.parametrize("negatives", ["all", "hardest", "semi-hard"])
@pytest.mark.parametrize("margin", [0.2, 2.0])
def test_loss_is_the_mean_hinge_over_anchors(negatives, margin):
    rng = np.random.default_rng(0)
    W = rng.normal(size=(2, 5))
    x, y = rng.uniform(size=(2, 5, 9))
    y[:, :6] = x[:, :6] + 0.1 * y[:, :6]
    x[:, 0] = y[:, 1] = 0
    loss = loss_of(Triplet(margin=margin, negatives=negatives), model_with(W), KEY, (x, y))
    np.testing.assert_allclose(loss, naive_loss(W @ x, W @ y, margin, negatives), rtol=1e-4)


@pytest.mark.slow
def test_orthogonal_samples_cost_nothing_up_to_a_margin_of_2():
    x = jnp.eye(2)
    losses = [
        loss_of(Triplet(margin=m), model_with(np.eye(2)), KEY, (x, x)) for m in (0.2, 2.0, 3.0)
    ]
    np.testing.assert_allclose(losses, [0, 0, 1], atol=1e-6)


@pytest.mark.long
@pytest.mark.parametrize("negatives", ["all", "hardest", "semi-hard"])
def test_a_code_that_says_nothing_costs_the_margin(negatives):
    x = jax.random.uniform(KEY, (2, 8))
    model = model_with(np.ones((2, 2)))
    loss, gradient = loss_and_slopes(Triplet(margin=0.7, negatives=negatives), model, KEY, (x, x))
    np.testing.assert_allclose(loss, 0.7, rtol=1e-5)
    assert np.isfinite(gradient.W).all()


def at(*turns):
    return jnp.array([np.cos(turns), np.sin(turns)])


@pytest.mark.slow
@pytest.mark.parametrize(("negatives", "nearest"), [("hardest", 0.1), ("semi-hard", 1.5)])
def test_semi_hard_negatives_leave_out_those_nearer_than_the_positive(negatives, nearest):
    # Anchor 0 has its positive at 0.8; the other two anchors lie on their positives.
    x = at(0.0, 0.1, 1.5), at(0.8, 0.1, 1.5)
    distance = lambda turn: 2 - 2 * np.cos(turn)  # noqa: E731
    hinges = 4 + np.array([distance(0.8) - distance(nearest), -distance(0.7), -distance(0.7)])
    loss = loss_of(Triplet(margin=4.0, negatives=negatives), model_with(np.eye(2)), KEY, x)
    np.testing.assert_allclose(loss, hinges.mean(), rtol=1e-5)


def test_a_sample_like_the_anchor_is_no_semi_hard_negative_of_equal_views():
    x = jnp.array([[0.3, 0.7, 0.0], [0.0, 0.0, 1.0]])
    losses = [
        loss_of(Triplet(margin=1.0, negatives=n), model_with(np.eye(2)), KEY, (x, x))
        for n in ("hardest", "semi-hard")
    ]
    np.testing.assert_allclose(losses, [2 / 3, 0], atol=1e-6)


def cosines(views, **settings):
    """Those of different features of three trained seeds, (3, pairs)."""
    made = setup(
        "triplet", views, n_features=6, d_hidden=3, batch_size=64, steps=600,
        feature_probability=0.2, learning_rate=0.01, **settings,
    )  # fmt: skip
    W = np.asarray(trained(made, seeds=3).model.W)
    units = W / np.linalg.norm(W, axis=1, keepdims=True)
    return np.array([(u.T @ u)[~np.eye(6, dtype=bool)] for u in units])


@pytest.mark.long
def test_a_wide_margin_makes_antipodal_pairs_and_a_narrow_one_leaves_interference():
    assert cosines("identity", margin=2.0).max() < 0.03
    narrow = cosines("identity", margin=0.2).max(axis=1)
    assert 0.2 < narrow.min() < narrow.max() < 0.9


@pytest.mark.long
def test_under_masks_hardest_negatives_collapse_all_make_a_cone_and_semi_hard_ones_spread():
    assert cosines("mask", negatives="hardest").min() > 0.999
    cone = cosines("mask", negatives="all")
    assert cone.min() > 0.05
    assert cone.mean() < 0.8
    assert cosines("mask", negatives="semi-hard").mean() < 0

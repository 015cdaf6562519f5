import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests.training import final_losses, loss_of, measures_of, setup, trained, untrained
from toysup.objectives._towers import directions, modality_gap, tower_agreement
from toysup.objectives.clip import CLIP
from toysup.objectives.infonce import InfoNCE

KEY = jax.random.key(0)


def towers(rng, n=5, m=2, temperature=0.3):
    """A model with given matrices, and the matrices."""
    first, second = rng.normal(size=(2, m, n))
    model = untrained(setup("clip", "identity", temperature=temperature), KEY)
    extra = model.extra | {"second": {"W": jnp.asarray(second)}}
    return model.replace(encoder={"W": jnp.asarray(first)}, extra=extra), first, second


def unit(z):
    return z / np.linalg.norm(z, axis=0)


@pytest.mark.slow
@pytest.mark.parametrize("learn_temperature", [False, True])
def test_loss_is_symmetric_cross_entropy_between_the_two_encoders(learn_temperature):
    rng = np.random.default_rng(0)
    model, first, second = towers(rng)
    x, y = rng.uniform(size=(2, 5, 7))
    s = unit(first @ x).T @ unit(second @ y) / 0.3
    expected = 0.0
    for i in range(7):
        expected += np.log(np.exp(s[i]).sum()) + np.log(np.exp(s[:, i]).sum()) - 2 * s[i, i]
    loss = loss_of(CLIP(temperature=0.3, learn_temperature=learn_temperature), model, KEY, (x, y))
    np.testing.assert_allclose(loss, expected / 14, rtol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("learn_temperature", [False, True])
def test_equal_encoders_make_it_infonce(learn_temperature):
    rng = np.random.default_rng(1)
    model, *_ = towers(rng)
    model = model.replace(extra=model.extra | {"second": model.encoder})
    x = rng.uniform(size=(2, 5, 7))
    losses = [
        loss_of(cls(temperature=0.3, learn_temperature=learn_temperature), model, KEY, x)
        for cls in (CLIP, InfoNCE)
    ]
    np.testing.assert_array_equal(*losses)


@pytest.mark.slow
def test_the_two_encoders_are_of_one_kind_and_start_apart():
    model = untrained(setup("clip", "identity"), KEY)
    first, second = (code.W for code in CLIP().codes(model).values())
    assert first.shape == second.shape
    assert np.abs(first - second).min() > 1e-3
    np.testing.assert_allclose(np.std(first), np.std(second), rtol=0.5)


def test_each_encoder_sees_its_own_modality_alone():
    rng = np.random.default_rng(2)
    model, first, second = towers(rng)
    x, y = rng.uniform(size=(2, 5, 7))
    a, b = CLIP().embeddings(model, (x, y))
    np.testing.assert_allclose(a, first @ x, rtol=1e-5)
    np.testing.assert_allclose(b, second @ y, rtol=1e-5)


@pytest.mark.slow
def test_the_modality_gap_is_the_distance_between_the_mean_embeddings():
    rng = np.random.default_rng(3)
    model, first, second = towers(rng)
    x, y = rng.uniform(size=(2, 5, 50))
    expected = np.linalg.norm(unit(first @ x).mean(axis=1) - unit(second @ y).mean(axis=1))
    np.testing.assert_allclose(
        measures_of(CLIP(), model, KEY, (x, y))["modality_gap"], expected, rtol=1e-5
    )


@pytest.mark.slow
def test_the_gap_is_0_over_each_other_and_2_at_opposite_poles():
    a = jnp.tile(jnp.array([[1.0], [0.0]]), 4)
    assert modality_gap(a, a) == 0
    np.testing.assert_allclose(modality_gap(a, -a), 2)


@pytest.mark.long
def test_agreement_is_over_the_features_that_both_encoders_represent():
    first = np.array([[1.0, 0.0, 1.0, 0.01], [0.0, 1.0, 1.0, 0.0]])
    second = np.array([[2.0, 1.0, 0.1, -5.0], [0.0, 0.0, 0.1, 0.0]])
    # Feature 2 is short in the second and feature 3 in the first; feature 1 is at a right angle.
    second[:, 3] = -2.0, 0.0
    np.testing.assert_allclose(tower_agreement(first, second), (1 + 0) / 2, atol=1e-6)
    assert np.isnan(tower_agreement(jnp.eye(2, 4), jnp.eye(2, 4)[:, ::-1]))


@pytest.mark.long
def test_directions_of_a_linear_code_are_its_matrix_even_of_features_that_never_vary():
    rng = np.random.default_rng(4)
    W, x = rng.normal(size=(2, 5)), rng.uniform(size=(5, 300))
    x[1], x[2] = x[0], 0
    np.testing.assert_allclose(directions(lambda x: W @ x, x), W, atol=2e-3)


@pytest.mark.long
def test_directions_of_another_code_are_the_least_squares_coefficients():
    rng = np.random.default_rng(5)
    W, x = rng.normal(size=(2, 5)), rng.uniform(size=(5, 300))
    code = lambda x: jnp.maximum(W @ x - 0.2, 0)  # noqa: E731
    with_constant = np.vstack([x, np.ones(300)])
    expected = np.linalg.lstsq(with_constant.T, np.asarray(code(x)).T, rcond=None)[0][:5].T
    np.testing.assert_allclose(directions(code, x), expected, atol=1e-4)


@pytest.mark.long
def test_the_loss_is_ln_batch_when_the_modalities_share_nothing():
    made = setup(
        "clip", "private", shared_fraction=0.0, batch_size=64, feature_probability=0.5,
        empty_samples="fill", steps=1500, learning_rate=0.01,
    )  # fmt: skip
    np.testing.assert_allclose(final_losses(made, trained(made)), np.log(64), atol=0.002)


@pytest.mark.long
def test_private_features_are_dropped_and_the_encoders_agree_on_the_shared_ones():
    made = setup(
        "clip", "private", n_features=6, d_hidden=3, shared_fraction=0.5, batch_size=128,
        steps=1000, learning_rate=0.01,
    )  # fmt: skip
    models = trained(made, seeds=3).model
    first, second = np.asarray(models.W), np.asarray(models.extra["second"]["W"])
    for W in (*first, *second):
        lengths = np.linalg.norm(W, axis=0)
        assert lengths[3:].max() < 0.05 * lengths[:3].min()
    assert min(tower_agreement(*both) for both in zip(first, second, strict=True)) > 0.99

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests.training import (
    encoded,
    final_losses,
    loss_and_slopes,
    loss_of,
    setup,
    trained,
    untrained,
)


def model(**settings):
    made = setup(encoder="relu", n_features=7, d_hidden=3, **settings)
    return made, untrained(made, jax.random.key(0))


@pytest.mark.slow
def test_relu_encoder_is_the_positive_part_of_W_times_x():
    x = jax.random.uniform(jax.random.key(1), (7, 9))
    for hidden_bias in (False, True):
        _, made = model(hidden_bias=hidden_bias)
        c = np.array([0.5, -0.5, 0.1]) if hidden_bias else np.zeros(3)
        if hidden_bias:
            made = made.replace(encoder=made.encoder | {"c": jnp.asarray(c)})
        z = np.asarray(made.W) @ np.asarray(x) + c[:, None]
        assert (z < 0).any()
        np.testing.assert_allclose(encoded(made, x), np.where(z > 0, z, 0), rtol=1e-5, atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("hidden_bias", [False, True])
def test_a_seed_means_the_same_W_as_in_the_linear_encoder(hidden_bias):
    linear = untrained(setup(n_features=7, d_hidden=3), jax.random.key(0))
    np.testing.assert_array_equal(model(hidden_bias=hidden_bias)[1].W, linear.W)


@pytest.mark.long
def test_dead_units_stay_as_they_are_with_a_finite_gradient():
    made, dead = model()
    dead = dead.replace(encoder={"W": -jnp.abs(dead.W).at[0].multiply(-1)})
    x = jax.random.uniform(jax.random.key(2), (7, 16))
    assert (encoded(dead, x)[1:] == 0).all()
    slope = loss_and_slopes(made.objective, dead, None, x)[1].encoder["W"]
    assert np.isfinite(slope).all()
    np.testing.assert_array_equal(slope[1:], 0)
    assert (slope[0] != 0).any()


@pytest.mark.long
def test_turning_the_code_changes_the_loss_as_it_does_not_for_a_linear_encoder():
    x = jax.random.uniform(jax.random.key(3), (7, 64))
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))[0]

    def change(encoder):
        made = setup(encoder=encoder, n_features=7, d_hidden=3)
        plain = untrained(made, jax.random.key(0))
        turned = plain.replace(encoder={"W": turn @ plain.W})
        before, after = (loss_of(made.objective, one, None, x) for one in (plain, turned))
        return abs(after / before - 1)

    assert change("linear") < 1e-5
    assert change("relu") > 1e-2


@pytest.mark.long
def test_dense_features_take_a_hidden_unit_each():
    made = setup(
        encoder="relu", n_features=3, d_hidden=3, feature_probability=0.5,
        steps=600, batch_size=128, learning_rate=0.02,
    )  # fmt: skip
    states = trained(made)
    losses = final_losses(made, states, batches=20)
    assert losses.min() < 1e-5
    W = np.sort(states.model.W[losses.argmin()], axis=0)
    np.testing.assert_allclose(W, [[0, 0, 0], [0, 0, 0], [1, 1, 1]], atol=0.02)

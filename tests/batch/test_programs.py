import jax
import jax.numpy as jnp
import pytest

from toysup.batch import programs


@pytest.fixture
def asked_again():
    programs.known.cache_clear()
    yield
    programs.known.cache_clear()


def test_this_xla_knows_the_options():
    assert programs.known(optimised=True) == programs.OPTIONS
    assert programs.known(optimised=False) == programs.UNOPTIMISED


@pytest.mark.slow
def test_an_xla_that_does_not_know_the_options_compiles_without_them(monkeypatch, asked_again):
    monkeypatch.setattr(programs, "OPTIONS", {"xla_cpu_is_from_the_future": True})
    twice = programs.quick_jit(lambda x: 2 * x)
    assert twice(jnp.float32(3)) == 6


def test_static_arguments_stay_static():
    power = programs.quick_jit(lambda n, x: x**n, static_argnums=0)
    assert power(2, jnp.float32(3)) == 9
    assert isinstance(power(2, jnp.float32(3)), jax.Array)

from concurrent.futures import ThreadPoolExecutor

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from llvmlite import ir

from toysup.kernels import reconstruction
from toysup.kernels.potential import potential_sum
from toysup.kernels.product import product
from toysup.kernels.reconstruction import squared_error
from toysup.kernels.similarities import pair_cross_entropy
from toysup.kernels.softplus import signed_softplus_sum
from toysup.kernels.sort import sorted_columns
from toysup.kernels.unbounded import unbounded_cross_entropy
from toysup.vectors import usable
from toysup.vectors.call import Kernel, program
from toysup.vectors.vector import WIDTH

rng = np.random.default_rng(0)


@pytest.mark.slow
def test_a_kernel_works_under_jit_and_under_any_number_of_vmaps():
    def write(code, a, b, product, scratch):
        code.clear(scratch)
        code.each_span(WIDTH, lambda span: scratch.__setitem__((0, span), a[span] * b[0]))
        code.each_span(WIDTH, lambda span: product.__setitem__(span, scratch[0, span]))

    kernel = Kernel("scaled", write)
    a = rng.normal(size=(2, 3, WIDTH)).astype(np.float32)
    b = rng.normal(size=(3, 1)).astype(np.float32)

    def scaled(a, b):
        return kernel(a, b, results=((WIDTH,),), scratch=((1, WIDTH),))[0]

    twice = jax.vmap(jax.vmap(scaled), (0, None))
    for function in (twice, jax.jit(twice)):
        np.testing.assert_array_equal(function(a, b), a * b)


def doubled(code, x, y):
    code.each_span(WIDTH, lambda span: y.__setitem__(span, x[span] * 2.0))


@pytest.mark.slow
def test_a_kernel_asked_for_by_many_threads_is_compiled_once():
    kernel, x = Kernel("asked_for_at_once", doubled), jnp.arange(WIDTH, dtype=jnp.float32)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: kernel(x, results=((WIDTH,),))[0], range(32)))
    for one in found:
        np.testing.assert_array_equal(one, 2 * x)


@pytest.mark.slow
def test_kernels_of_one_name_and_other_shapes_are_kept_apart():
    def sums(code, x, y):
        code.each_span(WIDTH, lambda span: y.__setitem__(span, x[0] + float(x.shape[0])))

    kernel = Kernel("by_shape", sums)
    for count in (1, 2, 3):
        assert kernel(jnp.zeros(count), results=((WIDTH,),))[0][0] == count


@pytest.mark.long
@pytest.mark.parametrize("kind", [jnp.int32, jnp.bool_, jnp.bfloat16])
def test_arrays_of_other_types_go_the_plain_way(kind):
    W, x = jnp.ones((2, 3)), jnp.ones((3, 32), kind)
    for W in (jnp.ones((2, 3)), jnp.ones((2, 3), jnp.bfloat16)):
        found = jax.grad(lambda W: jnp.sum(product(W, x).astype(float)))(W)
        assert found.dtype == W.dtype
        np.testing.assert_array_equal(found.astype(float), 32)


def test_a_kernel_itself_refuses_them():
    with pytest.raises(TypeError, match="kernel twice: takes float32, not int32"):
        Kernel("twice", doubled)(jnp.arange(WIDTH), results=((WIDTH,),))


def test_a_program_is_no_longer_for_more_features_or_samples():
    lengths = []
    for n, batch in ((20, 1024), (2000, 8192)):
        shapes = (5, n), (n,), (5, batch), (n, batch), (n,), (1,), (5, n), (n,), (5, batch)
        module = ir.Module()
        settings = {"batch": batch, "rectified": True}
        program(module, reconstruction.KERNEL, (*shapes, (5, n, WIDTH), (n, WIDTH)), settings)
        lengths.append(len(str(module)))
    assert lengths[1] < 1.1 * lengths[0]


Z, x = jnp.ones((3, 64)), jnp.ones((20, 64))
LOSSES = {
    "similarities": lambda a: pair_cross_entropy(a, Z),
    "unbounded": lambda a: unbounded_cross_entropy(a, Z),
    "softplus": lambda a: signed_softplus_sum(a, Z),
    "potential": lambda a: potential_sum(a, 1.0),
    "product": lambda a: jnp.sum(product(a, Z.T) ** 2),
    "reconstruction": lambda a: squared_error(
        True, jnp.ones((3, 20)), jnp.zeros(20), a, x, jnp.ones(20)
    ),
    "sort": lambda a: jnp.sum(sorted_columns(a)),
}


@pytest.mark.long
@pytest.mark.some(2)
@pytest.mark.parametrize("name", LOSSES)
def test_instances_side_by_side_are_each_what_they_are_alone(name):
    program = LOSSES[name] if name == "sort" else jax.grad(LOSSES[name])
    a = jnp.asarray(rng.normal(size=(3, 3, 64)), jnp.float32).at[1, 2, 5].set(jnp.nan)
    together = jax.jit(jax.vmap(program))(a)
    for one, found in zip(a, together, strict=True):
        rounding = 1e-6 * np.abs(np.nan_to_num(found)).max()  # of what is summed to an entry near 0
        np.testing.assert_allclose(found, program(one), rtol=1e-5, atol=rounding)
    assert np.isnan(together[1]).any()
    assert np.isfinite(together[::2]).all()


@pytest.mark.slow
@pytest.mark.parametrize("name", LOSSES)
def test_a_processor_is_given_the_kernel_and_a_card_the_plain_program(monkeypatch, name):
    def lowered():
        program = LOSSES[name] if name == "sort" else jax.grad(LOSSES[name])
        return jax.jit(lambda a: program(a)).lower(Z).as_text()

    assert f"toysup_{name}" in lowered()
    monkeypatch.setattr(usable, "usable", lambda: False)  # as where a card may run: test_usable.py
    assert f"toysup_{name}" not in lowered()


@pytest.mark.slow
def test_an_instance_with_the_operands_of_the_one_before_has_a_copy_of_its_results():
    def last(code, x, _, found, kept):
        """What the last instance that was worked on had."""
        code.each_span(WIDTH, lambda span: found.__setitem__(span, kept[span]))
        code.each_span(WIDTH, lambda span: kept.__setitem__(span, x[span]))

    def last_of(x, more):
        return Kernel("last", last)(x, more, results=((WIDTH,),), scratch=((WIDTH,),))[0]

    x = jnp.repeat(jnp.array([1.0, 1, 2, 2, jnp.nan, jnp.nan, 3])[:, None], WIDTH, 1)
    more = jnp.zeros((7, 3)).at[3, 2].set(1.0)
    found = np.asarray(jax.jit(jax.vmap(last_of))(x, more))
    np.testing.assert_array_equal(found[1], found[0])
    np.testing.assert_array_equal(found[2:, 0], [1, 2, 2, 2, np.nan])

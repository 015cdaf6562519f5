import jax
import jax.numpy as jnp
import numpy as np
import pytest

from toysup.kernels import others, pairs, similarities, softplus
from toysup.kernels.pairs import exp2
from toysup.vectors.call import Kernel, padded


def write(code, x, y):
    code.each_span(x.shape[0], lambda span: y.__setitem__(span, exp2(x[span])))


def powers(x):
    x = padded(jnp.asarray(x, jnp.float32))
    return np.asarray(Kernel("exp2", write)(x, results=(x.shape,))[0], np.float64)


@pytest.mark.slow
def test_exp2_is_a_power_of_two_to_within_3e_7_of_itself():
    x = np.float32(np.concatenate([np.linspace(-125, 125, 200_001), np.arange(-125, 126)]))
    np.testing.assert_allclose(powers(x)[: len(x)], 2.0 ** x.astype(np.float64), rtol=3e-7)
    assert np.isnan(powers(np.full(16, np.nan))).all()


@pytest.mark.long
@pytest.mark.parametrize(
    ("rows", "coordinates"),
    [(4, 3), *(pytest.param(*size, marks=pytest.mark.long) for size in ((1, 5), (7, 24)))],
)
def test_how_many_are_taken_at_once_decides_no_rounding(monkeypatch, rows, coordinates):
    a, b = np.random.default_rng(0).normal(size=(2, 7, 37)).astype(np.float32)
    present = np.ones(37, np.float32)

    def found():
        every = others.in_registers(True, a, b, present, present)
        return [similarities.in_registers(True, a, b), softplus.in_registers(a, b), every]

    expected = found()
    for module in (pairs, similarities, others):
        monkeypatch.setattr(module, "ROWS_AT_ONCE", rows)
    monkeypatch.setattr(pairs, "COORDINATES_AT_ONCE", coordinates)
    for module in (similarities, softplus, others):
        kernel = Kernel(f"{rows} at once", module.write)
        monkeypatch.setattr(module, "KERNEL", kernel)
    for one, other in zip(jax.tree.leaves(found()), jax.tree.leaves(expected), strict=True):
        np.testing.assert_array_equal(one, other)

import jax.numpy as jnp
import numpy as np

from toysup.kernels.call import Kernel, padded
from toysup.kernels.pairs import exp2


def write(code, x, y):
    code.each_span(x.shape[0], lambda span: y.__setitem__(span, exp2(x[span])))


def powers(x):
    x = padded(jnp.asarray(x, jnp.float32))
    return np.asarray(Kernel("exp2", write)(x, results=(x.shape,))[0], np.float64)


def test_exp2_is_a_power_of_two_to_within_3e_7_of_itself():
    x = np.float32(np.concatenate([np.linspace(-125, 125, 200_001), np.arange(-125, 126)]))
    np.testing.assert_allclose(powers(x)[: len(x)], 2.0 ** x.astype(np.float64), rtol=3e-7)
    assert np.isnan(powers(np.full(16, np.nan))).all()

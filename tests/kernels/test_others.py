import jax
import numpy as np
import pytest

from toysup.kernels import others
from toysup.kernels.others import log_sums_of_others

pytestmark = pytest.mark.slow

both = jax.jit(jax.value_and_grad(log_sums_of_others, (0, 1)))


def by_loops(a, b, weight, there):
    """The value and its gradient by a and b in float64, pair by pair."""
    a, b = np.float64(a), np.float64(b)
    value, by_a, by_b = 0.0, np.zeros(a.shape), np.zeros(b.shape)
    for i in range(len(weight)):
        some = [j for j in range(len(there)) if j != i and there[j]]
        if weight[i] and some:
            powers = there[some] * np.exp(a[:, i] @ b[:, some])
            value += weight[i] * np.log(powers.sum())
            shares = weight[i] * powers / powers.sum()
            by_a[:, i] += b[:, some] @ shares
            by_b[:, some] += np.outer(a[:, i], shares)
    return value, by_a, by_b


def given(d_hidden, batch, scale):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, d_hidden, batch))
    a, b = (part / np.linalg.norm(part, axis=0) for part in (a, b))
    there = rng.random(batch) < 0.8
    weight = np.where(rng.random(batch) < 0.7, rng.random(batch), 0) * (there.sum() > 1)
    return [np.float32(part) for part in (scale * a, b, weight, there)]


@pytest.mark.some(2)
@pytest.mark.parametrize("scale", [0.5, 20.0, 100.0])
@pytest.mark.parametrize(("d_hidden", "batch"), [(1, 16), (5, 37), (6, 64), (25, 20), (2, 1)])
def test_value_and_gradient_are_those_of_loops_over_pairs(d_hidden, batch, scale):
    arrays = given(d_hidden, batch, scale)
    value, (by_a, by_b) = both(*arrays)
    expected, *exact = by_loops(*arrays)
    np.testing.assert_allclose(value, expected, rtol=2e-5, atol=1e-5)
    np.testing.assert_allclose(log_sums_of_others(*arrays), value, rtol=1e-5, atol=1e-5)
    # A similarity of 100 is rounded to 1e-5, and an exponential by as large a share of itself.
    for one, other in zip((by_a, by_b), exact, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=2e-5 * max(1, np.abs(other).max()))


@pytest.mark.parametrize("known", [2, 3, 40])
def test_a_row_opposed_to_all_its_others_is_as_opposed_as_it_is(known):
    a = np.full((1, 40), 100, np.float32)
    b, weight, there = np.ones((1, 40), np.float32), np.zeros(40), np.zeros(40)
    a[0, 0], b[0, 0] = -100, -1
    weight[:known], there[:known] = 1 / known, 1
    arrays = a, b, np.float32(weight), np.float32(there)
    (value, slopes), (expected, *exact) = both(*arrays), by_loops(*arrays)
    np.testing.assert_allclose(value, expected, rtol=1e-6)
    for one, other in zip(slopes, exact, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-30)


@pytest.mark.long
def test_the_kernel_finds_what_the_plain_program_does():
    arrays = given(5, 50, 10.0)
    fast, plain = (way(True, *arrays) for way in (others.in_registers, others.in_memory))
    for one, other in zip(fast, plain, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_where_nothing_is_there_nothing_has_a_slope():
    a, b, weight, there = given(3, 20, 1.0)
    value, slopes = both(a, b, 0 * weight, 0 * there)
    assert value == 0
    assert not any(np.asarray(slope).any() for slope in slopes)


def test_a_sample_that_is_not_a_number_leaves_no_number():
    a, b, weight, there = given(3, 20, 1.0)
    weight[:], there[:] = 1, 1
    a[0, 3] = b[0, 3] = np.nan
    value, slopes = both(a, b, weight, there)
    assert np.isnan(value)
    assert np.isnan(slopes[0]).any()

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm, probplot

from toysup.batch.programs import quick_jit
from toysup.measure.normality import normal_quantiles, normality, quantile_gap, whitened

RNG = np.random.default_rng(0)
SAMPLES = 8192
gap = quick_jit(quantile_gap)
both = quick_jit(normality)


def exponential_gap():
    """1 - r^2 of an exponential, whose mean and standard deviation are 1, by quadrature."""
    covariance = quad(lambda z: -norm.logsf(z) * z * norm.pdf(z), -12, 12)[0]
    return 1 - covariance**2


@pytest.mark.slow
def test_known_distributions():
    rows = np.stack([
        RNG.standard_normal(SAMPLES),
        RNG.uniform(size=SAMPLES),
        RNG.exponential(size=SAMPLES),
        np.repeat([-1.0, 1.0], SAMPLES // 2),
    ])  # fmt: skip
    expected = [0, 1 - 3 / np.pi, exponential_gap(), 1 - 2 / np.pi]
    found = gap(rows)
    np.testing.assert_allclose(found, expected, atol=0.012)
    assert found[0] < 10 / SAMPLES
    assert found[3] == pytest.approx(expected[3], abs=1e-3)


@pytest.mark.slow
def test_the_quantiles_of_a_distribution_give_its_exact_gap():
    levels = (np.arange(100_000) + 0.5) / 100_000
    rows = np.stack([levels, -np.log1p(-levels), norm.ppf(levels)]).astype(np.float32)
    found = gap(rows)
    np.testing.assert_allclose(found, [1 - 3 / np.pi, exponential_gap(), 0], atol=1e-3)
    assert found[2] < 1e-6


@pytest.mark.slow
def test_it_is_one_less_the_squared_correlation_with_normal_quantiles():
    rows = RNG.gamma(2.0, size=(4, 600)).astype(np.float32)
    found = gap(rows)
    for row, one in zip(rows, found, strict=True):
        r = np.corrcoef(np.sort(row), normal_quantiles(600))[0, 1]
        assert one == pytest.approx(1 - r**2, rel=1e-4)
        assert one == pytest.approx(1 - probplot(row)[1][2] ** 2, rel=0.05)  # its quantiles differ


@pytest.mark.slow
def test_the_gap_does_not_change_under_shift_scale_and_sign():
    y = RNG.exponential(size=(1, 1000)).astype(np.float32)
    np.testing.assert_allclose(gap(np.concatenate([3 * y - 2, -y])), gap(y)[0], rtol=1e-4)


@pytest.mark.slow
def test_a_row_that_never_varies_has_none():
    found = gap(np.stack([np.full(64, 0.1), np.linspace(0, 1, 64)]))
    assert np.isnan(found[0])
    assert found[1] > 0


@pytest.mark.slow
def test_whitening_leaves_unit_covariance_where_the_code_varies():
    h = RNG.standard_normal((3, 3)) @ RNG.standard_normal((3, 2000)) + 5
    h = np.concatenate([h, np.full((1, 2000), 2.0), 3 * h[:1]])
    z = np.asarray(quick_jit(whitened)(h.astype(np.float32)))
    covariance = z @ z.T / 2000
    spectrum = np.linalg.eigvalsh(covariance)
    np.testing.assert_allclose(spectrum, [0, 0, 1, 1, 1], atol=1e-3)
    np.testing.assert_array_equal(z[3], 0)


def sparse(n, p=0.2):
    u = RNG.uniform(size=(n, SAMPLES))
    return np.where(u < p, u / p, 0).astype(np.float32)


def largest_gap(x):
    return float(np.asarray(gap(x)).max())


@pytest.mark.long
def test_a_gaussian_code_has_no_gap_along_any_direction():
    x = RNG.standard_normal((6, SAMPLES)).astype(np.float32)
    random, worst = both(RNG.standard_normal((3, 6)).astype(np.float32) @ x, x)
    assert 0 < random < worst < 10 / SAMPLES


@pytest.mark.long
def test_the_worst_direction_finds_the_feature_that_random_ones_hide():
    x, turn = sparse(12), np.linalg.qr(RNG.standard_normal((12, 12)))[0].astype(np.float32)
    random, worst = both(turn @ x, x)
    assert worst == pytest.approx(largest_gap(x), rel=0.02)
    assert random < 0.4 * worst


@pytest.mark.long
def test_superposition_brings_the_worst_direction_towards_a_gaussian():
    few, many = sparse(10), sparse(200)
    gaps = [both(RNG.standard_normal((5, len(x))).astype(np.float32) @ x, x) for x in (few, many)]
    assert gaps[1][0] < gaps[0][0] / 5
    assert gaps[1][1] < gaps[0][1] / 5


@pytest.mark.long
def test_shift_and_scale_of_the_code_change_nothing():
    x = sparse(6)
    h = RNG.standard_normal((3, 6)).astype(np.float32) @ x
    np.testing.assert_allclose(both(h, x), both(3 * h - 2, x), rtol=1e-3)


@pytest.mark.long
@pytest.mark.parametrize("value", [0.0, 0.3])
def test_a_code_that_never_varies_has_no_normality(value):
    assert np.isnan(both(jnp.full((3, SAMPLES), value), sparse(6))).all()


@pytest.mark.slow
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_diverged_code_has_no_normality(bad):
    x = sparse(6)
    h = x[:3].copy()
    h[1, 5] = bad
    assert np.isnan(both(h, x)).all()


@pytest.mark.long
def test_a_dead_unit_and_a_feature_that_never_occurs_are_passed_over():
    x = sparse(6)
    x[2] = 0
    h = x[:4].copy()
    found = both(h, x)
    assert np.isfinite(found).all()
    assert found[1] == pytest.approx(largest_gap(x[[0, 1, 3]]), rel=0.05)

import numpy as np
import pytest

from toysup.geometry import polygon, random_directions, random_exponential
from toysup.geometry.potentials import EXPONENTIAL, POSITIVE
from toysup.metrics.exponential import exponential_energy
from toysup.metrics.interference import positive_interference

U = random_directions(np.random.default_rng(0), 1, 3, 9)[0]


def test_the_energies_are_those_of_the_metrics():
    assert POSITIVE.energy(U) == pytest.approx(positive_interference(U), rel=1e-12)
    assert EXPONENTIAL.energy(U) == pytest.approx(exponential_energy(U), rel=1e-12)


@pytest.mark.parametrize("potential", [POSITIVE, EXPONENTIAL], ids=lambda p: p.name)
def test_the_terms_are_the_value_and_its_slope(potential):
    c = np.linspace(-1, 1, 41)[:, None]
    total, slopes = potential.terms(c)
    assert total == pytest.approx(potential.value(c).sum())
    numeric = (potential.value(c + 1e-6) - potential.value(c - 1e-6)) / 2e-6
    np.testing.assert_allclose(slopes, numeric, rtol=1e-6, atol=1e-5)


@pytest.mark.parametrize("potential", [POSITIVE, EXPONENTIAL], ids=lambda p: p.name)
def test_the_curvature_in_the_angle_is_never_more(potential):
    angle, step = np.linspace(0.01, np.pi - 0.01, 2000), 1e-4
    f = lambda a: potential.value(np.cos(a))  # noqa: E731
    numeric = (f(angle + step) - 2 * f(angle) + f(angle - step)) / step**2
    assert (numeric <= potential.curvature(np.cos(angle - step)) + 1e-3).all()


@pytest.mark.slow
@pytest.mark.parametrize("m", [2, 3, 8, 40])
def test_random_directions_have_the_mean_of_the_closed_form(m):
    c = random_directions(np.random.default_rng(m), 1, m, 100_000)[0][0]
    drawn = np.exp(10 * c)
    error = drawn.std() / np.sqrt(len(drawn))
    assert random_exponential(m) == pytest.approx(drawn.mean(), abs=4 * error)


def test_the_closed_form_is_the_bessel_function():
    from scipy.special import gamma, iv

    for m in (1, 2, 3, 20, 100):
        order = m / 2 - 1
        expected = gamma(m / 2) * (1 / 5) ** order * iv(order, 10.0)
        assert random_exponential(m) == pytest.approx(expected, rel=1e-12)


def test_a_potential_is_never_under_its_least():
    for potential in (POSITIVE, EXPONENTIAL):
        assert potential.least(3) == pytest.approx(potential.energy(polygon(3)), abs=1e-12)
        assert potential.least(9) < potential.energy(U)

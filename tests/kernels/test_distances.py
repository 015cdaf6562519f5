import math

import numpy as np
import pytest

from toysup.batch.programs import quick_jit
from toysup.kernels.distances import distance_correlation

pytestmark = pytest.mark.slow

correlation = quick_jit(distance_correlation)


def by_loops(x, y):
    """The same, an entry at a time."""
    count = x.shape[1]
    centred = []
    for z in (x, y):
        a = np.zeros((count, count))
        for i in range(count):
            for j in range(count):
                a[i, j] = math.dist(z[:, i], z[:, j])
        b = np.zeros((count, count))
        for i in range(count):
            for j in range(count):
                if i != j:
                    rows, all_of = (a[i].sum() + a[:, j].sum()) / (count - 2), a.sum()
                    b[i, j] = a[i, j] - rows + all_of / ((count - 1) * (count - 2))
        centred.append(b)
    A, B = centred
    return math.sqrt(np.mean(A * B) / math.sqrt(np.mean(A * A) * np.mean(B * B)))


def circle(count):
    angle = np.random.default_rng(0).uniform(0, 2 * math.pi, count)
    return np.stack([np.cos(angle), np.sin(angle)])


def turned(rng, rows, columns):
    return np.linalg.qr(rng.normal(size=(rows, columns)))[0]


@pytest.mark.long
def test_it_is_that_of_a_double_loop():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(3, 40)), rng.normal(size=(5, 40))
    y[:2] += x[:2] ** 2
    assert float(correlation(x, y)) == pytest.approx(by_loops(x, y), abs=1e-5)


def test_it_is_1_for_an_isometry_up_to_scale_and_shift():
    x = circle(256)
    code = 3 * turned(np.random.default_rng(2), 10, 2) @ x + 7
    assert float(correlation(x, code)) == pytest.approx(1, abs=1e-5)


def test_a_squeezed_circle_has_lost_some_of_its_shape_and_a_line_more():
    x = circle(100)
    ellipse, line = (float(correlation(x, np.array([[1.0], [s]]) * x)) for s in (0.5, 0.0))
    assert line == pytest.approx(by_loops(x, x[:1]), abs=1e-5)
    assert line < 0.9 < ellipse < 0.99


@pytest.mark.long
def test_it_is_near_0_where_nothing_is_shared_whatever_the_dimensions():
    rng = np.random.default_rng(3)
    for dimensions in (1, 10, 40):
        noise = rng.normal(size=(20, dimensions, 256))
        assert np.mean([float(correlation(circle(256), y)) ** 2 for y in noise]) < 0.01


@pytest.mark.long
def test_it_is_symmetric_and_0_for_a_single_point():
    x = circle(50)
    y = np.abs(x[:1])
    assert float(correlation(x, y)) == pytest.approx(float(correlation(y, x)), abs=1e-6)
    assert float(correlation(x, np.ones((4, 50)))) == 0

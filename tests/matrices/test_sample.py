"""What a sample says of all directions: held against all of them."""

import numpy as np
import pytest

from toysup.geometry import random_directions, unit_columns
from toysup.matrices.bounds import levenshtein
from toysup.matrices.groups import drawn
from toysup.matrices.judge import judge
from toysup.matrices.matrix import Matrix, taken
from toysup.matrices.measured import measure
from toysup.matrices.sample import Estimate
from toysup.verdict.optima import Optima

N, M, SOME = 1500, 12, 300
NUMBERS = (
    *("squared_interference", "positive_interference", "effective_rank"),
    *("tightness", "mean_length"),
)


def cone():
    rng = np.random.default_rng(0)
    W = rng.standard_normal((M, N)) * np.linspace(0.5, 2, M)[:, None]
    W[0] += rng.choice([0, 3], N)
    return unit_columns(W) * rng.uniform(0.5, 1, N)


def clusters():
    rng = np.random.default_rng(1)
    centres = rng.standard_normal((M, 30))
    return unit_columns(centres[:, rng.integers(30, size=N)] + 0.4 * rng.standard_normal((M, N)))


def at_random():
    return random_directions(np.random.default_rng(2), 1, M, N)[0]


def some(W, count, seed):
    return taken("it", W, lambda name, m, n: drawn(n, count, seed))


@pytest.fixture(scope="module", params=[cone, clusters, at_random], ids=lambda f: f.__name__)
def both(request):
    """All directions, and a hundred samples of them."""
    whole = Matrix("it", request.param())
    return measure(whole), [measure(some(whole.W, SOME, seed)).whole for seed in range(100)]


@pytest.mark.long
@pytest.mark.some(1)
@pytest.mark.parametrize("name", NUMBERS)
def test_estimates_of_samples_differ_from_the_whole_by_their_errors(both, name):
    whole, samples = both
    apart = np.array([s.numbers[name].value - getattr(whole, name) for s in samples])
    errors = np.array([s.numbers[name].error for s in samples])
    if whole.mean_length < 0.1 and name == "mean_length":
        assert np.abs(apart).max() < 0.15  # a length is never under 0: its error is not normal
        return
    assert abs(apart.mean()) < 0.3 * errors.mean()
    assert 0.75 < np.sqrt((apart**2).mean()) / errors.mean() < 1.25


def test_a_sample_of_all_directions_has_no_error():
    W = cone()[:, :200]
    found = measure(Matrix("it", W, drawn_from=200))
    for name, estimate in found.whole.numbers.items():
        assert estimate.value == pytest.approx(getattr(found, name))
        assert estimate.error == pytest.approx(0, abs=1e-9)
    assert found.whole.coherence == found.cosines.coherence
    share = found.whole.close.share
    assert share.low == share.high == Estimate(found.cosines.rare_share, 0.0)


@pytest.mark.slow
def test_all_directions_are_no_sample():
    assert measure(some(cone(), N, 0)).whole is None


@pytest.mark.long
def test_the_index_of_all_is_held_against_the_optimum_of_all():
    [found] = judge({"it": [some(at_random(), SOME, 0)]})
    of = found.matrices[0].whole
    best = Optima(0).of("packing", of.represented, M, search=False)
    P = of.numbers["positive_interference"]
    ends = [(1 - P.value) / (1 - end) for end in (best.low, best.found)]
    assert [of.index.low.value, of.index.high.value] == pytest.approx(ends)
    assert of.index.low.error == pytest.approx(P.error / (1 - best.low))


@pytest.mark.long
def test_the_coherence_of_all_is_at_least_that_of_the_sample_and_the_bound_of_all():
    W = cone()
    for seed in range(10):
        found = measure(some(W, 100, seed))
        assert found.cosines.coherence <= found.whole.coherence
        assert found.whole.coherence <= measure(Matrix("it", W)).cosines.coherence
    few = measure(Matrix("it", np.eye(2), drawn_from=5)).whole
    assert few.coherence == levenshtein(5, 2) > 0.7

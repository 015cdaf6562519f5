import numpy as np
import pytest

from toysup.geometry import equal_norm_tight_frames, random_directions
from toysup.metrics.interference import positive_interference, squared_interference
from toysup.metrics.shared import sharing_fraction
from toysup.verdict import nulls
from toysup.verdict.directions import MEASURES, measure
from toysup.verdict.nulls import (
    LARGEST_DRAWN,
    P,
    T,
    draw_random,
    draw_tight,
    mean_of_tight,
    random_pool,
    spread_of_positives,
    spread_of_signs,
    spread_of_squares,
    tight_pool,
)

SIZES = [(5, 2), (20, 5), (64, 10)]


def metrics(U):
    return [f(U, threshold=0) for f in (squared_interference, positive_interference)]


@pytest.mark.some(2)
@pytest.mark.slow
@pytest.mark.parametrize(("r", "m"), [*SIZES, (5, 12)])
def test_the_spread_of_random_directions_is_known_exactly(r, m):
    found = metrics(random_directions(np.random.default_rng(0), 20_000 if r < 64 else 4000, m, r))
    for values, spread in zip(found, (spread_of_squares, spread_of_positives), strict=True):
        assert values.mean() == pytest.approx(1, abs=5 * spread(r, m) / len(values) ** 0.5)
        assert values.std() == pytest.approx(spread(r, m), rel=0.05)


@pytest.mark.slow
@pytest.mark.parametrize(("r", "m"), [(6, 5), *SIZES])
def test_tight_frames_have_the_mean_and_the_spread_that_their_signs_give(r, m):
    U = equal_norm_tight_frames(np.random.default_rng(1), 10, m, r)
    signs = np.random.default_rng(2).choice([-1, 1], (200, 10, 1, r))
    squares, positives = metrics(U * signs)
    np.testing.assert_allclose(squares, 0, atol=1e-6)
    error = positives.std() / positives.size**0.5
    assert positives.mean() == pytest.approx(mean_of_tight(r, m), abs=5 * error + 1e-6)
    np.testing.assert_allclose(positives.std(axis=0), spread_of_signs(U), rtol=0.2)


@pytest.mark.some(2)
@pytest.mark.slow
@pytest.mark.parametrize(("r", "m"), [*SIZES, (5, 90)])
def test_a_pool_is_what_matrices_drawn_one_by_one_show(r, m):
    U = random_directions(np.random.default_rng(3), 2000, m, r)
    shown = dict(zip(MEASURES, measure(U, 0).T, strict=True))
    fresh = [*metrics(U), shown["sharing_fraction"], shown["same_fraction"]]
    for values, pool in zip(fresh, draw_random(r, m), strict=True):
        for share in (0.05, 0.5, 0.95):
            below = (pool <= np.quantile(values, share)).mean()
            assert below >= share - 0.05
            assert (pool < np.quantile(values, share)).mean() <= share + 0.05
    if r <= m:
        return
    frames = equal_norm_tight_frames(np.random.default_rng(4), 1000, m, r)
    frames = frames * np.random.default_rng(5).choice([-1, 1], (1000, 1, r))
    values, pool = metrics(frames)[1], draw_tight(r, m)
    for share in (0.05, 0.5, 0.95):
        assert (pool <= np.quantile(values, share) + 1e-9).mean() == pytest.approx(share, abs=0.06)


@pytest.mark.long
@pytest.mark.parametrize(("r", "m"), [(90, 10), (100, 30), (100, 150)])
def test_beyond_the_sizes_that_are_drawn_a_pool_is_as_if_it_were_drawn(r, m):
    assert r > LARGEST_DRAWN
    fresh = metrics(random_directions(np.random.default_rng(6), 600, m, r))
    for place, values in zip((T, P), fresh, strict=True):
        pool = random_pool(r, m)[place]
        # Quantiles of 600 values are known to 4% of their spread in the middle, to 15% at 2%.
        for share, known in ((0.02, 0.5), (0.1, 0.25), (0.5, 0.2), (0.9, 0.25), (0.98, 0.5)):
            away = np.quantile(pool, share) - np.quantile(values, share)
            assert abs(away) < known * values.std()
    if r <= m:
        return
    frames = equal_norm_tight_frames(np.random.default_rng(7), 4, m, r)
    signs = np.random.default_rng(8).choice([-1, 1], (100, 4, 1, r))
    values, pool = metrics(frames * signs)[1].ravel(), tight_pool(r, m)
    for share in (0.05, 0.5, 0.95):
        assert abs(np.quantile(pool, share) - np.quantile(values, share)) < 0.25 * values.std()


@pytest.mark.slow
@pytest.mark.parametrize(("r", "m"), [(80, 3), (120, 4)])
def test_beyond_the_sizes_that_are_drawn_features_share_directions_as_often(r, m):
    U = random_directions(np.random.default_rng(9), 600, m, r)
    values, pool = sharing_fraction(U, threshold=0), random_pool(r, m)[nulls.SHARING]
    assert pool.mean() == pytest.approx(values.mean(), abs=0.02)
    assert pool.std() == pytest.approx(values.std(), rel=0.35)


def test_large_sizes_take_no_draws_of_their_own(monkeypatch):
    random_pool(LARGEST_DRAWN, 12)
    monkeypatch.setattr(nulls, "random_directions", None)
    assert random_pool(5000, 12).shape == random_pool(LARGEST_DRAWN, 12).shape


@pytest.mark.parametrize(("r", "m"), [(60_000, 2), (30_000, 4), (8, 2**14)])
def test_no_null_holds_cosines_or_directions_by_the_gigabyte(r, m, monkeypatch):
    monkeypatch.setattr(nulls, "equal_norm_tight_frames", None)
    held = []

    def within(rng, draws, m, r):
        held.append(draws * r * max(r, m))
        return random_directions(rng, draws, m, r)

    monkeypatch.setattr(nulls, "random_directions", within)
    for pool in (nulls.random_pool, nulls.tight_pool, nulls.exponential_of_tight):
        assert np.isfinite(pool.__wrapped__(r, m)).all()
    assert max(held, default=0) <= 2**20

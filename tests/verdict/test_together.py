"""What a condition shows is shown by most of its seeds, all of it together, in any time."""

from statistics import median

import numpy as np
import pytest

from tests.verdict.hand import doubled, leaning, noisy, results, verdict
from toysup.geometry import Optimum, equal_norm_tight_frames, random_directions, random_tight_frames
from toysup.geometry.potentials import EXPONENTIAL, POSITIVE
from toysup.geometry.search import Descent, best_code
from toysup.verdict import decide, gathering, jsonable, judge, optima
from toysup.verdict.optima import Optima
from toysup.verdict.rule import MINIMISES, Label
from toysup.verdict.stake import NOTHING
from toysup.verdict.thresholds import Thresholds


def stacked(r, m):
    """P's own minimiser, which stacks features on few directions."""
    descent = Descent(POSITIVE, r, m)
    descent.top = np.inf
    starts = random_directions(np.random.default_rng(0), 3, m, r)
    return min((descent.descend(start, 300) for start in starts), key=POSITIVE.energy)


@pytest.mark.slow
def test_a_median_of_each_number_is_not_enough_where_few_seeds_have_all_of_them():
    r, m = 24, 4
    best, rng = best_code(EXPONENTIAL, r, m), np.random.default_rng(0)
    apart = best + 0.2 * rng.standard_normal((4, m, r)) / np.sqrt(m)
    found = verdict(*[stacked(r, m)] * 4, *[best] * 2, *apart)
    assert found.index_least > 0.83
    assert found.exponential_most > 0.6
    assert found.label == Label.EVEN
    assert "only 2 of 10 seeds minimise" in found.reason


@pytest.mark.parametrize(("size", "cosine"), [(3, 0.15), (5, 0.12)])
def test_superposition_is_of_half_of_the_seeds_and_not_of_medians_of_different_seeds(size, cosine):
    lean, apart = leaning(size, cosine), leaning(size, -cosine)
    assert verdict(apart).label == Label.MINIMISING
    found = verdict(*[np.eye(size)] * 4, *[lean] * 3, *[apart] * 3)
    assert found.label == Label.NO_SUPERPOSITION


@pytest.mark.slow
def test_where_half_of_the_seeds_keep_as_many_features_as_dimensions_whitening_is_no_minimising():
    rng = np.random.default_rng([9, 2, 4, 3])
    groups = [list(random_tight_frames(rng, 2, 3, 4)) for _ in range(200)]
    together = judge(results(*groups)).verdicts
    alone = [decide([v], Thresholds()).verdicts[0] for v in together]
    ties = [v for v in alone if {g.n_represented for g, _ in v.per_seed} == {3, 4}]
    assert len(ties) > 10
    assert not any(v.label in MINIMISES for v in ties)


def test_conditions_side_by_side_have_the_evidence_of_each_by_itself():
    rng = np.random.default_rng(1)
    kinds = [(10, 3, 6), (4, 3, 6), (7, 2, 2), (4, 3, 4), (1, 3, 6), (3, 1, 2), (3, 2, 5)]
    groups = [list(rng.standard_normal(kind)) for kind in kinds]
    groups[0][3][:, :5] = groups[1][0][:, 4:] = 0  # one seed is not usable, one has four features
    groups[6] = [np.zeros((2, 5))] * 3  # none is usable
    columns = {
        "chance": [2.0, 1.0, 2.0, 1.0, np.nan, 1.0, 1.0],
        "stake": [1.0, 1.0, -1.0] + [0.0] * 4,
    }
    rows = results(*groups, outcomes={2: "diverged"}, **columns)
    together = gathering.gather(rows, [], Thresholds())
    assert [e.condition for e in together] == list(range(len(kinds)))
    for condition, e in enumerate(together):
        [alone] = gathering.gather(rows[rows["condition"] == condition], [], Thresholds())
        assert jsonable(e) == jsonable(alone)
        assert repr((e.geometry, e.per_seed)) == repr((alone.geometry, alone.per_seed))
    of_first = [of_seed for of_seed, _ in together[0].per_seed]
    assert len(of_first) == 8
    for name in ("squared_interference", "index_least", "mean_cosine", "effective_rank"):
        expected = median(getattr(of_seed, name) for of_seed in of_first)
        assert getattr(together[0].geometry, name) == pytest.approx(expected, rel=1e-12)
    assert together[0].best.seed == 9
    assert (together[0].seeds, together[0].outcomes["diverged"], together[0].undefined) == (
        10,
        1,
        1,
    )
    assert [e.stake.idle for e in together[:3]] == ["", "", NOTHING]
    assert np.isnan(together[6].geometry.squared_interference)


def test_an_optimum_is_searched_for_where_a_condition_may_minimise_and_for_no_other(monkeypatch):
    asked = set()

    def known_if_searched(name):
        def optimum(r, m, search=False):
            asked.add((name, r, m, search))
            return Optimum(0.05, 0.1, "search") if search else Optimum(0.05, 0.5, "bound only")

        return optimum

    monkeypatch.setattr(optima, "OPTIMA", {name: known_if_searched(name) for name in optima.OPTIMA})
    monkeypatch.setattr(optima, "is_tabulated", lambda *at: False)
    pairs = np.concatenate([np.eye(6), -np.eye(6)], axis=1)
    anywhere = list(np.random.default_rng(0).standard_normal((10, 6, 12)))
    found = judge(results(anywhere, noisy(pairs), noisy(doubled(np.eye(6))), noisy(pairs, seed=3)))
    assert [v.searched for v in found.verdicts] == [False, True, False, True]
    assert np.isnan([v.minimisation_index.value for v in found.verdicts]).tolist() == [
        not v.searched for v in found.verdicts
    ]
    assert {(name, search) for name, _, _, search in asked} == {
        (name, search) for name in optima.OPTIMA for search in (False, True)
    }


@pytest.fixture
def no_time(monkeypatch):
    """Nothing is searched for."""

    class Ended(Optima):
        def __init__(self):
            super().__init__(budget=-1)

    monkeypatch.setattr(gathering, "Optima", Ended)
    monkeypatch.setenv("TOYSUP_CACHE", "off")


@pytest.mark.long
def test_without_a_search_of_the_optimum_it_is_left_open_and_said(no_time):
    half = equal_norm_tight_frames(np.random.default_rng(0), 5, 12, 35)
    found = verdict(*np.concatenate([half, -half], axis=2))
    assert found.label == Label.NEAR
    assert "no code of this size is known, only a bound of the optimum" in found.reason
    assert "or more" in found.reason


@pytest.mark.long
def test_without_a_search_whitening_is_not_taken_for_more(no_time):
    frames = equal_norm_tight_frames(np.random.default_rng(7), 5, 66, 72)
    signs = np.random.default_rng(8).choice([-1, 1], (8, 5, 1, 72))
    cosines = np.maximum((frames * signs).mT @ (frames * signs), 0) ** 2
    best = cosines.sum(axis=(-2, -1)).argmin(axis=0)
    found = verdict(*(frames * signs)[best, np.arange(5)])
    assert found.label not in MINIMISES

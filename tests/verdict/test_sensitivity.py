"""What each threshold changes, held against deciding anew."""

from dataclasses import replace

import numpy as np
import pytest

from tests.verdict.hand import leaning, noisy, results
from toysup.geometry import antipodal_pairs, polygon, random_directions, random_tight_frames
from toysup.measure.outcome import GEOMETRY_TOLERANCE
from toysup.verdict import decide, judge
from toysup.verdict.sensitivity import sensitivity
from toysup.verdict.thresholds import Thresholds


@pytest.fixture(scope="module")
def rows():
    """Conditions of many labels, some of them near a threshold."""
    rng = np.random.default_rng(5)
    half = np.concatenate([antipodal_pairs(4), 0.5 * rng.standard_normal((2, 8))])
    twice = np.concatenate([np.eye(5), np.eye(5)[:, :2]], axis=1)
    groups = [
        random_directions(rng, 10, 5, 15),
        random_tight_frames(rng, 10, 5, 12),
        *(noisy(antipodal_pairs(5), share=share) for share in (0.1, 0.25, 0.35, 0.45, 0.6)),
        *(noisy(polygon(5), share=share) for share in (0.05, 0.2, 0.35)),
        *(noisy(leaning(6, cosine), share=0.1) for cosine in (0.05, 0.1, 0.15, 0.3)),
        *(noisy(half, share=share) for share in (0.05, 0.3)),
        *(noisy(np.ones((4, 9)), share=share) for share in (0.5, 1.0)),
        noisy(twice, share=0.01),
    ]
    found = results(*groups)
    moved = {2: ([0, 1, 2], 0.9), 3: ([0, 1], 2.0)}  # seeds, and by how many tolerances
    for condition, (seeds, tolerances) in moved.items():
        there = (found["condition"] == condition) & found["seed"].isin(seeds)
        found.loc[there, "geometry_change"] = tolerances * GEOMETRY_TOLERANCE
    found.loc[(found["condition"] == 0) & (found["seed"] == 1), "outcome"] = "diverged"
    return found


@pytest.mark.slow
def test_it_is_what_deciding_anew_changes(rows):
    found = judge(rows)
    changes = [m for m in sensitivity(rows, found) if m.threshold != "represented"]
    for m in changes:
        anew = decide(list(found.verdicts), replace(Thresholds(), **{m.threshold: m.value}))
        pairs = zip(found.verdicts, anew.verdicts, strict=True)
        expected = tuple(was.condition for was, now in pairs if was.label != now.label)
        assert m.conditions == expected, m.threshold
    moved = {m.threshold for m in changes if m.changed}
    assert len({v.label for v in found.verdicts}) >= 5
    assert len(moved) >= 5
    assert moved >= {"geometry_tolerance", "not_converged_share", "minimising_index"}

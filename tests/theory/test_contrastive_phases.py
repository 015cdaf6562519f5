"""What a phase is where the scale of W is free."""

import numpy as np
import pytest

from toysup.geometry import simplex
from toysup.theory import PHASES, Phase
from toysup.theory.contrastive_phases import contrastive_phase_of_last

CODES = {
    "an antipodal pair": ([[1.0, -0.9]], Phase.SUPERPOSED),
    "a short twin": ([[1.0, -0.3]], Phase.IGNORED),
    "a triangle": (simplex(2), Phase.SUPERPOSED),
    "a pair beside a third": ([[1.0, -1.0, 0.0], [0.0, 0.0, 1.0]], Phase.DEDICATED),
    "nothing": ([[1.0, 0.0]], Phase.IGNORED),
}


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("scale", [1.0, 7.0])
def test_phases_of_known_codes_at_any_scale(code, scale):
    W, phase = CODES[code]
    assert PHASES[contrastive_phase_of_last(scale * np.array(W))] == phase


def test_what_is_not_known_has_no_phase():
    assert contrastive_phase_of_last(np.full((1, 2), np.nan)) == -1

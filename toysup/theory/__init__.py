"""Closed forms and numerical optima that trained results are held against: one idea a file."""

from toysup.theory.expected import mse_expected_loss
from toysup.theory.moments import excess_kurtosis
from toysup.theory.one_feature import BestCode, infonce_best_code, one_feature_loss
from toysup.theory.phases import (
    PHASES,
    Phase,
    at_boundary,
    mse_phase_losses,
    mse_phases,
    phase_of_last,
    ways,
)
from toysup.theory.polygons import polygon_losses
from toysup.theory.spectral import (
    spectral_contrastive_gram,
    spectral_contrastive_least_loss,
    spectral_contrastive_optimum,
)

__all__ = [
    "PHASES",
    "BestCode",
    "Phase",
    "at_boundary",
    "excess_kurtosis",
    "infonce_best_code",
    "mse_expected_loss",
    "mse_phase_losses",
    "mse_phases",
    "one_feature_loss",
    "phase_of_last",
    "polygon_losses",
    "spectral_contrastive_gram",
    "spectral_contrastive_least_loss",
    "spectral_contrastive_optimum",
    "ways",
]

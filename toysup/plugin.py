"""What a plug-in imports: `from toysup.plugin import Objective, setting`.

A plug-in is one file with one class, and its base class says what it is: an `Objective`, a
`FeatureDistribution`, a `View`, an `Encoder`, a `Metric` or a `Picture`. These names stay.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toysup.encoders._encoder import Encoder
    from toysup.features._distribution import FeatureDistribution
    from toysup.features._sparse import Sparse
    from toysup.kernels.affine import affine
    from toysup.kernels.product import product
    from toysup.kernels.reconstruction import squared_error
    from toysup.kernels.similarities import pair_cross_entropy
    from toysup.kernels.unit import unit_columns
    from toysup.metrics._metric import Metric
    from toysup.metrics.represented import cosines
    from toysup.objectives._contrast import cosine_cross_entropy
    from toysup.objectives._objective import Objective
    from toysup.objectives._reconstruction import Reconstruction
    from toysup.registry import Measure, setting
    from toysup.reports.pictures._picture import Picture
    from toysup.views._view import View
    from toysup.weights import glorot

# Imported when they are asked for: a metric needs no jax, an objective no matplotlib.
PUBLIC = {
    "Encoder": "encoders._encoder",
    "FeatureDistribution": "features._distribution",
    "Measure": "registry",
    "Metric": "metrics._metric",
    "Objective": "objectives._objective",
    "Picture": "reports.pictures._picture",
    "Reconstruction": "objectives._reconstruction",
    "Sparse": "features._sparse",
    "View": "views._view",
    "affine": "kernels.affine",
    "cosine_cross_entropy": "objectives._contrast",
    "cosines": "metrics.represented",
    "glorot": "weights",
    "pair_cross_entropy": "kernels.similarities",
    "product": "kernels.product",
    "setting": "registry",
    "squared_error": "kernels.reconstruction",
    "unit_columns": "kernels.unit",
}
__all__ = [
    "Encoder",
    "FeatureDistribution",
    "Measure",
    "Metric",
    "Objective",
    "Picture",
    "Reconstruction",
    "Sparse",
    "View",
    "affine",
    "cosine_cross_entropy",
    "cosines",
    "glorot",
    "pair_cross_entropy",
    "product",
    "setting",
    "squared_error",
    "unit_columns",
]


def __getattr__(name: str):
    if name not in PUBLIC:
        raise AttributeError(f"toysup.plugin has no {name}. It has: {', '.join(__all__)}.")
    return getattr(importlib.import_module(f"toysup.{PUBLIC[name]}"), name)

"""What directions can do: known arrangements, the nulls, the bounds and the best codes.

In go `r` directions in `m` dimensions, the columns of a matrix `(d_hidden, n_features)`, here
`(m, r)`, or these two numbers alone; out come arrangements and the least energy of any.
"""

from toysup.geometry.arrangements import (
    antipodal_pairs,
    equal_norm_tight_frames,
    polygon,
    random_directions,
    random_tight_frames,
    simplex,
    unit_columns,
)
from toysup.geometry.bounds import random_cosine_square_sum, rankin_bound, welch_bound
from toysup.geometry.optimum import (
    Optimum,
    exponential_optimum,
    known_exponential,
    known_packing,
    of_each,
    packing_optimum,
    tabulated_sizes,
)
from toysup.geometry.potentials import EXPONENTIAL_TEMPERATURE, random_exponential
from toysup.geometry.sharing import SHARING, sharing_cosine, told_apart_cosine

__all__ = [
    "EXPONENTIAL_TEMPERATURE",
    "SHARING",
    "Optimum",
    "antipodal_pairs",
    "equal_norm_tight_frames",
    "exponential_optimum",
    "known_exponential",
    "known_packing",
    "of_each",
    "packing_optimum",
    "polygon",
    "random_cosine_square_sum",
    "random_directions",
    "random_exponential",
    "random_tight_frames",
    "rankin_bound",
    "sharing_cosine",
    "simplex",
    "tabulated_sizes",
    "told_apart_cosine",
    "unit_columns",
    "welch_bound",
]

"""The thresholds of the verdict's rule, each with its meaning."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from toysup.geometry import SHARING
from toysup.measure.outcome import GEOMETRY_TOLERANCE, LOSS_TOLERANCE
from toysup.metrics.represented import REPRESENTED


def threshold(default: float, meaning: str) -> float:
    """A field of `Thresholds` with its meaning."""
    return dataclasses.field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True)
class Thresholds:
    """The thresholds of the rule. They are choices; the report shows the effect of each."""

    represented: float = threshold(
        REPRESENTED, "A feature counts from this share of the largest norm."
    )
    geometry_tolerance: float = threshold(
        GEOMETRY_TOLERANCE,
        "Still moving: T or P differ by more than this from half as many steps.",
    )
    loss_tolerance: float = threshold(
        LOSS_TOLERANCE, "Still moving: the loss does, by more than this share of its whole fall."
    )
    not_converged_share: float = threshold(
        0.2, "Not converged: more than this share of the seeds still moved."
    )
    undefined_share: float = threshold(
        0.2, "Undefined: more than this share of the seeds has fewer than two features."
    )
    rank_share: float = threshold(
        0.49, "Collapsed or low rank: an effective rank under this share of min(m, r)."
    )
    plane_rank_share: float = threshold(
        0.55, "The same where min(m, r) is 2, of which one line is already half."
    )
    collapsed_cosine: float = threshold(
        0.5, "Collapsed rather than low rank: a mean cosine above this."
    )
    sharing_share: float = threshold(
        0.1,
        "Sharing: more than this share of the features have a partner at a cosine above "
        f"{SHARING:g}, and more than of random directions.",
    )
    alpha: float = threshold(
        0.01, "Above or below a null: a Holm-corrected p-value under this, each side."
    )
    random_margin: float = threshold(
        0.05,
        "And a T or P that is more than this away from 1, their mean over random directions: seeds "
        "that all end alike differ from chance by any trifle.",
    )
    minimising_index: float = threshold(
        0.85,
        "Minimising: an index of P, or of the exponential potential, above this for all that the "
        "optimum may be (random is 0, the optimum 1), and P below random directions and tight "
        "frames.",
    )
    beyond_whitening: float = threshold(
        0.5,
        "And at least so far from what whitening alone gives to the optimum, where there are more "
        "features than dimensions: just above, whitening alone has a high index.",
    )
    exponential_floor: float = threshold(
        0.6,
        "And where P's index decides, that of the exponential potential above this: P does not see "
        "how close the closest features are.",
    )
    crowded_share: float = threshold(
        0.2,
        "No index counts where more than this share of the features is closer to another one than "
        "in a best code.",
    )
    opposite_share: float = threshold(
        0.75,
        "Superposition with no more features than dimensions: a T that is not even, and more than "
        "this share of it of features that are opposite each other.",
    )
    even_squared: float = threshold(
        0.05, "Even: a T under this (a tight frame is 0, random 1), and not minimising."
    )

    def describe(self) -> list[dict[str, Any]]:
        """Each threshold's name, value and meaning, as the report prints them."""
        return [
            {"name": f.name, "value": getattr(self, f.name), "meaning": f.metadata["meaning"]}
            for f in dataclasses.fields(self)
        ]

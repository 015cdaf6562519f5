"""CLIP: two encoders, one for each modality, that agree on pairs. Radford et al. 2021."""

import math

import jax.numpy as jnp
from flax import struct

from toysup.kernels.unit import unit_columns
from toysup.objectives._contrast import (
    LARGEST_SCALE,
    LearnedTemperature,
    cosine_cross_entropy,
    learned_scale,
)
from toysup.objectives._objective import Objective
from toysup.objectives._towers import directions, modality_gap, tower_agreement
from toysup.registry import Measure, setting


@struct.dataclass
class CLIP(LearnedTemperature, Objective):
    """Two encoders learn which samples of two modalities belong together: InfoNCE between them.

    The first view is a sample of one modality, seen by the model's encoder; the second of the
    other, seen by an encoder of the same kind that starts elsewhere. Both end in one space, and
    the loss is infonce's with cosines: ln(batch) when the modalities share nothing.
    Under `private` views they share some features, and each has others of its own. Theory predicts
    that the shared ones have the same directions in both encoders, spread as infonce spreads them,
    and that the private ones, which say nothing about the pair, are dropped: what stays of them,
    about 1% of the length, has one direction in an encoder, and serves it as a bias.

    Source: Radford et al. 2021, "Learning Transferable Visual Models From Natural Language
    Supervision", which starts the temperature at 0.07 and trains it.
    """

    temperature: float = setting(
        0.07,
        "divides the similarities; where it is learned, its initial value",
        traced=True,
        low=1 / LARGEST_SCALE,
    )
    learn_temperature: bool = setting(True, "train ln(1 / temperature) with the encoders")

    pairs = True
    smallest_batch = 2
    measures = (
        Measure(
            "modality_gap",
            "1",
            "Distance between the mean unit embeddings of the two modalities: 0 where they lie "
            "over each other, 2 at opposite poles.",
            "Liang et al. 2022",
        ),
        Measure(
            "tower_agreement",
            "1",
            "Mean cosine between the two encoders' directions of a feature, over the features that "
            "both represent: 1 where they agree, 0 where unrelated; null if there are none.",
            "toysup, for Radford et al. 2021",
        ),
    )

    def init(self, key, module, n_features, d_hidden):
        extra = {"second": module.init(key, jnp.zeros((n_features, 1)))["params"]}
        return extra | ({"log_scale": -jnp.log(self.temperature)} if self.learn_temperature else {})

    def codes(self, model):
        return {"first": model, "second": model.replace(encoder=model.extra["second"])}

    def embeddings(self, model, x):
        """h of each modality's samples, (d_hidden, batch), by its own encoder."""
        return [
            tower.encode(view) for tower, view in zip(self.codes(model).values(), x, strict=True)
        ]

    def loss(self, model, key, x):
        scale = (
            learned_scale(model.extra["log_scale"])
            if self.learn_temperature
            else 1 / self.temperature
        )
        first, second = self.embeddings(model, x)
        return cosine_cross_entropy(first, second, scale)

    def chance(self, x, d_hidden):
        return math.log(x[0].shape[1])

    def measure(self, model, key, x):
        towers = self.codes(model).values()
        found = [directions(tower.encode, view) for tower, view in zip(towers, x, strict=True)]
        units = map(unit_columns, self.embeddings(model, x))
        return {"modality_gap": modality_gap(*units), "tower_agreement": tower_agreement(*found)}

    @staticmethod
    def workspace(n_features, d_hidden, batch):
        return 2 * batch**2 + (4 * n_features + 6 * d_hidden) * batch

"""The columns that every run has beside its settings and its metrics, with what each means."""

from dataclasses import dataclass

import pyarrow as pa

OURS = "toysup"


@dataclass(frozen=True)
class Field:
    """A column of the results. Only an `optional` one may be null."""

    name: str
    type: pa.DataType
    unit: str
    description: str
    source: str = OURS
    optional: bool = False
    parts: tuple["Field", ...] = ()  # of a struct


KEY = ["condition", "directions"]  # what a row has in common with those of the other seeds
LIST = pa.list_(pa.float32())
WHOLE_LIST = pa.list_(pa.int32())
IDENTITY = (
    Field("condition", pa.int32(), "1", "Number of the condition: every setting but the seed."),
    Field("objective", pa.string(), "1", "The training objective."),
    Field("features", pa.string(), "1", "The feature distribution that samples come from."),
    Field(
        "views", pa.string(), "1", "How two views were made; null where none are.", optional=True
    ),
    Field("encoder", pa.string(), "1", "The encoder."),
    Field(
        "directions",
        pa.string(),
        "1",
        "Whose directions the row describes: the encoder's, a decoder's, a generator's, ...",
    ),
    Field("seed", pa.int64(), "1", "The seed's number; it means the same in every condition."),
)
HOW = (
    Field("outcome", pa.string(), "1", "converged, not converged or diverged."),
    Field(
        "loss",
        pa.float64(),
        "nats or squared units",
        "Mean loss on some 65,000 samples that no step has seen, the same ones for every seed; on "
        "a sixteenth of them where the sweep measures the optimum and theory knows it.",
    ),
    Field(
        "least_loss",
        pa.float64(),
        "nats or squared units",
        "The least loss over all samples there are of any linear code of this size, found from "
        "many starts: of contrastive losses with many negatives, and of InfoNCE over ln(batch). "
        "NaN where theory does not know it; null unless the sweep measures the optimum.",
        optional=True,
    ),
    Field(
        "optimality_gap",
        pa.float64(),
        "nats or squared units",
        "The loss over all samples there are, less least_loss: 0 is the best code, and far above "
        "it training has failed. NaN or null where least_loss is.",
        optional=True,
    ),
    Field(
        "chance",
        pa.float64(),
        "nats or squared units",
        "The loss, on the same samples, of a code that says nothing about them: a trained loss "
        "that is no lower has learned nothing. NaN where the objective does not say.",
    ),
    Field(
        "stake",
        pa.float64(),
        "nats or squared units",
        "The loss with random directions of the same lengths, less the trained loss; what stands "
        "beside the encoder is trained again. 0 where the directions do not matter. Null for an "
        "encoder without a matrix.",
        optional=True,
    ),
    Field(
        "stake_error",
        pa.float64(),
        "nats or squared units",
        "The standard error of stake over the samples that it is measured on.",
        optional=True,
    ),
    Field(
        "loss_change",
        pa.float64(),
        "1",
        "How far the loss is from that of a run of half the length, as a share of its whole fall. "
        "The two losses are over all samples where the sweep measures the optimum and theory "
        "knows it.",
    ),
    Field(
        "geometry_change",
        pa.float64(),
        "1",
        "How far T and P are from those of a run of half the length: the larger, relative above 1.",
    ),
    Field("distance", pa.float64(), "1", "How far W went from its start, as a share of its norm."),
    Field(
        "effective_density",
        pa.float64(),
        "1",
        "Share of features present in a sample, before views.",
    ),
)
CODE = (
    Field(
        "linearity",
        pa.float64(),
        "1",
        "R^2 of h on x by least squares over a large sample: 1 for a linear encoder, lower for a "
        "code that the directions misdescribe; null for a decoder's directions.",
        optional=True,
    ),
    Field(
        "latent_unexplained",
        pa.float64(),
        "1",
        "Share of the features' latent variables that a linear read-out from h leaves unexplained.",
        "Alain & Bengio 2016",
        optional=True,
    ),
    Field(
        "random_quantile_gap",
        pa.float64(),
        "1",
        "How far the code along random directions is from Gaussian: 1 - r^2 with normal quantiles.",
        "Shapiro & Francia 1972",
        optional=True,
    ),
    Field(
        "worst_quantile_gap",
        pa.float64(),
        "1",
        "The same along the least Gaussian direction that was tried.",
        "Shapiro & Francia 1972",
        optional=True,
    ),
    Field(
        "mean_readout_unexplained",
        pa.float64(),
        "1",
        "Mean over the features of readout_unexplained.",
        optional=True,
    ),
    Field(
        "readout_unexplained",
        LIST,
        "1",
        "Share of each feature's variance that the best ReLU read-out from h leaves unexplained.",
        optional=True,
    ),
)
RAW = (
    Field(
        "least_W",
        LIST,
        "1",
        "A matrix, row-major, d_hidden x n_features, whose loss is least_loss: NaN or null where "
        "that is.",
        optional=True,
    ),
    Field(
        "W",
        LIST,
        "1",
        "The directions, row-major, d_hidden x n_features; a hidden unit not in use is zero.",
    ),
    Field(
        "weights",
        LIST,
        "1",
        "The encoder's matrix, row-major, where the directions W are not it; null elsewhere.",
        optional=True,
    ),
    Field(
        "responses",
        LIST,
        "1",
        "h of each feature alone at 1, less h of none (of it at -1, where features are signed), "
        "row-major; null where W says it.",
        optional=True,
    ),
    Field(
        "loss_curve", LIST, "nats or squared units", "The loss at equally spaced steps of the run."
    ),
)

RECORDED = (  # of a sweep with [record]
    Field(
        "recorded_steps",
        WHOLE_LIST,
        "1",
        "The steps at which the run was recorded; 0 is before training.",
    ),
    Field(
        "recorded_loss",
        LIST,
        "nats or squared units",
        "The loss at these steps, each on the samples that `loss` is measured on.",
    ),
    Field(
        "recorded_W",
        LIST,
        "1",
        "The matrix whose columns are the directions at these steps: of each step row-major, "
        "d_hidden x n_features. Of an encoder that is not linear it is W itself, not the fit.",
    ),
    Field(
        "level_jumps",
        pa.float64(),
        "1",
        "How often features leave one energy level of D (1, 3/4, 2/3, 1/2, 2/5, 3/8, 0) for "
        "another in less time than they rest at either: 0 where they drift.",
        "toysup, for Elhage et al. 2022",
    ),
    Field(
        "drop_alignment",
        pa.float64(),
        "1",
        "Correlation of the loss's fall with how far all D_i move, over the recorded intervals in "
        "which the last tenth of the fall is left: 1 where it falls only when features move.",
        "toysup, for Elhage et al. 2022",
    ),
    Field(
        "polygon_gap",
        pa.float64(),
        "1",
        "How far the loss is from that of a regular polygon, as a share of it and at most, while "
        "it rests (changes by less than 0.5% between records). It means something in two "
        "dimensions under mse with one feature a sample, and is null in more dimensions.",
        "toysup, for Chen et al. 2023",
        optional=True,
    ),
)

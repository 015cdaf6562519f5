"""The bias of a decoder, as a column of the results."""

from toysup.registry import Measure


class DecoderBias:
    """An objective that trains a bias `b`, (n_features,), beside the encoder."""

    parameters = (Measure("b", "1", "The decoder's bias.", "Elhage et al. 2022", listed=True),)

    def parameter_values(self, extra):
        return {"b": extra["b"]}

"""Neurons as stacks of their weights. Elhage et al. 2022, Superposition in a Privileged Basis."""

TITLE = "Neurons"
CAPTION = ""


def draw(findings):
    raise NotImplementedError

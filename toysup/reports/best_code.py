"""The best code of cosine InfoNCE where samples have one feature: in a terminal, or as JSON."""

import numpy as np
from rich.console import Console
from rich.table import Table

from toysup import metrics, theory
from toysup.reports.console import Text, console
from toysup.theory import BestCode

# The columns that tell codes apart, with what their values mean.
COLUMNS = {
    "squared_interference": "0 least, 1 random",
    "positive_interference": "0 nothing positive, 1 random",
    "minimisation_index": "1 best packing, 0 random",
    "max_cosine": "what spherical codes make least",
    "tightness": "1 tight frame",
}


def measured(code: BestCode) -> dict[str, float]:
    """The columns of a code, by name, and the length of the mean of its directions."""
    values = metrics.geometry(code.U)
    return {name: float(values[name]) for name in COLUMNS} | {
        "mean_length": float(np.linalg.norm(code.U.mean(axis=1)))
    }


def as_json(n_features: int, d_hidden: int, temperature: float) -> dict:
    """The code as plain values; `W` has a list for each hidden unit."""
    code = theory.infonce_best_code(n_features, d_hidden, temperature)
    size = {"n_features": n_features, "d_hidden": d_hidden, "temperature": temperature}
    return size | {"loss_over_ln_batch": code.loss} | measured(code) | {"W": code.U.tolist()}


def show(n_features: int, d_hidden: int, temperature: float, out: Console | None = None) -> None:
    """Print its loss and its geometry, with what each number means."""
    out = out or console()
    code = theory.infonce_best_code(n_features, d_hidden, temperature)
    found = measured(code)
    dimensions = "1 dimension" if d_hidden == 1 else f"{d_hidden} dimensions"
    words = f"The best code of {n_features} features in {dimensions} under cosine InfoNCE"
    out.print(Text(words, style="bold"))
    out.print(
        "Samples with one feature, equal views, many negatives, a temperature of "
        f"{temperature:g}. Found by descent from many starts, so it can only be too high."
    )
    out.print()
    told = f"-ln {n_features} = {-np.log(n_features):.4f} when all are told apart, 0 when none"
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_row("loss - ln(batch)", f"{code.loss:.4f}", told)
    for name, meaning in COLUMNS.items():
        table.add_row(name.replace("_", " "), f"{found[name]:.4f}", meaning)
    table.add_row("mean direction", f"{found['mean_length']:.4f}", "0 balanced")
    out.print(table)
    source = "Source: Wang & Isola 2020, Alignment and Uniformity on the Hypersphere."
    out.print(Text(source, style="dim"))

"""What a theory claim needs of a sweep: the grid of one phase diagram whose phases theory knows.

`theory = "mse phases"` with `above = 0.97` says: in more than 0.97 of the cells, the restart with
the lowest loss is in the phase of the closed form. `theory = "infonce optimum"` says so of the
phase of the code with the least loss, which `measure = "optimum"` finds. Cells within one cell of a
boundary are left out.
"""

from toysup.errors import ToysupError
from toysup.spec.faults import did_you_mean, quote
from toysup.spec.selection import Space
from toysup.theory.expected import MOST_FEATURES, SETTINGS
from toysup.theory.phases import check_phases
from toysup.theory.sizes import MOST_FEATURES as MOST_FEATURES_OF_PAIRS

MSE_PHASES, INFONCE_OPTIMUM = THEORIES = ("mse phases", "infonce optimum")
DENSITY, IMPORTANCE = "feature_probability", "relative_importance"
KEEP = "relative_keep_probability"
# What may vary beside the density, upwards.
SIDES = {MSE_PHASES: (IMPORTANCE,), INFONCE_OPTIMUM: (KEEP, "temperature")}
SIZE = ("n_features", "d_hidden")
LEAST_VALUES = 3  # values of an axis; with fewer, every cell is at a boundary or at the edge
NEEDED = {
    MSE_PHASES: SETTINGS | {"importance_decay": 1.0, "relative_density": 1.0},
    # As InfoNCE.population has it.
    INFONCE_OPTIMUM: {
        "objective": "infonce",
        "features": "independent",
        "encoder": "linear",
        "views": "mask",
        "learn_temperature": False,
        "amplitude": "uniform",
    },
}


def faults_of_theory(theory, here: list[Space]) -> list[str]:
    """Why a claim's conditions are not such a diagram. Without conditions, only the name of the
    theory is checked."""
    if theory not in THEORIES:
        hint = did_you_mean(theory, THEORIES) if isinstance(theory, str) else ""
        there = ", ".join(f'"{name}"' for name in THEORIES)
        return [f"is {quote(theory)}, no theory.{hint} There is: {there}."]
    if not here:
        return []
    if len(here) > 1:
        return ["needs one diagram, and rows chooses several objectives, features or encoders."]
    [space], faults = here, []
    for name, wanted in NEEDED[theory].items():
        if space.get(name, (wanted,)) != (wanted,):
            faults.append(f"needs {name} = {quote(wanted)}, and no other.")
    sides = [name for name in SIDES[theory] if len(space.get(name, ())) > 1]
    axes = (DENSITY, sides[0] if sides else SIDES[theory][0])
    for name in axes:
        if len(space.get(name, ())) < LEAST_VALUES:
            faults.append(f"needs {LEAST_VALUES} values or more of {name}, an axis of the diagram.")
    varied = [name for name, values in space.items() if len(values) > 1 and name not in axes]
    if varied:
        faults.append(f"needs one diagram, and there is one for each {', '.join(varied)}.")
    return faults or shape_faults(theory, *(space[name][0] for name in SIZE))


def shape_faults(theory: str, n_features: int, d_hidden: int) -> list[str]:
    """What is wrong with the size of the model."""
    if theory == INFONCE_OPTIMUM:
        most = MOST_FEATURES_OF_PAIRS
    else:
        most = MOST_FEATURES
        try:
            check_phases(n_features, d_hidden)
        except ToysupError as error:
            return [f"has no closed form here: {error}"]
    if n_features > most:
        return [f"takes up to {most} features: the exact loss of more takes too long."]
    return []

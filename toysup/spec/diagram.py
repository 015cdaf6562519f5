"""What a sweep must be for a claim by theory: the grid of one phase diagram that has a closed form.

`theory = "mse phases"` with `above = 0.97`: of more than 0.97 of the cells the restart with the
lowest loss is in the phase that the closed form says, cells within one of its boundary left out.
"""

from toysup.errors import ToysupError
from toysup.spec.faults import did_you_mean, found
from toysup.spec.selection import Space
from toysup.theory.expected import MOST_FEATURES, SETTINGS
from toysup.theory.phases import check_phases

THEORIES = ("mse phases",)
ALONG, UP = AXES = ("feature_probability", "relative_importance")
SIZE = ("n_features", "d_hidden")
SHORTEST = 3  # values of an axis: with fewer every cell is at the boundary or at the edge
NEEDED = SETTINGS | {"importance_decay": 1.0, "relative_density": 1.0}


def faults_of_theory(theory, here: list[Space]) -> list[str]:
    """What keeps the conditions of a claim from being such a diagram. Without any, only its name
    is checked."""
    if theory not in THEORIES:
        hint = did_you_mean(theory, THEORIES) if isinstance(theory, str) else ""
        there = ", ".join(f'"{name}"' for name in THEORIES)
        return [f"is {found(theory)}, no theory.{hint} There is: {there}."]
    if not here:
        return []
    if len(here) > 1:
        return ["is of one diagram, and rows chooses several objectives, worlds or encoders."]
    [space], faults = here, []
    for name, wanted in NEEDED.items():
        if space.get(name, (wanted,)) != (wanted,):
            faults.append(f"needs {name} = {found(wanted)}, and no other.")
    for name in AXES:
        if len(space.get(name, ())) < SHORTEST:
            faults.append(f"needs {SHORTEST} values or more of {name}, an axis of the diagram.")
    varied = [name for name, values in space.items() if len(values) > 1 and name not in AXES]
    if varied:
        faults.append(f"is of one diagram, and there is one for each {', '.join(varied)}.")
    return faults or shape_faults(*(space[name][0] for name in SIZE))


def shape_faults(n_features: int, d_hidden: int) -> list[str]:
    """What is wrong with the size of the model."""
    try:
        check_phases(n_features, d_hidden)
    except ToysupError as error:
        return [f"has no closed form here: {error}"]
    if n_features > MOST_FEATURES:
        return [f"takes up to {MOST_FEATURES} features, of which a loss is exact in good time."]
    return []

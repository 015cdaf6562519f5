"""What decides: how much of the variance of the outcomes each setting of a factorial has."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from toysup.reports.shapley import Shares, shares
from toysup.reports.words import readable
from toysup.spec.cases import CASE_KEYS
from toysup.spec.label import Label
from toysup.verdict import SEED_ALPHA, Verdict, Verdicts
from toysup.verdict.rule import apply_rule

PICTURE = "attribution"  # the picture that asks for it
LOWEST_INDEX = -1.0  # an index below it counts as this: a few collapsed codes would be all else
# Settings that mean one thing under two names: exp(-s d^2) is exp(c / t) for t = 1 / (2 s).
ONE_SCALE = {"uniformity_sharpness": ("temperature", lambda s: 1 / (2 * s))}
OUTCOMES = ("index", "read-out", "label")


@dataclass(frozen=True)
class Attribution:
    """The shares of each outcome, or `reason`, a sentence that says why there are none."""

    settings: tuple[str, ...]
    outcomes: dict[str, Shares]
    reason: str = ""


def attribution(
    sweep: dict, rows: pd.DataFrame, settings: Sequence[str], verdicts: Verdicts
) -> Attribution | None:
    """What decides in a run whose sweep asks for it. No shares where it is no full factorial."""
    if PICTURE not in sweep["pictures"]:
        return None
    return attribute(rows[rows["directions"] == "encoder"], settings, verdicts)


def attribute(rows: pd.DataFrame, settings: Sequence[str], verdicts: Verdicts) -> Attribution:
    """What decides in the results `rows`, one a seed, of encoders."""
    conditions = rows.drop_duplicates("condition").set_index("condition")
    levels = varied(conditions, [*CASE_KEYS, *settings])
    names = tuple(levels)
    if len(names) < 2:
        return Attribution(names, {}, "No attribution: it takes two settings that vary, or more.")
    grid, reason = full_factorial(conditions, levels)
    if reason:
        return Attribution(names, {}, reason)
    values = {
        "index": {c: v.clip(LOWEST_INDEX)[:, None] for c, v in of_rows(rows, "minimisation_index")},
        "read-out": {c: v[:, None] for c, v in of_rows(rows, "mean_readout_unexplained")},
        "label": labels_of(verdicts, rows["seed"].nunique()),
    }
    outcomes = {}
    for name, of_condition in values.items():
        used = np.unique(grid)
        if all(c in of_condition and np.isfinite(of_condition[c]).any() for c in used):
            every = np.stack([of_condition[c] for c in used])
            if np.nanvar(every, axis=(0, 1)).any():
                outcomes[name] = shares(every, np.searchsorted(used, grid))
    reason = "" if outcomes else "No attribution: a cell has no seed with a value, or none differ."
    return Attribution(names, outcomes, reason)


def varied(conditions: pd.DataFrame, names: Sequence[str]) -> dict[str, list]:
    """The settings that vary, with their values; a setting under another name is of one scale."""
    for name, (common, convert) in ONE_SCALE.items():
        if name in conditions and common in conditions and conditions[name].nunique() > 1:
            conditions[common] = conditions[common].fillna(conditions[name].map(convert).round(6))
            names = [other for other in names if other != name]
    found = {name: sorted(conditions[name].dropna().unique()) for name in names}
    return {name: values for name, values in found.items() if len(values) > 1}


def full_factorial(conditions: pd.DataFrame, levels: dict[str, list]) -> tuple[np.ndarray, str]:
    """The condition of each cell, and a reason if that is not one for each.

    A condition that lacks a setting, as an autoencoder lacks views, is in the cells of all of its
    values: nothing about it depends on them.
    """
    have: dict[tuple, list] = {}
    for condition, row in conditions[list(levels)].iterrows():
        known = [levels[name] if pd.isna(row[name]) else [row[name]] for name in levels]
        for cell in product(*known):
            have.setdefault(cell, []).append(condition)
    cells = list(product(*levels.values()))
    missing = [cell for cell in cells if cell not in have]
    several = [cell for cell in cells if len(have.get(cell, [])) > 1]
    for faulty, what in ((missing, "no condition"), (several, "several conditions")):
        if faulty:
            where = ", ".join(f"{n} = {said(v)}" for n, v in zip(levels, faulty[0], strict=True))
            return np.array([]), (
                f"No attribution: the sweep is unbalanced. {len(faulty)} of {len(cells)} cells "
                f"have {what}, the first at {where}. What works: every value of each setting with "
                "every value of each other."
            )
    shape = [len(values) for values in levels.values()]
    return np.array([have[cell][0] for cell in cells]).reshape(shape), ""


def said(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def of_rows(rows: pd.DataFrame, name: str) -> list[tuple[int, np.ndarray]]:
    """The values of a column by condition, in the order of seeds: NaN where it has none."""
    if name not in rows:
        rows = rows.assign(**{name: np.nan})
    ordered = rows.sort_values("seed").groupby("condition")[name]
    return [(int(str(condition)), values.to_numpy(float)) for condition, values in ordered]


def labels_of(verdicts: Verdicts, seeds: int) -> dict[int, np.ndarray]:
    """Which label each seed has from its own numbers, (seeds, labels), by condition; NaN for a seed
    that is not usable."""
    alone, names = replace(verdicts.thresholds, alpha=SEED_ALPHA), list(Label)
    found = {}
    for verdict in verdicts.verdicts:
        if verdict.directions == "encoder":
            found[verdict.condition] = np.full((seeds, len(names)), np.nan)
            for seed, label in enumerate(labels_by_seed(verdict, alone)):
                found[verdict.condition][seed] = [name == label for name in names]
    return found


def labels_by_seed(verdict: Verdict, alone) -> list[Label]:
    return [apply_rule(g, p, alone, [g])[0] for g, p in verdict.per_seed]


def sentence(found: Attribution) -> str:
    """What decides, in one sentence; or why that is not known."""
    if found.reason:
        return found.reason
    parts = []
    for outcome, of in found.outcomes.items():
        order = np.argsort([-share.value for share in of.settings])[:2]
        first, second = ((readable(found.settings[i]), of.settings[i]) for i in order)
        parts.append(
            f"of the {outcome}, {first[0]} has {percent(first[1])} of the variance and {second[0]} "
            f"{percent(second[1])}"
        )
    strongest = max(found.outcomes.values(), key=lambda of: of.pair_share.value)
    pair = " and ".join(readable(found.settings[i]) for i in strongest.pair)
    return (
        f"What decides: {'; '.join(parts)}; the largest interaction is that of {pair}, "
        f"{percent(strongest.pair_share)}."
    )


def headline(found: Attribution) -> str:
    """The two settings that decide most of the first outcome, in a few words; "" without any."""
    if not found.outcomes:
        return ""
    outcome, of = next(iter(found.outcomes.items()))
    first, second = (int(i) for i in np.argsort([-share.value for share in of.settings])[:2])
    return (
        f"Of the variance of the {outcome}, {readable(found.settings[first])} has "
        f"{of.settings[first].value:.0%} and {readable(found.settings[second])} "
        f"{of.settings[second].value:.0%}."
    )


def percent(share) -> str:
    """
    >>> from toysup.reports.shapley import Share
    >>> percent(Share(0.514, 0.49, 0.53))
    '51% (49 to 53)'
    """
    value, low, high = (round(100 * x) for x in (share.value, share.low, share.high))
    return f"{value}% ({low} to {high})"

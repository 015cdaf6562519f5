"""Caveats: what a reader should know before relying on a verdict. Only those that apply."""

from collections.abc import Iterable, Sequence
from itertools import compress

import numpy as np
import pandas as pd

from toysup.columns.fixed import KEY
from toysup.measure.outcome import DIVERGED
from toysup.metrics.rank import n_active
from toysup.registry import FAMILIES, names
from toysup.reports.labels import OPEN, UNJUDGED
from toysup.reports.subjects import subjects
from toysup.reports.words import PROBABILITY, counted, decimals, distinct, joined, plain, short
from toysup.verdict.rows import by_shape
from toysup.verdict.stake import CHANCE, NOTHING

MOSTLY_EMPTY = 0.5  # of the samples
DENSITY_TOLERANCE = 0.1  # relative: how far the effective density may be from p unsaid
SEED_GAP = 0.1  # of the index, between the lowest-loss seed and the median over seeds
FEW_SEEDS = 10  # science: at least this many
MOST_BASINS = 6  # conditions whose basins are listed one by one
IDLE = {
    CHANCE: "The loss is no better than at chance",
    NOTHING: "The loss is no lower than with random directions",
}
IDLE_COUNTS = "These conditions are shown but not counted."


class Caveat(str):
    """A sentence, and the conditions that it concerns; none of them where it is about the run."""

    conditions: frozenset[int]

    def __new__(cls, words: str, verdicts: Iterable = ()) -> "Caveat":
        made = super().__new__(cls, words)
        made.conditions = frozenset(v.condition for v in verdicts)
        return made


def caveats(verdicts: Sequence, rows: pd.DataFrame) -> tuple[Caveat, ...]:
    """Every caveat that applies to these results, as whole sentences."""
    if not verdicts:
        return ()
    found = [
        *degenerate(verdicts),
        *idle(verdicts),
        *mostly_empty(verdicts),
        *other_density(verdicts, rows),
        *dimensions_out_of_use(verdicts, rows),
        *local_minima(verdicts),
        *two_basins(verdicts),
        *few_seeds(verdicts),
        *no_optimum(verdicts),
    ]
    if len(verdicts) > 1:
        found.append(Caveat("Losses are not comparable across objectives or densities."))
    return tuple(found)


def pictures_not_drawn(sweep: dict, folder: str) -> list[Caveat]:
    """A sentence for each picture of a sweep that is in a file which was not named."""
    known = names("pictures")
    return [
        Caveat(
            f"The picture {name} is in a file of its own, which a report does not run by itself: "
            f"toysup --plugin {folder}/plugins/{name}.py report {folder}"
        )
        for name in sweep["pictures"]
        if name not in known
    ]


def degenerate(verdicts: Sequence) -> list[Caveat]:
    """Uniform importance at p = 1: every rotation of the code has the same loss."""
    chosen = [
        v
        for v in verdicts
        if v.settings.get("importance_decay") == 1 and v.settings.get(PROBABILITY) == 1
    ]
    names = sorted({v.objective for v in chosen})
    have = "has" if len(names) == 1 else "have"
    words = (
        f"{joined(names)} at p = 1 with equal importance {have} the same loss for every rotation: "
        "which features are represented means nothing there, only the loss does."
    )
    return [Caveat(words, chosen)] * bool(chosen)


def idle(verdicts: Sequence) -> list[Caveat]:
    """Conditions that are not counted: the loss is at chance, or random directions do as well."""
    sentences = []
    for why, words in IDLE.items():
        parts, concerned = [], []
        for subject in subjects(verdicts):
            members = [v for v in verdicts if subject.is_about(v)]
            chosen = [v for v in members if v.stake.idle == why and v.label not in UNJUDGED]
            if chosen:
                parts.append(f"{len(chosen)} of {len(members)} under {subject.name}")
                concerned += chosen
        if parts:
            sentences.append(Caveat(f"{words}: {joined(parts)}. {IDLE_COUNTS}", concerned))
    return sentences


def mostly_empty(verdicts: Sequence) -> list[Caveat]:
    """Where most samples have no feature at all."""
    shares, conditions = {}, set()
    for v in verdicts:
        p = v.settings.get(PROBABILITY)
        if (
            p
            and v.features == FAMILIES["features"].implied
            and v.settings.get("empty_samples") == "keep"
        ):
            shares[v.n_features, p] = share = (1 - p) ** v.n_features
            conditions |= {v.condition} if share > MOSTLY_EMPTY else set()
    empty = {key: share for key, share in shares.items() if share > MOSTLY_EMPTY}
    if not empty:
        return []
    ns = {n for n, _ in empty}
    p_text = distinct(p for _, p in empty)
    parts = [
        f"{share:.0%} at p = {p_text[p]}" + (f" (n = {n})" if len(ns) > 1 else "")
        for (n, p), share in sorted(empty.items(), key=lambda item: (item[0][0], -item[0][1]))
    ]
    if len(parts) > 4:
        parts = [parts[0], f"up to {max(empty.values()):.0%}"]
    words = (
        f"Many samples are empty: {joined(parts)}. They count in every loss, and a contrastive "
        'one can only guess among them (empty_samples = "fill" leaves none).'
    )
    return [Caveat(words, (v for v in verdicts if v.condition in conditions))]


def other_density(verdicts: Sequence, rows: pd.DataFrame) -> list[Caveat]:
    """Conditions whose samples are not as sparse as p says."""
    measured = rows.groupby("condition")["effective_density"].mean()
    chosen = [
        v
        for v in verdicts
        if PROBABILITY in v.settings
        and abs(measured[v.condition] / v.settings[PROBABILITY] - 1) > DENSITY_TOLERANCE
    ]
    pairs = {(v.settings[PROBABILITY], round(measured[v.condition], 3)) for v in chosen}
    if not pairs:
        return []
    texts = distinct(p for p, _ in pairs)
    parts = [f"{decimals(d, 3)} at p = {texts[p]}" for p, d in sorted(pairs, reverse=True)]
    if len(parts) > 4:
        parts = [parts[0], parts[-1]]
    filled = any(v.settings.get("empty_samples") == "fill" for v in verdicts)
    why = " (an empty sample is given a feature)" if filled else ""
    return [Caveat(f"The density that samples had is not p: {joined(parts)}{why}.", chosen)]


def dimensions_out_of_use(verdicts: Sequence, rows: pd.DataFrame) -> list[Caveat]:
    """Where hidden units carry nothing, such as a VAE's inactive latents or dead ReLUs."""
    alive = rows.loc[rows["outcome"] != DIVERGED, [*KEY, "d_hidden", "n_features", "W"]]
    active = np.zeros(len(alive))
    for places, W in by_shape(alive):
        active[places] = n_active(W)
    used = alive[KEY].assign(active=active).groupby(KEY)["active"].mean().to_dict()
    parts, concerned = [], []
    for subject in subjects(verdicts):
        members = [v for v in verdicts if subject.is_about(v)]
        counts = [used.get((v.condition, v.directions), v.d_hidden) for v in members]
        short = [count < v.d_hidden for count, v in zip(counts, members, strict=True)]
        if any(short):
            found = list(compress(counts, short))
            concerned += compress(members, short)
            ends = dict.fromkeys(plain(count, 2) for count in (min(found), max(found)))
            wholes = dict.fromkeys(str(v.d_hidden) for v in compress(members, short))
            place = f"in {len(found)} of {counted(len(short), 'condition')} under {subject.name}"
            parts.append(f"{place} on average {' to '.join(ends)} of {joined(list(wholes), 'or')}")
    said = "Not all hidden units are in use, and a verdict takes the others for dimensions left out"
    return [Caveat(f"{said}: {joined(parts)}.", concerned)] * bool(parts)


def local_minima(verdicts: Sequence) -> list[Caveat]:
    """Conditions whose lowest-loss seed differs from most seeds."""
    chosen = [
        v
        for v in verdicts
        if v.best and abs(v.best.minimisation_index - v.minimisation_index.value) > SEED_GAP
    ]
    if not chosen:
        return []
    of = counted(len({v.condition for v in verdicts}), "condition")
    number = len({v.condition for v in chosen})
    words = (
        f"In {number} of {of} the lowest-loss seed's index is more than {SEED_GAP:g} away "
        "from the median over seeds: some seeds stay in local minima, or have not settled."
    )
    return [Caveat(words, chosen)]


def two_basins(verdicts: Sequence) -> list[Caveat]:
    """Where the losses of the seeds are in two groups: a median over both describes neither."""
    found = {v.condition: v.basins for v in verdicts if v.basins}
    if not found:
        return []
    parts = [f"{b.lower} of {b.seeds} in condition {number}" for number, b in found.items()]
    if len(parts) > MOST_BASINS:
        shares = [b.share for b in found.values()]
        parts = [f"{min(shares):.0%} to {max(shares):.0%} of the seeds"]
    words = (
        f"The losses of the seeds are in two basins in {counted(len(found), 'condition')}. In the "
        f"lower one are {joined(parts)}."
    )
    return [Caveat(words, (v for v in verdicts if v.basins))]


def few_seeds(verdicts: Sequence) -> list[Caveat]:
    least = min(v.seeds for v in verdicts)
    if least >= FEW_SEEDS:
        return []
    words = f"{counted(least, 'seed')} a condition is few; {FEW_SEEDS} or more tell chance apart."
    return [Caveat(words, (v for v in verdicts if v.seeds < FEW_SEEDS))]


def no_optimum(verdicts: Sequence) -> list[Caveat]:
    """Conditions whose optimum is known only as an interval, and what that leaves open."""
    chosen = [v for v in verdicts if short(v.index_least) != short(v.index_most)]
    wide = len({v.condition for v in chosen})
    unknown = len({v.condition for v in verdicts if v.counts and v.label in OPEN})
    left_open = f" It is open in {unknown} whether they minimise." if unknown else ""
    words = (
        f"In {counted(wide, 'condition')} the best packing is known to lie between two bounds, "
        f"so the index is a range.{left_open}"
    )
    return [Caveat(words, chosen)] * bool(wide)

"""What a reader should know before leaning on a verdict; each is said only where it applies."""

import math
from collections.abc import Sequence
from itertools import compress

import pandas as pd

from toysup.metrics.rank import n_active
from toysup.outcome import DIVERGED
from toysup.report.labels import MINIMISES
from toysup.report.subjects import subjects
from toysup.report.words import PROBABILITY, bracketed, counted, decimals, distinct, joined, plain
from toysup.verdict.evidence import matrices

MOSTLY_EMPTY = 0.5  # of the samples
DENSITY_TOLERANCE = 0.1  # relative: how far the effective density may be from p unsaid
SEED_GAP = 0.1  # of the index, between the lowest-loss seed and the mean over seeds
FEW_SEEDS = 10  # science: at least this many
AT_CHANCE = 0.001  # relative: a loss this close to ln(batch) has learned nothing


def caveats(verdicts: Sequence, rows: pd.DataFrame) -> tuple[str, ...]:
    """Every caveat that applies to these results, as whole sentences."""
    if not verdicts:
        return ()
    found = [
        *degenerate(verdicts),
        *at_chance(verdicts, rows),
        *mostly_empty(verdicts),
        *other_density(verdicts, rows),
        *dimensions_out_of_use(verdicts, rows),
        *local_minima(verdicts),
        *few_seeds(verdicts),
        *no_optimum(verdicts),
    ]
    if len(verdicts) > 1:
        found.append("Losses are not comparable across objectives or densities.")
    return tuple(found)


def degenerate(verdicts: Sequence) -> list[str]:
    """Uniform importance at p = 1: every rotation of the code has the same loss."""
    chosen = [
        v
        for v in verdicts
        if v.settings.get("importance_decay") == 1 and v.settings.get(PROBABILITY) == 1
    ]
    names = joined(sorted({v.objective for v in chosen}))
    return [
        f"{names} at p = 1 with equal importance has the same loss for every rotation of the code: "
        "which features are represented means nothing there, only the loss does."
    ] * bool(chosen)


def at_chance(verdicts: Sequence, rows: pd.DataFrame) -> list[str]:
    """InfoNCE at ln(batch): the views share nothing, or a cosine cannot abstain on noise."""
    losses = rows.groupby("condition")["loss"].min()
    sentences = []
    for subject_name in dict.fromkeys(v.objective for v in verdicts):
        members = [v for v in verdicts if v.objective == subject_name == "infonce"]
        chosen = [
            v
            for v in members
            if losses[v.condition] > (1 - AT_CHANCE) * math.log(v.settings["batch_size"])
        ]
        if chosen:
            subject = subjects(members)[0]
            picked = {v.condition for v in chosen}
            at = [m for m, v in zip(subject.members, members, strict=True) if v.condition in picked]
            place = subject.where(at, list(subject.members), longest=160)
            sentences.append(
                f"{subject_name} ends no better than guessing, with a loss of ln(batch) or more, "
                f"in {counted(len(at), 'condition')}{bracketed(place)}: there the views hardly say "
                "which samples belong together, and a cosine cannot abstain."
                f"{counted_all_the_same(at)}"
            )
    return sentences


def counted_all_the_same(members: Sequence) -> str:
    """How many of some conditions have a verdict of minimising."""
    count = sum(m.label in MINIMISES for m in members)
    return f" {count} of them count as minimising all the same." if count else ""


def mostly_empty(verdicts: Sequence) -> list[str]:
    """Where most samples have no feature at all."""
    shares = {}
    for v in verdicts:
        p = v.settings.get(PROBABILITY)
        if p and v.features == "independent" and v.settings.get("empty_samples") == "keep":
            shares[v.n_features, p] = (1 - p) ** v.n_features
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
    return [
        f"Many samples are empty: {joined(parts)}. They count in every loss, and a contrastive "
        'one can only guess among them (empty_samples = "fill" leaves none).'
    ]


def other_density(verdicts: Sequence, rows: pd.DataFrame) -> list[str]:
    """Where samples are not as sparse as p says."""
    measured = rows.groupby("condition")["effective_density"].mean()
    pairs = {
        (v.settings[PROBABILITY], round(measured[v.condition], 3))
        for v in verdicts
        if PROBABILITY in v.settings
        and abs(measured[v.condition] / v.settings[PROBABILITY] - 1) > DENSITY_TOLERANCE
    }
    if not pairs:
        return []
    texts = distinct(p for p, _ in pairs)
    parts = [f"{decimals(d, 3)} at p = {texts[p]}" for p, d in sorted(pairs, reverse=True)]
    if len(parts) > 4:
        parts = [parts[0], parts[-1]]
    filled = any(v.settings.get("empty_samples") == "fill" for v in verdicts)
    why = " (an empty sample is given a feature)" if filled else ""
    return [f"The density that samples had is not p: {joined(parts)}{why}."]


def dimensions_out_of_use(verdicts: Sequence, rows: pd.DataFrame) -> list[str]:
    """Where hidden units carry nothing, such as a VAE's inactive latents or dead ReLUs."""
    alive = rows[rows["outcome"] != DIVERGED]
    by_code = alive.groupby(["condition", "directions"])
    used = {code: n_active(matrices(group)).mean() for code, group in by_code}
    parts = []
    for subject in subjects(verdicts):
        members = [v for v in verdicts if subject.names(v)]
        counts = [used.get((v.condition, v.directions), v.d_hidden) for v in members]
        short = [count < v.d_hidden for count, v in zip(counts, members, strict=True)]
        if any(short):
            at = list(compress(subject.members, short))
            place = subject.where(at, list(subject.members), longest=120)
            found = list(compress(counts, short))
            ends = dict.fromkeys(plain(count, 2) for count in (min(found), max(found)))
            wholes = dict.fromkeys(str(v.d_hidden) for v in compress(members, short))
            under = f"under {subject.name}{f' {place}' if place else ''}"
            parts.append(f"{under} on average {' to '.join(ends)} of {joined(list(wholes), 'or')}")
    return [f"Directions are measured in the dimensions in use: {joined(parts)}."] * bool(parts)


def local_minima(verdicts: Sequence) -> list[str]:
    """Where the lowest-loss seed found something else than the seeds do on average."""
    chosen = [
        v
        for v in verdicts
        if v.best and abs(v.best.minimisation_index - v.minimisation_index.value) > SEED_GAP
    ]
    if not chosen:
        return []
    of = counted(len(verdicts), "condition")
    return [
        f"In {len(chosen)} of {of} the lowest-loss seed's index is more than {SEED_GAP:g} away "
        "from the mean over seeds: some seeds stay in local minima, or have not settled."
    ]


def few_seeds(verdicts: Sequence) -> list[str]:
    least = min(v.seeds for v in verdicts)
    if least >= FEW_SEEDS:
        return []
    return [f"{counted(least, 'seed')} a condition is few; {FEW_SEEDS} or more tell chance apart."]


def no_optimum(verdicts: Sequence) -> list[str]:
    """Where the best packing is not in the table, the index has no upper end."""
    unknown = sum(
        v.positive_interference.value == v.positive_interference.value
        and v.minimisation_index.value != v.minimisation_index.value
        for v in verdicts
    )
    return [
        f"The best packing is not known for {counted(unknown, 'condition')}, so the index is not "
        "either: judge them by T and P."
    ] * bool(unknown)

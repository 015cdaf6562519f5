"""One trained model of a run -> `Instance`: everything that `toysup show` shows, as data.

`choose.py` finds its condition; `terminal.py` and `page.py` show it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toysup.errors import ToysupError
from toysup.metrics.represented import represented
from toysup.reports.instance.choose import Choice
from toysup.reports.instance.metrics import Metric, metrics
from toysup.reports.instance.pairs import Pair, feature_names, pairs
from toysup.reports.words import name_of
from toysup.storage.store import Store
from toysup.verdict import Verdict, jsonable
from toysup.verdict.rows import matrices
from toysup.verdict.telling import full_case


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One condition, set of directions and seed."""

    run: str
    title: str
    name: str
    verdict: Verdict
    varying: tuple[str, ...]  # the settings that tell its condition apart
    other_directions: tuple[str, ...]  # that the model has beside these
    seed: int
    lowest: bool  # whether no other seed has a lower loss
    outcome: str
    metrics: tuple[Metric, ...]
    nearest: tuple[Pair, ...]
    opposed: tuple[Pair, ...]
    features: tuple[str, ...]  # their names, or their numbers
    W: np.ndarray  # (d_hidden, n_features)
    represented: np.ndarray  # (n_features,)
    steps: int
    curves: np.ndarray  # the loss curve of every seed, (seeds, points)
    place: int  # of this seed among them

    @property
    def settings(self) -> dict[str, Any]:
        """Its plug-ins and every setting."""
        return full_case(self.verdict)

    @property
    def finite(self) -> bool:
        return bool(np.isfinite(self.W).all())

    @property
    def curve(self) -> np.ndarray:
        return self.curves[self.place]

    def to_json(self) -> dict:
        left_out = ("curves", "place", "W", "represented", "verdict")
        found = {name: value for name, value in vars(self).items() if name not in left_out}
        found |= {"condition": self.verdict.condition, "directions": self.verdict.directions}
        found |= {"settings": self.settings, "verdict": self.verdict}
        found |= {"represented": self.represented.tolist(), "W": self.W.tolist()}
        return jsonable(found | {"loss_curve": self.curve.tolist()})


def gather(store: Store, rows: pd.DataFrame, choice: Choice, seed: int | None = None) -> Instance:
    """The model of a seed; by default of the seed with the lowest loss. ToysupError if no such."""
    v = choice.verdict
    at = rows["condition"].eq(v.condition) & rows["directions"].eq(v.directions)
    rows = rows[at].sort_values("seed", ignore_index=True)
    seeds = rows["seed"].tolist()
    best: int = v.best.seed if v.best else seeds[0]
    seed = best if seed is None else seed
    if seed not in seeds:
        raise ToysupError(
            f"{store.folder}: has no seed {seed}. There are: {', '.join(map(str, seeds))}."
        )
    place = seeds.index(seed)
    row, W = rows.iloc[place], matrices(rows)[place]
    features = feature_names(store.manifest()["data"], v.settings, v.n_features)
    nearest, opposed = pairs(W, features)
    return Instance(
        run=str(store.folder),
        title=store.manifest()["plan"]["sweep"]["title"],
        name=name_of({"objective": v.objective} | choice.case),
        verdict=v,
        varying=tuple(choice.case),
        other_directions=choice.other_directions,
        seed=seed,
        lowest=v.best is not None and seed == best,
        outcome=row["outcome"],
        metrics=metrics(rows, place, v),
        nearest=nearest,
        opposed=opposed,
        features=features,
        W=W,
        represented=represented(np.nan_to_num(W)),
        steps=int(v.settings.get("steps", len(row["loss_curve"]))),
        curves=np.stack([np.asarray(curve, dtype=float) for curve in rows["loss_curve"]]),
        place=place,
    )

"""Finished runs made by hand: each condition is the matrices that its seeds "found"."""

import numpy as np
import pyarrow as pa
import pytest

from toysup.geometry import antipodal_pairs, polygon, random_directions
from toysup.metrics.represented import n_represented
from toysup.storage.store import Store

SETTINGS = ["d_hidden", "n_features", "batch_size", "feature_probability", "empty_samples"]
SETTINGS += ["importance_decay", "temperature"]


def rows_of(number, group, case, outcomes):
    m, n = group[0].shape
    settings = {"batch_size": 64, "feature_probability": 0.1, "empty_samples": "keep"}
    settings |= {"importance_decay": None, "temperature": None, "views": None, "objective": "mse"}
    who = {"features": "independent", "encoder": "linear", "directions": "encoder"}
    for seed, W in enumerate(group):
        row = who | settings | {"condition": number, "seed": seed, "d_hidden": m, "n_features": n}
        row |= {"outcome": (outcomes or {}).get(seed, "converged"), "loss": 0.5 - 0.01 * seed}
        row |= {"geometry_change": 0.0, "loss_change": 0.0, "distance": 1.0, "learning_rate": 0.01}
        row |= {"chance": np.nan}
        if row["outcome"] == "not converged":
            row["geometry_change"] = 1.0
        row |= {
            "W": np.float32(W).ravel().tolist(),
            "n_represented": int(n_represented(np.nan_to_num(W))),
            "loss_curve": np.geomspace(2, 0.5, 20).tolist(),
        }
        row |= {k: v[seed] if isinstance(v, np.ndarray) else v for k, v in case.items()}
        yield {"effective_density": row["feature_probability"]} | row


def plan_of(sweep, seeds):
    """The plan of conditions with so many seeds each, as a manifest has it: each is a chunk."""
    sizes = {"lanes": 2, "conditions": list(range(len(seeds)))}
    stack = sizes | {"id": "mse-00", "static": {}, "group": 2}
    chunks = [
        {"id": f"mse-00-c{place:03d}-s000", "stack": 0, "lanes": 2}
        | {"conditions": [place], "seeds": list(range(count))}
        for place, count in enumerate(seeds)
    ]
    made = {"hash": "0123456789abcdef", "sweep": sweep, "seeds_per_chunk": 10, "group": None}
    return made | {"stacks": [stack], "chunks": chunks}


def made(folder, *conditions, finished=True, claims=()):
    """A run of `(matrices of the seeds, settings of the condition[, outcomes by seed])`.

    An array among the settings is a column of the results, with a number for each seed.
    """
    rows = []
    for number, (group, case, *outcomes) in enumerate(conditions):
        rows += rows_of(number, group, case, *(outcomes or [None]))
    names = {name for row in rows for name in row}
    table = pa.table({name: [row.get(name) for row in rows] for name in sorted(names)})
    store = Store(folder)
    sweep = {"name": "made", "title": "Made [by hand] & <told>", "question": "Is it so?", "seed": 0}
    sweep |= {"measure": "all", "pictures": [], "record": [0, 100]}
    sweep |= {"plugins": [], "reference": "mse"}
    sweep |= {
        "seeds": list(range(10)),
        "model": {"n_features": [5], "d_hidden": [2]},
        "train": {"steps": [100]},
    }
    sweep |= {"features": {"independent": {"feature_probability": [1.0, 0.1]}}, "views": {}}
    sweep |= {"encoder": {"linear": {}}, "objective": {"mse": {"tied": [True]}}}
    sweep |= {"objective_train": {"mse": {"steps": [200]}}}
    sweep |= {"claims": [claim.to_dict() for claim in claims]}
    store.create(
        {
            "command": "toysup sweep sweeps/made.toml --out runs/made",
            "versions": {"toysup": "0", "python": "3", "jax": "0"},
            "sources": {},
            "data": {},
            "plan": plan_of(sweep, [len(group) for group, *_ in conditions]),
        }
    )
    if finished:
        metadata = {"settings": " ".join(SETTINGS), "title": sweep["title"]}
        table = table.replace_schema_metadata(metadata)
        store.publish_tables(table.schema, [table])
    return store


@pytest.fixture(scope="session")
def make_run():
    return made


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    """Two objectives: a pentagon for both when sparse; when dense, a cone of one's features."""
    random = random_directions(np.random.default_rng(0), 10, 2, 5)
    contrastive = {"objective": "infonce", "views": "mask", "temperature": 0.5}
    return made(
        tmp_path_factory.mktemp("runs") / "made",
        ([np.eye(2, 5)] * 10, {"feature_probability": 1.0, "importance_decay": 0.7}),
        ([polygon(5)] * 10, {"importance_decay": 0.7}),
        ([antipodal_pairs(2)[:, [0, 1, 2, 3, 0]]] * 10, {"importance_decay": 1.0}, {3: "diverged"}),
        ([np.ones((2, 5))] * 10, contrastive | {"feature_probability": 1.0}),
        ([polygon(5)] * 10, contrastive),
        (list(random), contrastive | {"views": "noise"}),
    )


@pytest.fixture(scope="session")
def findings(store):
    from toysup.reports.findings import gather

    return gather(store)

"""What the benchmarks rest on that can be tested without PyTorch and without a card."""

import gzip
import json

import numpy as np
import pytest

from benchmarks import gpu, objectives, ours, sizes
from benchmarks.case import case_of
from toysup import registry


@pytest.mark.long
def test_the_shapes_that_counterparts_are_given_have_samples_as_rows():
    loss, start = ours.loss_and_start(case_of("mse", n=4, m=2, batch=8))
    assert start["W"].shape == (4, 2)
    assert start["x"].shape == (8, 4)
    y = np.maximum(start["x"] @ start["W"] @ start["W"].T + start["b"], 0)
    assert loss == pytest.approx(np.mean((start["x"] - y) ** 2), rel=1e-5)


def test_products_of_a_step_are_counted():
    assert gpu.flops_of(case_of("mse", n=20, m=5, batch=1024)) == 5 * 2 * 20 * 5 * 1024
    # W x and its gradient for two views, and three products with the similarities.
    pairs = 4 * 2 * 20 * 5 * 256 + 3 * 2 * 5 * 256**2
    assert gpu.flops_of(case_of("infonce", n=20, m=5, batch=256)) == pairs


def test_each_case_of_a_size_has_a_name_of_its_own():
    names = [case.name for case, _ in sizes.cases()]
    assert len(set(names)) == len(names)
    assert {"mse-400-30-1024", "mse-400-30-1024-p0.05", "mse-1000-100-1024-p0.01"} <= set(names)


def test_pairwise_objectives_are_there():
    assert set(objectives.PAIRWISE) <= set(registry.names("objectives"))


def test_the_longest_operations_are_the_cards_where_there_is_one(tmp_path):
    events = [
        {"ph": "M", "name": "process_name", "pid": 1, "args": {"name": "/device:GPU:0"}},
        {"ph": "M", "name": "process_name", "pid": 2, "args": {"name": "/host:CPU"}},
        {"ph": "X", "name": "gemm", "pid": 1, "dur": 1500},
        {"ph": "X", "name": "gemm", "pid": 1, "dur": 500},
        {"ph": "X", "name": "wait", "pid": 2, "dur": 9000},
        {},  # as jax ends its list
    ]
    content = json.dumps({"traceEvents": events}).encode()
    (tmp_path / "a.trace.json.gz").write_bytes(gzip.compress(content))
    assert gpu.longest(tmp_path) == {"gemm": 2.0}

"""What holds of every metric of the geometry, so that a new file is right or fails here."""

import doctest
import importlib
import inspect
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from toysup import metrics, registry
from toysup.geometry import random_tight_frames

COLUMNS = metrics.columns()
GEOMETRY = [c for c in COLUMNS if c.needs == ("W",)]
rng = np.random.default_rng(0)
STACK = rng.standard_normal((3, 4, 3, 7)) * rng.uniform(0.1, 1, 7)


def test_the_columns_of_the_results_are_all_there():
    assert {c.name for c in COLUMNS} >= {
        "n_represented", "squared_interference", "positive_interference", "minimisation_index",
        "mean_abs_cosine", "max_cosine", "min_cosine", "mean_cosine", "collinear_fraction",
        "effective_rank", "tightness", "dimensionality", "mean_dimensionality", "interference",
        "norms", "dimensions_per_feature", "weighted_interference", "hidden_excess_kurtosis",
        "n_active", "random_excess_kurtosis", "worst_excess_kurtosis", "related_cosine",
        "unrelated_cosine", "features_per_neuron", "monosemantic_share",
    }  # fmt: skip
    assert len({c.name for c in COLUMNS}) == len(COLUMNS)


@pytest.mark.parametrize("column", COLUMNS, ids=lambda c: c.name)
def test_every_column_says_what_it_is_and_where_it_is_from(column):
    text = inspect.getdoc(column.function)
    assert column.description.endswith(".")
    assert len(column.description) < 120
    assert column.unit
    assert column.source
    for part in ("Source:", ">>>", "(..., d_hidden, n_features)", "nsensitive to"):
        assert part in text


@pytest.mark.parametrize("name", registry.names("metrics"))
def test_every_file_has_a_test_file_and_true_examples(name):
    assert "def test_" in (Path(__file__).parent / f"test_{name}.py").read_text()
    module = importlib.import_module(f"toysup.metrics.{name}")
    assert doctest.testmod(module, optionflags=doctest.ELLIPSIS).failed == 0


@pytest.mark.parametrize("column", GEOMETRY, ids=lambda c: c.name)
def test_a_stack_is_measured_as_its_matrices_are(column):
    whole = column.function(STACK)
    alone = np.array([[column.function(W) for W in row] for row in STACK])
    np.testing.assert_allclose(whole, alone, rtol=1e-12)
    assert whole.shape == ((3, 4, 7) if column.kind == "list" else (3, 4))
    assert (whole.dtype.kind == "i") == (column.kind == "int")


@pytest.mark.parametrize("shape", [(3, 4, 3, 7), (12, 3, 7), (3, 7), (0, 3, 7)])
def test_a_large_stack_is_measured_some_matrices_at_a_time(shape, monkeypatch):
    W = STACK.ravel()[: np.prod(shape)].reshape(shape)
    whole = {c.name: c.function(W) for c in GEOMETRY}
    monkeypatch.setattr(metrics, "COSINES_AT_ONCE", 5 * 7**2)
    for name, values in metrics.geometry(W).items():
        np.testing.assert_array_equal(values, whole[name])
        assert (np.shape(values), values.dtype) == (np.shape(whole[name]), whole[name].dtype)


@pytest.mark.parametrize("column", GEOMETRY, ids=lambda c: c.name)
def test_rotations_never_matter_and_scale_only_where_it_is_said(column):
    rotation = random_tight_frames(np.random.default_rng(1), 1, 3, 3)[0]
    plain = column.function(STACK)
    np.testing.assert_allclose(column.function(rotation @ STACK), plain, rtol=1e-9)
    scaled = np.allclose(column.function(3 * STACK), plain, rtol=1e-9)
    assert scaled == column.scale_free


@pytest.mark.parametrize("column", GEOMETRY, ids=lambda c: c.name)
@pytest.mark.parametrize("bad", [0.0, np.nan, np.inf], ids=["zero", "nan", "inf"])
def test_a_dead_or_diverged_matrix_is_quiet_and_does_not_touch_its_neighbours(column, bad):
    W = STACK[0].copy()
    W[1] = 0.0
    W[1, 0, 0] = bad
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        values = column.function(W)
    np.testing.assert_array_equal(values[[0, 2, 3]], column.function(STACK[0, [0, 2, 3]]))
    zero = column.kind == "int" or (
        bad == 0 and column.name in ("norms", "last_norm", "dimensionality")
    )
    expected = 0 if zero else np.nan
    np.testing.assert_array_equal(values[1], np.full(values[1].shape, expected))


@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (5, 1), (2, 2), (3, 0)])
def test_no_size_is_too_small(shape):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        values = metrics.geometry(np.ones(shape))
    assert values["n_represented"] == shape[1]
    assert np.isnan(values["squared_interference"]) == (shape[0] == 1 or shape[1] < 2)


@pytest.mark.parametrize("column", GEOMETRY, ids=lambda c: c.name)
def test_a_hidden_unit_without_weights_changes_nothing(column):
    few = STACK[..., :2, :]
    padded = np.insert(few, 1, 0.0, axis=-2)
    np.testing.assert_allclose(column.function(padded), column.function(few), rtol=1e-12)


@pytest.mark.slow
def test_float32_is_measured_in_float64():
    W = STACK.astype(np.float32)
    for name, values in metrics.geometry(W).items():
        np.testing.assert_array_equal(values, metrics.geometry(W.astype(float))[name])


@pytest.mark.slow
def test_measuring_imports_neither_jax_nor_pandas():
    code = (
        "import sys; from toysup import metrics; metrics.columns(); "
        "print([m for m in ('jax', 'pandas', 'scipy', 'pyarrow') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"

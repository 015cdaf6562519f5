"""The formulas of the sentence encoder, and what is told where its package is not there."""

import numpy as np
import pytest
from scipy.special import softmax

from studies import minilm, words

NAME = "attention"


@pytest.fixture
def fake(monkeypatch):
    """Weights for one self-attention of 24 numbers, and a normalisation."""
    rng = np.random.default_rng(0)
    made = {f"norm.{part}": rng.standard_normal(24) for part in ("weight", "bias")}
    for part in ("query", "key", "value"):
        made[f"{NAME}.{part}.weight"] = rng.standard_normal((24, 24))
        made[f"{NAME}.{part}.bias"] = rng.standard_normal(24)
    monkeypatch.setattr(minilm, "weights", lambda: made)
    return made


def test_attention_is_that_of_each_head_by_itself(fake):
    x = np.random.default_rng(1).standard_normal((2, 3, 24))
    found = minilm.attended(x, NAME)
    parts = {p: minilm.linear(x, f"{NAME}.{p}") for p in ("query", "key", "value")}
    for head in range(minilm.HEADS):
        q, k, v = (parts[p][..., 2 * head : 2 * head + 2] for p in ("query", "key", "value"))
        expected = softmax(q @ k.mT / np.sqrt(2), axis=-1) @ v
        np.testing.assert_allclose(found[..., 2 * head : 2 * head + 2], expected)


def test_equal_keys_give_the_mean_of_the_values(fake):
    fake[f"{NAME}.key.weight"] = np.zeros((24, 24))
    x = np.random.default_rng(1).standard_normal((2, 3, 24))
    values = minilm.linear(x, f"{NAME}.value")
    expected = np.broadcast_to(values.mean(axis=1, keepdims=True), values.shape)
    np.testing.assert_allclose(minilm.attended(x, NAME), expected)


def test_a_normalised_vector_has_no_mean_and_unit_variance(fake):
    fake["norm.weight"], fake["norm.bias"] = np.ones(24), np.zeros(24)
    found = minilm.normalised(3 + 5 * np.random.default_rng(1).standard_normal((4, 24)), "norm")
    np.testing.assert_allclose(found.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(found.std(axis=1), 1)


@pytest.mark.parametrize("study", [minilm, words])
def test_a_package_that_is_not_there_is_a_line(study, monkeypatch):
    monkeypatch.setattr(study, "find_spec", lambda name: None)
    read = {minilm: minilm.archive, words: words.glove}[study]
    read.cache_clear()
    with pytest.raises(SystemExit, match="is not installed: make real installs it"):
        read()

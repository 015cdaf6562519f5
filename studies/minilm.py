"""all-MiniLM-L6-v2, a sentence encoder trained with a contrastive loss: its matrices and codes.

A BERT of six layers that a package carries: fine-tuned with InfoNCE on a billion pairs of
sentences, from a MiniLM that was distilled from a masked language model. Nothing is downloaded, no
code of the package runs, and torch is not needed.

Source: Reimers & Gurevych 2019, "Sentence-BERT"; Wang et al. 2020, "MiniLM"; Devlin et al. 2019,
"BERT", for the formulas; the model card of sentence-transformers/all-MiniLM-L6-v2 for the training.
"""

import json
import zipfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from safetensors.numpy import load
from scipy.special import erf

PACKAGE = "all_minilm_l6_v2"
HEADS, EPSILON = 12, 1e-12
START, END = "[CLS]", "[SEP]"


@cache
def archive() -> zipfile.ZipFile:
    """The files of the model."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{PACKAGE} is not installed: make real installs it.")
    return zipfile.ZipFile(Path(spec.origin).with_name("model.zip"))


@cache
def weights() -> dict[str, np.ndarray]:
    return load(archive().read("model.safetensors"))


@cache
def vocabulary() -> dict[str, int]:
    """The tokens and their numbers. "##" begins one that goes on a word."""
    return json.loads(archive().read("tokenizer.json"))["model"]["vocab"]


def token_embeddings() -> tuple[np.ndarray, list[str]]:
    """The input vectors of tokens, `(tokens, 384)`, and their texts, without those never used."""
    some = {token: place for token, place in vocabulary().items() if not token.startswith("[")}
    table = weights()["embeddings.word_embeddings.weight"]
    return table[list(some.values())], list(some)


def encoded(words: list[str]) -> np.ndarray:
    """The codes of words alone, `(words, 384)`: each is one token in a sentence of its own."""
    w, known = weights(), vocabulary()
    tokens = np.array([[known[START], known[word], known[END]] for word in words])
    x = w["embeddings.word_embeddings.weight"][tokens]
    x = x + w["embeddings.position_embeddings.weight"][:3]
    x = normalised(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for layer in range(6):
        name = f"encoder.layer.{layer}"
        mixed = linear(attended(x, f"{name}.attention.self"), f"{name}.attention.output.dense")
        x = normalised(x + mixed, f"{name}.attention.output.LayerNorm")
        inner = linear(x, f"{name}.intermediate.dense")
        inner = inner * (1 + erf(inner / np.sqrt(2))) / 2
        x = normalised(x + linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")
    return x.mean(axis=1)


def linear(x: np.ndarray, name: str) -> np.ndarray:
    weight = weights()[f"{name}.weight"]
    flat = x.reshape(-1, x.shape[-1]) @ weight.T  # one product is quicker than one a sentence
    return flat.reshape(*x.shape[:-1], -1) + weights()[f"{name}.bias"]


def normalised(x: np.ndarray, name: str) -> np.ndarray:
    centred = x - x.mean(axis=-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON)
    return scaled * weights()[f"{name}.weight"] + weights()[f"{name}.bias"]


def attended(x: np.ndarray, name: str) -> np.ndarray:
    """Self-attention over the tokens of each sentence, `(sentences, tokens, 384)`."""
    count, tokens, width = x.shape
    query, key, value = (
        linear(x, f"{name}.{part}").reshape(count, tokens, HEADS, -1).transpose(0, 2, 1, 3)
        for part in ("query", "key", "value")
    )
    scores = query @ key.transpose(0, 1, 3, 2) / np.sqrt(width / HEADS)
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    return (shares @ value).transpose(0, 2, 1, 3).reshape(count, tokens, width)

"""Real representations, judged: `python -m studies.real` writes runs/real/ and docs/real/.

Each study has its verdict in the table of docs/real.md, between two marks, and its picture beside
it. The paragraphs are written by hand, and say what the numbers were when they were written.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from studies import digits, minilm, words
from toysup.files.publish import replace_file
from toysup.matrices.judge import Judged, judge
from toysup.matrices.matrix import COLUMNS, ROWS, Matrix, oriented
from toysup.reports import image
from toysup.reports.directions import figures, page
from toysup.reports.words import decimals
from toysup.verdict import jsonable

FOLDER = Path("runs/real")
DOCUMENT = Path("docs/real.md")
MARKS = "<!-- table: made by make real -->", "<!-- end of table -->"
MOST_ENCODED = 5000  # words
HEAD = ("directions", "trained by", "verdict", "without its mean", "T", "P")


@dataclass(frozen=True)
class Study:
    """Matrices of one kind, `(m, n)`; of several, each is a seed."""

    name: str
    title: str
    trained: str
    matrices: Callable[[], list[Matrix]]
    data: Callable[[], Matrix | None] = lambda: None
    against: Callable[[], Matrix | None] = lambda: None


def named(name: str, rows: np.ndarray, names: list[str]) -> Matrix:
    return Matrix(name, oriented(name, rows, ROWS).W, tuple(names))


def common() -> list[str]:
    """The most frequent words of GloVe that are one token of the sentence encoder."""
    known = minilm.vocabulary()
    return [w for w in words.glove()[1] if w.isalpha() and w in known][:MOST_ENCODED]


@cache
def codes() -> Matrix:
    """The sentence encoder's codes of the common words."""
    return named("MiniLM's codes", minilm.encoded(common()), common())


def of_common(rows: np.ndarray, texts: list[str], name: str) -> Matrix:
    places = {text: i for i, text in enumerate(texts)}
    some = common()
    return named(name, rows[[places[word] for word in some]], some)


def of_digits(make: Callable[[], list[np.ndarray]]) -> Callable[[], list[Matrix]]:
    return lambda: [oriented(f"seed {i}", W, COLUMNS) for i, W in enumerate(make())]


def samples() -> Matrix:
    return oriented("digits", digits.pictures()[0], ROWS)


STUDIES = (
    Study(
        "minilm-tokens",
        "MiniLM, input vectors of tokens",
        "contrast of sentences, after distillation",
        lambda: [named("tokens", *minilm.token_embeddings())],
    ),
    Study(
        "minilm-words",
        "MiniLM, codes of single words",
        "contrast of sentences, after distillation",
        lambda: [codes()],
        against=lambda: of_common(*minilm.token_embeddings(), "the input vectors"),
    ),
    Study(
        "glove",
        "GloVe, vectors of words",
        "fit to co-occurrence counts",
        lambda: [named("words", *words.glove())],
    ),
    Study(
        "glove-words",
        "GloVe, the words that MiniLM was given",
        "fit to co-occurrence counts",
        lambda: [of_common(*words.glove(), "words")],
        against=codes,
    ),
    Study(
        "digits-pca",
        "Digits, principal components",
        "reconstruction",
        of_digits(digits.principal_components),
        samples,
    ),
    Study(
        "digits-dictionary",
        "Digits, sparse dictionary",
        "reconstruction, sparse codes",
        of_digits(digits.sparse_dictionary),
        samples,
    ),
    Study(
        "digits-nmf",
        "Digits, non-negative factors",
        "reconstruction, non-negative",
        of_digits(digits.nonnegative_factors),
        samples,
    ),
    Study(
        "digits-mse",
        "Digits, pixels under toysup's mse",
        "reconstruction",
        of_digits(digits.encoder("mse", FOLDER)),
        samples,
    ),
    Study(
        "digits-infonce",
        "Digits, pixels under toysup's infonce",
        "contrast of masked views",
        of_digits(digits.encoder("infonce", FOLDER)),
        samples,
    ),
    Study(
        "digits-softmax",
        "Digits, pixels under toysup's softmax",
        "naming the largest pixel",
        of_digits(digits.encoder("softmax", FOLDER)),
        samples,
    ),
    Study(
        "digits-classifier",
        "Digits, pixels under a classifier",
        "naming the digit",
        of_digits(digits.classifier),
        samples,
    ),
)


def judged(study: Study) -> Judged:
    """The verdict on a study, with its picture drawn."""
    [found] = judge({study.title: study.matrices()}, against=study.against(), data=study.data())
    picture = DOCUMENT.with_suffix("") / f"{study.name}.png"
    picture.parent.mkdir(exist_ok=True)
    image.write(figures.figure(found, figures.cosines, figures.spectrum), picture)
    return found


def row(study: Study, found: Judged) -> str:
    centred, v = found.verdict_without_mean, found.verdict
    cells = (
        study.title,
        study.trained,
        v.label.value,
        centred.label.value if centred else "",
        decimals(v.squared_interference.value),
        decimals(v.positive_interference.value),
    )
    return f"| {' | '.join(cells)} |"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    found = []
    for study in STUDIES:
        found.append(judged(study))
        print(row(study, found[-1]), flush=True)
    page.write(found, [], FOLDER / "report.html")
    text = json.dumps([jsonable(one) for one in found], indent=1)
    replace_file(FOLDER / "results.json", text.encode())
    table = [f"| {' | '.join(HEAD)} |", "|---" * len(HEAD) + "|", *map(row, STUDIES, found)]
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    whole = "\n".join([before + MARKS[0], *table, MARKS[1] + after])
    replace_file(DOCUMENT, whole.encode())
    print(f"Page: {FOLDER / 'report.html'}")


if __name__ == "__main__":
    main()

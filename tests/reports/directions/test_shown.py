"""A judged matrix as a page and as Markdown: what the terminal says, and its pictures."""

import re

import numpy as np
import pytest

from tests.reports.markdown.rendered import ELEMENTS, Page
from toysup.geometry import polygon, random_directions
from toysup.matrices.judge import judge
from toysup.matrices.matrix import Matrix
from toysup.reports.directions import figures, page
from toysup.reports.markdown.directions import directions as in_markdown

HOSTILE = "<script>alert(1)</script> [x](y) | *b* @me"


@pytest.fixture(scope="module")
def found():
    rng = np.random.default_rng(0)
    W = random_directions(rng, 1, 12, 80)[0]
    W[0] += 0.5
    names = tuple(HOSTILE if i == 0 else str(i) for i in range(80))
    one = Matrix(HOSTILE, W, names, drawn_from=100)
    data = Matrix("samples", rng.standard_normal((12, 3000)))
    other = Matrix("other", random_directions(rng, 1, 5, 80)[0])
    return [
        *judge({HOSTILE: [one]}, against=other, data=data),
        *judge({"pentagon": [Matrix("it", polygon(5))]}),
    ]


@pytest.mark.long
def test_a_page_has_the_verdicts_the_pictures_and_nothing_from_elsewhere(found):
    html = page.render(found, ["guessed"])
    assert html.count("<svg") == 6  # three for each group
    assert "minimising" in html
    assert "Without its mean" in html
    assert "What the data force" in html
    assert "The same pairs" in html
    assert "guessed" in html
    assert not re.search(r"(src|href)=\"(?!#)", html)
    assert "<script" not in html
    assert page.render(found, ["guessed"]) == html


@pytest.mark.slow
def test_markdown_shows_texts_as_they_are(found):
    text = in_markdown(found, ["guessed"])
    assert "| pentagon | minimising |" in text
    assert "±" in text
    shown = Page(text)
    assert shown.elements <= ELEMENTS
    assert any(HOSTILE in " ".join(row) for row in shown.rows)


@pytest.mark.long
@pytest.mark.parametrize(("r", "m"), [(400, 40), (200, 400)])
def test_the_spectrum_of_random_directions_is_as_marchenko_and_pastur_say(r, m):
    U = random_directions(np.random.default_rng(0), 20, m, r)
    drawn = np.linalg.eigvalsh(U @ U.mT)[:, ::-1].mean(axis=0)
    np.testing.assert_allclose(figures.random_spectrum(r, m), drawn, atol=0.06 * r / m)


def test_a_matrix_without_pairs_has_no_picture():
    one = np.zeros((3, 4))
    one[0, 0] = 1
    html = page.render(judge({"one": [Matrix("one", one)]}))
    assert "<svg" not in html
    assert "undefined" in html

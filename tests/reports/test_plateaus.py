"""The pictures of the paper's geometry show what is in the results."""

from types import SimpleNamespace

import numpy as np
import pytest

from tests.reports.conftest import made
from toysup.geometry import antipodal_pairs, polygon
from toysup.metrics import geometry
from toysup.reports import image
from toysup.reports.pictures import dimensionality, plateaus
from toysup.reports.pictures._density import panels


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """Two densities of mse, of which the second seed has the lower loss, and one of infonce."""
    five = np.zeros((2, 5))
    pairs, alone = five.copy(), five.copy()
    pairs[:, :4], alone[:, :2] = antipodal_pairs(2), np.eye(2)
    contrast = {"objective": "infonce", "views": "mask", "feature_probability": 0.1}
    groups = [
        ([pairs, alone], {"feature_probability": 0.8}),
        ([polygon(5), pairs], {"feature_probability": 0.25}),
        ([3 * polygon(5)] * 2, contrast),
    ]
    found = []
    for matrices, case in groups:
        measured = [geometry(W) for W in matrices]
        columns = {
            name: np.array([each[name] for each in measured])
            for name in ("dimensions_per_feature", "n_represented", "n_active")
        }
        columns |= {
            n: np.array([each[n] for each in measured]) for n in ("norms", "dimensionality")
        }
        found.append((matrices, case | columns))
    folder = tmp_path_factory.mktemp("runs") / "plateaus"
    return made(folder, *found).results().to_pandas()


@pytest.mark.slow
def test_an_autoencoders_features_are_counted_by_norm_at_the_lowest_loss(rows):
    mse = plateaus.curves(rows)[0]
    assert (mse.name, mse.counted) == ("mse", "m / |W|²")
    np.testing.assert_allclose(mse.x, [1.25, 4])
    np.testing.assert_allclose(mse.best, [1, 1 / 2])
    every = [(1.25, 0.5), (1.25, 1), (4, 0.4), (4, 0.5)]
    np.testing.assert_allclose(sorted(mse.every), every)


def test_a_contrastive_codes_features_are_counted_whatever_its_scale(rows):
    [_, infonce] = plateaus.curves(rows)
    assert (infonce.name, infonce.counted) == ("infonce, mask views", "m / r")
    np.testing.assert_allclose(infonce.best, [2 / 5])


def test_every_feature_of_the_lowest_loss_restart_is_a_dot(rows):
    some = dimensionality.points(panels(rows)["mse"])
    assert len(some) == 2 * 5
    np.testing.assert_allclose(some["D"], [1, 1, 0, 0, 0, *[1 / 2] * 4, 0])
    assert some["represented"].tolist() == (some["D"] > 0).tolist()
    np.testing.assert_allclose(some["x"], [1.25] * 5 + [4] * 5)


def test_columns_of_dots_do_not_touch():
    x = np.repeat([1.0, 2.0, 4.0], 100)
    moved = dimensionality.spread(x)
    assert moved[:100].max() < moved[100:200].min() < moved[100:200].max() < moved[200:].min()
    np.testing.assert_allclose(np.exp(np.log(moved).reshape(3, 100).mean(axis=1)), [1, 2, 4], 0.01)


@pytest.mark.slow
@pytest.mark.parametrize(
    "picture",
    [plateaus.Plateaus(), dimensionality.Dimensionality()],
    ids=lambda picture: type(picture).__name__,
)
def test_the_pictures_are_drawn_and_name_their_lines(rows, picture):
    svg = image.svg(picture.draw(SimpleNamespace(rows=rows)))
    words = {
        plateaus.Plateaus: ["antipodal pairs", "m / |W|²"],
        dimensionality.Dimensionality: ["3/4  tetrahedron", "3/8"],
    }
    for word in words[type(picture)]:
        assert word in svg

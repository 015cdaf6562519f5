"""`toysup.judge_directions`: arrays of a notebook."""

import jax.numpy as jnp
import numpy as np
import pytest

import toysup
from toysup.errors import ToysupError
from toysup.geometry import polygon
from toysup.spec.label import Label


class Tensor:
    """What toysup knows of torch's."""

    dtype = "torch.float32"

    def __init__(self, values):
        self.values = values

    def detach(self):
        return self

    def cpu(self):
        return self

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.values, dtype)


class Brief(Tensor):
    """One of bfloat16, which becomes an array only as float32."""

    dtype = "torch.bfloat16"

    def float(self):
        return Tensor(self.values)

    def __array__(self, dtype=None, copy=None):
        raise TypeError("Got unsupported ScalarType BFloat16")


def brief(values):
    return jnp.asarray(values, jnp.bfloat16)


@pytest.mark.parametrize("kind", [np.asarray, jnp.asarray, brief, Tensor, Brief])
def test_arrays_of_each_kind_are_judged(kind):
    found = toysup.judge_directions(kind(polygon(5)))
    assert found.verdict.label == Label.MINIMISING
    assert "<b>minimising</b>" in found._repr_html_()
    assert repr(found).startswith("<Judged W: minimising. T = 0.000 is below random directions")


def test_a_list_has_the_seeds_of_one_condition():
    noise = np.random.default_rng(0).standard_normal((6, 2, 5)) * 0.01
    found = toysup.judge_directions([polygon(5) + one for one in noise], axis="columns")
    assert found.verdict.seeds == 6
    with pytest.raises(ToysupError, match="have other sizes: 4 x 2, 5 x 2"):
        toysup.judge_directions([polygon(5), polygon(4)], axis="columns")


def test_an_axis_of_another_name_is_a_line():
    with pytest.raises(ToysupError, match=r"W 0: axis both: must be rows or columns\."):
        toysup.judge_directions(polygon(5), axis="both")


def test_names_are_shown_and_text_in_them_is_no_html():
    names = ["<b>", "b", "c", "d", "e"]
    found = toysup.judge_directions(polygon(5), names=names)
    assert found.matrices[0].cosines.closest[0][:2] == ("<b>", "b")
    with pytest.raises(ToysupError, match="names: has 1 names, and W 0 5 directions"):
        toysup.judge_directions(polygon(5), names=["a"])


def test_another_matrix_of_the_same_features_is_compared_with_each():
    turned = np.array([[0.0, -1.0], [1.0, 0.0]]) @ polygon(5)
    found = toysup.judge_directions(
        [polygon(5), polygon(5)], axis="columns", against=Tensor(turned)
    )
    assert [one.correlation for one in found.agreements] == pytest.approx([1, 1])
    assert "1.000 (p = " in found._repr_html_()
    assert toysup.judge_directions(polygon(5)).agreements == ()


@pytest.mark.slow
def test_samples_of_the_features_are_what_a_matrix_is_held_against():
    samples = np.random.default_rng(0).standard_normal((500, 5))
    found = toysup.judge_directions(polygon(5), features=jnp.asarray(samples))
    assert found.forced[0].samples == 500
    assert "<td>below</td>" in found._repr_html_()
    assert found.forced[0].side("positive_interference") == "below"

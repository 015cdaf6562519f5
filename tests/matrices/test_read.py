"""Every reader gives numpy's numbers, and what cannot be read is a line."""

import json
import struct

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import save_file

from toysup.errors import RefusedError, ToysupError
from toysup.matrices.groups import drawn, judge_files
from toysup.matrices.read import matrices

W = np.random.default_rng(0).standard_normal((3, 40)).astype(np.float32)


def read(path, *arguments, **keywords):
    [one] = matrices(path, *arguments, **keywords)
    return one


def test_big_endian_doubles_keep_their_precision(tmp_path):
    exact = np.random.default_rng(1).standard_normal((3, 40))
    np.save(tmp_path / "a.npy", exact.astype(">f8"))
    np.testing.assert_array_equal(read(tmp_path / "a.npy").W, exact)


@pytest.mark.parametrize(
    "array",
    [W, W.astype(np.float64), np.asfortranarray(W), W.astype(">f4"), W.T, W.astype(np.float16)],
    ids=["float32", "float64", "Fortran", "big-endian", "transposed", "float16"],
)
def test_a_matrix_of_numpy_has_its_directions_along_the_longer_side(tmp_path, array):
    np.save(tmp_path / "a.npy", array)
    found = read(tmp_path / "a.npy")
    np.testing.assert_allclose(found.W, W, rtol=2e-3)
    assert "40 of 3 dimensions" in found.said


def test_an_archive_gives_the_array_that_is_asked_for(tmp_path):
    np.savez(tmp_path / "a.npz", encoder=W, decoder=2 * W)
    np.testing.assert_array_equal(read(tmp_path / "a.npz", "decoder").W, 2 * W)
    with pytest.raises(ToysupError, match=r"holds 2 arrays\. Choose one with --key: encoder, dec"):
        read(tmp_path / "a.npz")
    with pytest.raises(ToysupError, match=r"has no coder\. There are: encoder, decoder\."):
        read(tmp_path / "a.npz", "coder")


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_a_row_of_a_table_is_a_direction_and_its_text_the_name(tmp_path, suffix):
    frame = pd.DataFrame(W.T, columns=["x", "y", "z"])
    frame.insert(0, "word", [f"w{i}" for i in range(40)])
    path = tmp_path / f"a.{suffix}"
    frame.to_parquet(path) if suffix == "parquet" else frame.to_csv(path, index=False)
    found = read(path)
    np.testing.assert_allclose(found.W, W, rtol=1e-6)
    assert found.names[:2] == ("w0", "w1")


def test_a_list_column_has_a_direction_in_each_row(tmp_path):
    pd.DataFrame({"vector": list(W.T)}).to_parquet(tmp_path / "a.parquet")
    np.testing.assert_array_equal(read(tmp_path / "a.parquet").W, W)


def test_a_row_of_a_list_column_without_numbers_is_a_line(tmp_path):
    path, most = tmp_path / "a.parquet", list(W.T[:-1])
    nested = [[[1.0, 2.0, 3.0]]] * 40
    bad = (
        ([*most, None], "no list of numbers in row 39"),
        (nested, "row 0"),
        ([*most, [1.0]], "lists of 2 lengths"),
    )
    for vectors, says in bad:
        pd.DataFrame({"vector": vectors}).to_parquet(path)
        with pytest.raises(ToysupError, match=says):
            read(path)


@pytest.mark.parametrize("header", [["x", "y", "z"], ["0", "1", "2"], None])
def test_a_csv_file_has_the_names_of_its_columns_or_none(tmp_path, header):
    pd.DataFrame(W.T, columns=header).to_csv(
        tmp_path / "a.csv", index=False, header=header is not None
    )
    np.testing.assert_allclose(read(tmp_path / "a.csv").W, W, rtol=1e-6)


@pytest.mark.parametrize("header", [True, False])
def test_words_that_mean_something_to_pandas_are_names(tmp_path, header):
    words = ["null", "NA", "1984", *(f"w{i}" for i in range(37))]
    frame = pd.DataFrame(W.T, columns=list("xyz"))
    frame.insert(0, "word", words)
    frame.to_csv(tmp_path / "a.csv", index=False, header=header)
    assert read(tmp_path / "a.csv").names == tuple(words)


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_an_index_of_words_has_the_names(tmp_path, suffix):
    frame = pd.DataFrame(W.T, columns=list("xyz"), index=[f"w{i}" for i in range(40)])
    path = tmp_path / f"a.{suffix}"
    frame.to_parquet(path) if suffix == "parquet" else frame.to_csv(path)
    found = read(path)
    assert found.names[:2] == ("w0", "w1")
    np.testing.assert_allclose(found.W, W, rtol=1e-6)


def test_an_index_and_a_damaged_column_are_no_dimensions(tmp_path):
    path, frame = tmp_path / "a.csv", pd.DataFrame(W.T, columns=list("xyz"))
    frame.to_csv(path)
    with pytest.raises(ToysupError, match="column Unnamed: 0 that counts its rows"):
        read(path)
    frame.insert(3, "place", range(7, 47))
    frame.to_csv(path, index=False)
    with pytest.raises(ToysupError, match="column place that counts its rows"):
        read(path)
    frame["place"] = ["1.5x", *map(str, W[0, 1:])]
    frame.to_csv(path, index=False)
    with pytest.raises(ToysupError, match="column place that is not of numbers alone"):
        read(path)


def test_a_csv_file_without_an_end_is_said_to_be_cut_and_other_texts_left_out(tmp_path):
    frame = pd.DataFrame(W.T, columns=list("xyz"))
    frame["word"], frame["kind"] = [f"w{i}" for i in range(40)], "noun"
    path = tmp_path / "a.csv"
    frame.to_csv(path, index=False)
    assert read(path).said == "Columns of texts that are left out: kind."
    path.write_bytes(path.read_bytes()[:-1])
    assert read(path).said.startswith("Its last line has no end: it may be cut short.")


@pytest.mark.slow
def test_the_rows_of_a_run_are_matrices_and_seeds_of_their_condition(tmp_path):
    rows = [
        {"W": W.ravel(), "d_hidden": 3, "n_features": 40, "condition": c, "directions": "encoder"}
        | {"seed": seed, "objective": "mse" if c else "infonce"}
        for c in (0, 1)
        for seed in (0, 1)
    ]
    pd.DataFrame(rows).to_parquet(tmp_path / "results.parquet")
    found = list(matrices(tmp_path / "results.parquet", where=["objective=mse"]))
    assert len(found) == 2
    np.testing.assert_allclose(found[1].W, W)
    judged, _ = judge_files([tmp_path / "results.parquet"])
    assert [(one.group.partition(", ")[2], one.verdict.seeds) for one in judged] == [
        ("condition 0, encoder", 2),
        ("condition 1, encoder", 2),
    ]
    with pytest.raises(ToysupError, match=r"no row has it\. There are: infonce, mse\."):
        list(matrices(tmp_path / "results.parquet", where=["objective=vae"]))


BAD = {
    "one axis": (np.ones(5), r"has the shape 5\. Directions are a matrix, of two axes\."),
    "no axis": (np.array(1.0), "has the shape a single number"),
    "four axes": (np.ones((2, 2, 2, 2)), "has the shape 2 x 2 x 2 x 2"),
    "square": (np.ones((5, 5)), "is 5 x 5: say with --axis whether rows or columns are dir"),
    "complex": (np.ones((2, 9), complex), "holds complex numbers"),
    "integer": (np.ones((2, 9), int), r"holds int64s\. Directions are floats"),
    "one dimension": (np.ones((1, 9)), "has 9 directions of 1 dimensions"),
    "no dimension": (np.ones((0, 9)), "has 9 directions of 0 dimensions"),
    "infinity": (
        np.where(np.arange(18) == 5, np.inf, 1.0).reshape(9, 2),
        "1 of 18 entries are not",
    ),
    "boolean": (np.ones((2, 9), bool), "holds bools"),
    "texts": (np.full((2, 9), "a"), "holds texts"),
    "dates": (np.zeros((2, 9), "M8[s]"), "holds datetime64"),
    "records": (np.zeros((2, 9), [("a", "f4")]), "holds records"),
    "NaN": (np.where(np.arange(18) == 4, np.nan, 1.0).reshape(9, 2), "1 of 18 entries are not fin"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_matrix_of_directions_is_a_line(tmp_path, name):
    array, says = BAD[name]
    np.save(tmp_path / "a.npy", array)
    with pytest.raises(ToysupError, match=says) as caught:
        read(tmp_path / "a.npy")
    assert "\n" not in str(caught.value)


def test_the_place_of_what_is_not_finite_is_told(tmp_path):
    np.save(tmp_path / "a.npy", BAD["NaN"][0])
    with pytest.raises(ToysupError, match="the first in dimension 0 of direction 2"):
        read(tmp_path / "a.npy")


@pytest.mark.parametrize("suffix", ["npy", "npz", "parquet", "csv"])
def test_a_file_that_is_cut_short_is_a_line(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    if suffix == "npy":
        np.save(path, W)
    elif suffix == "npz":
        np.savez(path, a=W)
    else:
        pd.DataFrame(W.T).rename(columns=str).to_parquet(path)
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(ToysupError, match=r"cannot be read|fewer than two"):
        read(path)


def test_formats_and_arrays_that_run_code_are_refused(tmp_path):
    (tmp_path / "a.pt").write_bytes(b"")
    with pytest.raises(ToysupError, match=r"\.pt files run code .* torch\.load it and save"):
        read(tmp_path / "a.pt")
    np.save(tmp_path / "a.npy", np.array([{}, 1], dtype=object), allow_pickle=True)
    with pytest.raises(ToysupError, match="holds Python objects, which run code"):
        read(tmp_path / "a.npy")


@pytest.mark.slow
def test_what_is_too_large_is_refused_and_a_sample_of_it_judged(tmp_path, monkeypatch):
    np.save(tmp_path / "a.npy", np.random.default_rng(0).standard_normal((400, 8)))
    monkeypatch.setattr("toysup.matrices.groups.SPEED", 1000)
    with pytest.raises(RefusedError, match=r"would take about \d+ minutes\. Judge some of them"):
        judge_files([tmp_path / "a.npy"])
    monkeypatch.undo()
    [found], said = judge_files([tmp_path / "a.npy"], sample=50)
    assert found.matrices[0].directions == 50
    assert "50 of 400 directions, drawn at random." in said[0]


def test_names_of_another_number_and_groups_that_match_nothing_are_a_line(tmp_path):
    np.save(tmp_path / "a.npy", W)
    (tmp_path / "names").write_text("one\ntwo\n")
    with pytest.raises(ToysupError, match=r"has 2 names, and .* 40 directions"):
        judge_files([tmp_path / "a.npy"], names=tmp_path / "names")
    with pytest.raises(ToysupError, match="does not match --group layer"):
        judge_files([tmp_path / "a.npy"], group="layer")
    with pytest.raises(ToysupError, match="is no regular expression"):
        judge_files([tmp_path / "a.npy"], group="(")


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("F32", W.tobytes(), W),
        ("F64", W.astype("<f8").tobytes(), W),
        ("F16", W.astype("<f2").tobytes(), W.astype("<f2")),
        # The upper half of float32: a power of two and its neighbours are exact in it.
        ("BF16", (np.ones((3, 40), "<f4") * 1.5).view("<u4").__rshift__(16).astype("<u2"), 1.5),
    ],
)
def test_tensors_of_each_float_are_read(tmp_path, kind, data, expected):
    data = bytes(data)
    about = {"decoder": {"dtype": kind, "shape": [3, 40], "data_offsets": [0, len(data)]}}
    header = json.dumps(about).encode()
    path = tmp_path / "a.safetensors"
    path.write_bytes(struct.pack("<Q", len(header)) + header + data)
    np.testing.assert_array_equal(read(path).W, np.broadcast_to(expected, (3, 40)))


def test_only_the_tensor_that_is_asked_for_must_be_of_floats(tmp_path):
    path = tmp_path / "a.safetensors"
    about = {
        "decoder": {"dtype": "F32", "shape": [3, 40], "data_offsets": [0, 480]},
        "small": {"dtype": "F8_E4M3", "shape": [3, 40], "data_offsets": [480, 600]},
    }
    header = json.dumps(about).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header + W.tobytes() + bytes(120))
    np.testing.assert_array_equal(read(path, "decoder").W, W)
    with pytest.raises(ToysupError, match=r"small: holds F8_E4M3\. Directions are floats"):
        read(path, "small")


def test_a_file_of_tensors_that_is_cut_short_is_a_line(tmp_path):
    save_file({"decoder": W}, tmp_path / "a.safetensors")
    path = tmp_path / "a.safetensors"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(ToysupError, match="cannot be read"):
        read(path)


def test_one_direction_is_a_line(tmp_path):
    np.save(tmp_path / "a.npy", np.ones((1, 9)))
    with pytest.raises(ToysupError, match="has 1 directions of 9 dimensions"):
        read(tmp_path / "a.npy", axis="rows")


@pytest.mark.slow
def test_a_file_of_ten_gigabytes_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr("toysup.matrices.groups.memory", lambda: 2**30)
    path = tmp_path / "a.npy"
    shape = (2_500_000, 1000)
    with path.open("wb") as file:  # with a hole instead of its ten gigabytes
        about = {"descr": "<f4", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, about)
        start = file.tell()
        file.truncate(start + 4 * shape[0] * shape[1])
    with pytest.raises(RefusedError, match=r"2,500,000 directions of 1,000 dimensions would take"):
        judge_files([path])
    np.save(tmp_path / "few.npy", np.random.default_rng(0).standard_normal((2100, 1000)))
    with pytest.raises(
        RefusedError, match=r"2,500,000 samples of 1,000 numbers would need about 40 GB of memory"
    ):
        judge_files([tmp_path / "few.npy"], features=path)
    some = drawn(shape[0], 50, 0)
    with path.open("r+b") as file:
        for place in some.tolist():
            file.seek(start + 4 * shape[1] * place)
            file.write(np.random.default_rng(place).standard_normal(1000, np.float32).tobytes())
    [found], said = judge_files([path], sample=50)
    assert found.matrices[0].directions == 50
    assert "50 of 2,500,000 directions, drawn at random." in said[0]


@pytest.mark.parametrize("suffix", ["npz", "safetensors", "csv", "parquet"])
def test_a_file_that_is_read_whole_and_does_not_fit_is_refused(tmp_path, monkeypatch, suffix):
    monkeypatch.setattr("toysup.matrices.read.memory", lambda: 1000)
    (tmp_path / f"a.{suffix}").write_bytes(bytes(300))
    with pytest.raises(
        RefusedError, match=r"has 0\.0 GB, and would need about 0 GB of memory\. Sav"
    ):
        read(tmp_path / f"a.{suffix}")


@pytest.mark.slow
def test_names_of_all_directions_are_those_of_a_sample(tmp_path):
    np.save(tmp_path / "a.npy", np.random.default_rng(0).standard_normal((40, 3)))
    (tmp_path / "names").write_text("\n".join(f"w{i}" for i in range(40)))
    [found], _ = judge_files([tmp_path / "a.npy"], names=tmp_path / "names", sample=10)
    places = drawn(40, 10, 0)
    [unnamed], _ = judge_files([tmp_path / "a.npy"], sample=10)
    for one, mark in ((found, "w"), (unnamed, "")):
        said = {name for pair in one.matrices[0].cosines.closest for name in pair[:2]}
        assert said <= {f"{mark}{i}" for i in places}

"""`toysup judge`: what it prints, its exit codes, and files that are not what they seem."""

import contextlib
import json
from functools import partial

import numpy as np
import pytest

from tests.commands import run
from toysup.errors import ToysupError
from toysup.geometry import polygon
from toysup.matrices.read import matrices


@pytest.fixture
def toysup(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    np.save("pentagon.npy", polygon(5))

    return partial(run, monkeypatch, capsys, "judge")


@pytest.mark.slow
def test_a_matrix_gets_its_verdict_and_what_was_guessed_is_said(toysup):
    code, out, err = toysup("pentagon.npy")
    assert (code, err) == (0, "")
    assert "The columns are taken for directions: 5 of 2 dimensions." in out
    assert "As it is: minimising." in out
    assert "0.764" in out  # Levenshtein's bound


def test_all_of_it_is_json(toysup):
    code, out, err = toysup("pentagon.npy", "--json")
    assert (code, err) == (0, "")
    [found] = json.loads(out)
    assert found["verdict"]["label"] == "minimising"
    assert sum(found["matrices"][0]["cosines"]["histogram"]) == 10
    assert found["matrices"][0]["spectrum"] == pytest.approx([2.5, 2.5])


def test_text_in_names_is_shown_and_not_obeyed(toysup, tmp_path):
    (tmp_path / "names").write_text("a\x1b[31mb\n\u202ec\n[bold]d\n<b>\n=e\n", encoding="utf-8")
    _, out, _ = toysup("pentagon.npy", "--names", "names")
    assert r"a\x1b[31mb" in out
    assert r"\u202ec and [bold]d" in out
    assert not set(out) & {"\x1b", "\u202e"}


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["gone.npy"], 2, "gone.npy: there is no such file."),
        (["pentagon.npy", "--axis", "both"], 2, "--axis both: must be rows or columns."),
        (["pentagon.npy", "--where", "a=1"], 2, "--where chooses rows of a run's results"),
        (["names.txt"], 2, "is not of a format that is read"),
    ],
)
def test_a_users_mistake_is_a_line(toysup, tmp_path, words, code, says):
    (tmp_path / "names.txt").write_text("a\n")
    ended, out, err = toysup(*words)
    assert (ended, out, err.count("\n")) == (code, "", 1)
    assert says in err


@pytest.mark.some(2)
@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["npy", "npz", "csv", "safetensors"])
def test_a_file_with_flipped_bits_is_read_or_refused_in_a_line(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    W = np.random.default_rng(0).standard_normal((3, 12)).astype(np.float32)
    if suffix == "npy":
        np.save(path, W)
    elif suffix == "npz":
        np.savez(path, W=W)
    elif suffix == "csv":
        np.savetxt(path, W.T, delimiter=",", header="x,y,z", comments="")
    else:
        from safetensors.numpy import save_file

        save_file({"W": W}, path)
    whole, rng = bytearray(path.read_bytes()), np.random.default_rng(1)
    for _ in range(300):
        data = whole.copy()
        for place in rng.integers(len(data), size=rng.integers(1, 4)):
            data[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(data[: len(data) if rng.random() < 0.7 else int(rng.integers(len(data)))])
        with contextlib.suppress(ToysupError):
            for found in matrices(path):
                assert np.isfinite(found.W).all()


def test_a_second_matrix_is_said_to_have_the_same_pairs(toysup):
    np.save("other.npy", 3 * polygon(5)[:, ::-1])  # the same pentagon, numbered backwards
    code, out, _ = toysup("pentagon.npy", "--against", "other.npy")
    assert code == 0
    assert "Rank correlation of the pairs' cosines with other.npy, over 5 features: 1.000." in out
    np.save("other.npy", polygon(7))
    code, _, err = toysup("pentagon.npy", "--against", "other.npy")
    assert (code, err.count("\n")) == (2, 1)
    assert "has 7 directions, and pentagon.npy 5" in err


@pytest.mark.slow
def test_what_samples_of_the_features_force_is_a_table_and_a_sentence(toysup):
    np.save("samples.npy", np.random.default_rng(0).standard_normal((500, 5)))
    code, out, _ = toysup("pentagon.npy", "--features", "samples.npy")
    assert code == 0
    assert "whitened" in out
    assert "The P is below that of all these directions" in out.replace("\n  ", " ")
    _, out, _ = toysup("pentagon.npy", "--features", "samples.npy", "--json")
    assert json.loads(out)[0]["forced"][0]["own"]["positive_interference"] == pytest.approx(
        0.190983
    )


@pytest.mark.slow
def test_a_page_is_written_beside_what_is_printed(toysup, tmp_path):
    code, out, _ = toysup("pentagon.npy", "--markdown", "--html", "page.html")
    assert code == 0
    assert "| pentagon.npy | minimising |" in out
    assert "<svg" in (tmp_path / "page.html").read_text(encoding="utf-8")
    code, out, err = toysup("pentagon.npy", "--html", "gone/page.html")
    assert (code, out, err.count("\n")) == (2, "", 1)
    code, _, err = toysup("pentagon.npy", "--json", "--markdown")
    assert "are forms of the same output" in err


@pytest.mark.slow
def test_what_a_sample_says_of_all_has_its_error(toysup):
    np.save("many.npy", np.random.default_rng(0).standard_normal((8, 400)))
    _, out, _ = toysup("many.npy", "--sample", "100")
    assert "a sample of 400, and the verdict is about the sample" in out
    assert out.count("±") >= 10
    assert "at least 0.9" in out  # the coherence
    _, out, _ = toysup("many.npy", "--sample", "100", "--json")
    whole = json.loads(out)[0]["matrices"][0]["whole"]
    assert whole["index"]["low"]["error"] > 0
    assert whole["close"]["number"]["error"] > 0
    assert whole["coherence"] > 0.9


@pytest.mark.slow
def test_repeats_are_counted_and_the_verdict_without_them_is_a_line(toysup):
    np.save("twice.npy", np.concatenate([polygon(5), polygon(5)], axis=1))
    _, out, _ = toysup("twice.npy")
    assert "As it is: sharing." in out
    assert "5 columns repeat another one, bit for bit." in out
    assert "Without repeats the verdict is minimising:" in out


@pytest.mark.slow
def test_samples_are_held_beside_every_seed(toysup):
    for i, turn in enumerate((0.0, 0.1, 0.2)):
        turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        np.save(f"seed{i}.npy", turned @ polygon(5))
    np.save("samples.npy", np.random.default_rng(0).standard_normal((500, 5)))
    files = [f"seed{i}.npy" for i in range(3)]
    code, out, _ = toysup(*files, "--group", "seed", "--features", "samples.npy", "--markdown")
    assert code == 0
    assert "The P is below that of all these directions in 3 of 3 matrices" in out
    assert "these matrices, median" in out

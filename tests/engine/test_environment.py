"""Variables of the environment change no result, or are refused in one line that names them."""

import multiprocessing
import os
import subprocess
import sys

import pytest

from toysup import cli
from toysup.__main__ import called
from toysup.errors import REFUSED

SWEEP = """
seeds = 2
[model]
n_features = 5
d_hidden = 2
[train]
steps = 6
batch_size = 16
[features.independent]
feature_probability = 0.1
[objective.mse]
"""
# What people have set for other work of theirs, or what a scheduler or a notebook sets.
HARMLESS = {
    "COLUMNS": "1",
    "JAX_DEBUG_NANS": "1",
    "JAX_DEFAULT_MATMUL_PRECISION": "bfloat16",
    "JAX_DEFAULT_PRNG_IMPL": "rbg",
    "JAX_DISABLE_JIT": "1",
    "JAX_ENABLE_X64": "1",
    "JAX_LEGACY_PRNG_KEY": "error",
    "JAX_NUMPY_DTYPE_PROMOTION": "strict",
    "JAX_NUMPY_RANK_PROMOTION": "raise",
    "JAX_NUM_CPU_DEVICES": "5",
    "JAX_RANDOM_SEED_OFFSET": "7",
    "JAX_THREEFRY_PARTITIONABLE": "0",
    "JAX_TRANSFER_GUARD": "disallow",
    "LC_ALL": "C",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OMP_NUM_THREADS": "7",
    "PYTHONHASHSEED": "3",
    "PYTHONOPTIMIZE": "1",
    "TERM": "dumb",
    "TZ": "Asia/Kolkata",
}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("environment") / "mini.toml"
    path.write_text(SWEEP)
    return path


def toysup(*words, **environment):
    return subprocess.run(
        [sys.executable, "-m", "toysup", *map(str, words)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.long
def test_settings_for_other_work_change_no_byte(file):
    plain, other = file.parent / "plain", file.parent / "other"
    toysup("sweep", file, "--quiet", "--out", plain)
    done = toysup("sweep", file, "--quiet", "--out", other, **HARMLESS)
    assert done.returncode == 0
    said = "JAX_DISABLE_JIT has no effect here: all that trains is compiled."
    assert done.stderr == f"toysup: {said}\n"
    assert (other / "results.parquet").read_bytes() == (plain / "results.parquet").read_bytes()
    page = toysup("report", other, "--html", file.parent / "page.html", **HARMLESS)
    assert page.returncode == 0
    flagged = toysup(
        "sweep", file, "--quiet", "--out", other, XLA_FLAGS="--xla_cpu_enable_fast_math=true"
    )
    assert flagged.returncode == 2
    assert "was made with other inputs" in flagged.stderr
    assert "XLA_FLAGS: " in flagged.stderr


@pytest.mark.some(1)
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("JAX_ENABLE_X64", "maybe", "jax cannot be imported: invalid truth value 'maybe' for"),
        ("JAX_PLATFORMS", "foo", "JAX_PLATFORMS=foo: jax does not start"),
        pytest.param(
            *("JAX_PLATFORMS", "cuda", "JAX_PLATFORMS=cuda: jax does not start"),
            marks=pytest.mark.long,
        ),
        pytest.param(
            *("JAX_PLATFORM_NAME", "gpu", "JAX_PLATFORM_NAME=gpu: jax does not start"),
            marks=pytest.mark.long,
        ),
        pytest.param(
            *("PYTHONOPTIMIZE", "2", "Python drops docstrings (PYTHONOPTIMIZE=2 or -OO)"),
            marks=pytest.mark.long,  # it compiles every module again
        ),
        pytest.param(
            "XLA_FLAGS",
            "--bogus",
            "XLA_FLAGS: XLA does not take --bogus (Unknown flag in XLA_FLAGS",
            marks=pytest.mark.long,
        ),
    ],
)
def test_what_jax_cannot_start_with_is_a_line(file, name, value, says):
    done = toysup("sweep", file, "--out", file.parent / "refused", **{name: value})
    assert done.returncode == 2
    assert done.stderr.startswith(says)
    assert done.stderr.count("\n") == 1
    assert not (file.parent / "refused").exists()


def sweep_in_a_child(folder):
    import toysup
    from toysup.errors import ToysupError

    try:
        toysup.sweep({"seeds": 2, "objective": {"mse": {}}}, folder)
    except ToysupError as error:
        return str(error)
    return "trained"


@pytest.mark.slow
def test_a_process_forked_from_one_that_runs_jax_is_refused_and_does_not_hang(tmp_path):
    import jax

    jax.devices()
    with multiprocessing.get_context("fork").Pool(1) as pool:
        said = pool.apply_async(sweep_in_a_child, [tmp_path / "run"]).get(timeout=60)
    assert 'multiprocessing.get_context("spawn")' in said


@pytest.mark.long
def test_a_notebook_whose_jax_runs_already_is_told_so_once(file):
    script = (
        "import jax; jax.devices(); import toysup\n"
        f"for name in 'ab': toysup.sweep({str(file)!r}, {str(file.parent)!r} + '/notebook-' + name)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stderr.count("jax ran before toysup did") == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["list", "views"], marks=pytest.mark.long),
        ["--version"],
        pytest.param(["list", "views", "--json"], marks=pytest.mark.long),
    ],
)
def test_an_output_that_cannot_be_written_is_a_line(words):
    for redirection in (">&-", "> /dev/full"):
        command = f'"{sys.executable}" -m toysup {" ".join(words)} {redirection}'
        done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert done.stderr.startswith("Standard output cannot be written: ")
        assert done.stderr.count("\n") == 1


@pytest.mark.long
def test_a_pipe_that_is_closed_ends_quietly():
    command = f'"{sys.executable}" -m toysup list --json | head -1'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("{\n", "")


@pytest.mark.parametrize(
    "error", [MemoryError(), ImportError("x.so: failed to map segment from shared object")]
)
def test_too_little_memory_is_a_line(monkeypatch, capsys, error):
    def fails(**options):
        raise error

    monkeypatch.setattr(cli, "app", fails)
    assert called() == (REFUSED, None)
    assert capsys.readouterr().err == "toysup: there is not enough memory here (see ulimit -v).\n"


def test_another_import_that_fails_is_a_bug_with_its_traceback(monkeypatch):
    def fails(**options):
        raise ImportError("no module of this name")

    monkeypatch.setattr(cli, "app", fails)
    with pytest.raises(ImportError):
        called()

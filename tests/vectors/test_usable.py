import os
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from toysup.kernels.similarities import pair_cross_entropy
from toysup.vectors import usable as module
from toysup.vectors.usable import SWITCH, usable


@pytest.fixture
def asked_again():
    usable.cache_clear()
    yield
    usable.cache_clear()


def test_kernels_run_here():
    assert usable()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("backend", "platforms"), [("gpu", None), ("cpu", "cpu,cuda"), ("gpu", "cuda")]
)
def test_where_a_card_may_run_a_program_it_has_no_kernel(
    monkeypatch, asked_again, capsys, backend, platforms
):
    a = jnp.ones((3, 128))

    def lowered():
        return jax.jit(lambda a: pair_cross_entropy(a, a)).lower(a).as_text()

    assert "toysup_similarities" in lowered()
    usable.cache_clear()
    monkeypatch.setattr(jax, "default_backend", lambda: backend)
    before = jax.config.jax_platforms
    jax.config.update("jax_platforms", platforms)
    try:
        assert "toysup_similarities" not in lowered()
    finally:
        jax.config.update("jax_platforms", before)
    assert capsys.readouterr().err == ""


def test_they_can_be_switched_off(monkeypatch, asked_again, capsys):
    monkeypatch.setenv(SWITCH, "off")
    assert not usable()
    assert capsys.readouterr().err == ""


@pytest.mark.long
@pytest.mark.parametrize(
    ("doubles", "says"),
    [
        (lambda: False, "they compute something else"),
        (lambda: 1 / 0, "ZeroDivisionError: division by zero"),
    ],
)
def test_where_they_do_not_run_the_plain_programs_do_after_one_line(
    monkeypatch, asked_again, capsys, doubles, says
):
    a, b = np.random.default_rng(0).normal(size=(2, 3, 128)).astype(np.float32)
    fast = pair_cross_entropy(jnp.asarray(a), jnp.asarray(b))
    usable.cache_clear()
    monkeypatch.setattr(module, "doubles", doubles)
    for _ in range(2):
        plain = pair_cross_entropy(jnp.asarray(a), jnp.asarray(b))
    np.testing.assert_allclose(plain, fast, rtol=1e-5)
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"toysup: its kernels do not run here ({says}); XLA's own loops")


@pytest.mark.long
def test_a_sweep_without_them_comes_to_the_same_numbers(tmp_path):
    code = (
        "import sys, toysup\n"
        "mapping = {'seeds': 2, 'measure': 'directions', 'train': {'steps': 20},"
        " 'objective': {'infonce': {}}, 'views': {'mask': {}}}\n"
        "print(toysup.sweep(mapping, sys.argv[1])['loss'].tolist())"
    )
    losses = []
    for switch in ("on", "off"):
        command = [sys.executable, "-c", code, str(tmp_path / switch)]
        done = subprocess.run(
            command, env={**os.environ, SWITCH: switch}, capture_output=True, check=True
        )
        losses.append(eval(done.stdout))
    np.testing.assert_allclose(*losses, rtol=1e-4)

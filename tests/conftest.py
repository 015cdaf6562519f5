"""One single-threaded device a core, as a run has it, before any test starts jax."""

import collections
import copy
import gc
import os

import numpy as np
import pytest

from tests import memory, programs
from toysup.engine import machine
from toysup.files import cache

os.environ[cache.SWITCH] = "off"
memory.share_one_arena()
machine.configure()
programs.keep()
# Tracing makes a million small objects, few of them garbage: looking for it took 6% of the suite.
gc.set_threshold(20_000, 10, 10)


def pytest_collection_finish():
    """What was imported and collected stays: nothing in it is looked through for garbage."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """`some(n)`: all but n of a test's cases, spread over them, are long."""
    cases = collections.defaultdict(list)
    for item in items:
        if item.get_closest_marker("some") and not item.get_closest_marker("long"):
            cases[item.nodeid.partition("[")[0]].append(item)
    for of_test in cases.values():
        (count,) = of_test[0].get_closest_marker("some").args
        chosen = {round(place) for place in np.linspace(0, len(of_test) - 1, count)}
        for place, item in enumerate(of_test):
            if place not in chosen:
                item.add_marker(pytest.mark.long)


def pytest_configure(config):
    if not hasattr(config, "workerinput"):  # before there are workers
        programs.make_room()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown():
    memory.drop_programs_if_many()


@pytest.fixture(scope="module")
def generators(request):
    """The random generators of a module, as they are when it is imported."""
    found = vars(request.module) if hasattr(request, "module") else {}
    kinds = {name: g for name, g in found.items() if isinstance(g, np.random.Generator)}
    return copy.deepcopy(kinds)


@pytest.fixture(autouse=True)
def draws_the_same_alone_and_after_others(request, generators):
    """Each test draws as if it ran first: which ones ran before it in a process is chance."""
    for name, generator in generators.items():
        setattr(request.module, name, copy.deepcopy(generator))


@pytest.fixture(scope="session", autouse=True)
def stays_small():
    """The last test of a process fails where the process ever held too much."""
    yield
    most = memory.held("VmHWM")
    assert most <= memory.MOST, f"{most / 1e9:.2f} GB were held; see tests/memory.py"

"""Classes that look alike to jax, and what is looked up while others come into use."""

import threading
from concurrent.futures import ThreadPoolExecutor

import jax
import jax.numpy as jnp
import pytest
from flax import struct

from toysup import registry
from toysup.plugin import Objective, setting
from toysup.registry.configured import CLASS


def objective(number):
    """A class of one name, with one setting, that answers its number."""

    @struct.dataclass
    class Numbered(Objective):
        """Its number."""

        power: float = setting(1.0, "nothing", traced=True)

        def loss(self, model, key, x):
            return jnp.zeros(number)

    return Numbered


@pytest.mark.slow
def test_of_many_classes_that_look_alike_each_is_given_its_own_program():
    # By the structure of an argument alone jaxlib 0.10 took one of these in twelve for another.
    program = jax.jit(lambda objective: objective.loss(None, None, None))
    lengths = [len(program.eval_shape(objective(number)())) for number in range(300)]
    assert lengths == list(range(300))


def test_the_class_is_no_setting_and_a_copy_keeps_it():
    cls = objective(1)
    assert list(registry.settings(cls)) == ["power"]
    assert CLASS not in repr(cls())
    made = cls().replace(power=2.0)
    doubled = jax.tree.map(lambda power: 2 * power, made)
    assert (type(doubled), doubled.plugin_class, doubled.power) == (cls, cls, 4.0)


def test_what_a_thread_looked_up_before_others_came_into_use_is_not_found_after():
    now, looking, go_on = ["before"], threading.Event(), threading.Event()

    @registry.cached
    def found():
        seen = now[0]
        looking.set()
        go_on.wait(10)
        return seen

    with ThreadPoolExecutor(1) as pool:
        early = pool.submit(found)
        looking.wait(10)
        now[0] = "after"
        registry.forget()
        go_on.set()
        assert early.result() == "before"
    assert found() == "after"

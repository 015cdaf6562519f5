"""No kernel leaves its memory or reads what nothing wrote; and one that does is found out."""

import signal
import subprocess
import sys

import pytest

from tests.faults.guarded import Call, check
from toysup.vectors.call import Kernel
from toysup.vectors.vector import WIDTH

ESCAPE = """
from tests.faults.guarded import Call
from toysup.vectors.call import Kernel
from toysup.vectors.code import Span

def write(code, x, y):
    span, away = Span(code, 0), Span(code, {away})
    y[{to}] = x[{of}]

made = Call(Kernel("escape", write), ((16,),), ((16,),), (), ())
made.run(made.compiled(), 1, {at_end})
"""


@pytest.mark.long
def test_no_kernel_leaves_its_memory_at_odd_sizes():
    command = [sys.executable, "-m", "tests.faults.every_kernel", "1", "17", "33"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-300:] + done.stderr[-2000:]
    assert done.stdout.splitlines()[-1].endswith("kernels stayed in their memory")


@pytest.mark.some(1)
@pytest.mark.slow
@pytest.mark.parametrize(("away", "at_end"), [(1, True), (-1, False)])
@pytest.mark.parametrize(("to", "of"), [("span", "away"), ("away", "span")])
def test_one_float_too_far_ends_the_process(to, of, away, at_end):
    code = ESCAPE.format(to=to, of=of, away=away, at_end=at_end)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == -signal.SIGSEGV, done.stderr[-2000:]


def test_a_kernel_that_reads_what_nothing_wrote_is_told():
    def write(code, x, y, scratch):
        code.each_span(WIDTH, lambda span: y.__setitem__(span, x[span] + scratch[span]))

    with pytest.raises(AssertionError, match="it read what nothing had written"):
        check(Call(Kernel("reads_scratch", write), ((WIDTH,),), ((WIDTH,),), ((WIDTH,),), ()))


def test_a_kernel_that_writes_to_an_operand_is_told():
    def write(code, x, y):
        code.each_span(WIDTH, lambda span: y.__setitem__(span, x[span]))
        code.clear(x)

    with pytest.raises(AssertionError, match="an operand was written to"):
        check(Call(Kernel("writes_operand", write), ((WIDTH,),), ((WIDTH,),), (), ()))

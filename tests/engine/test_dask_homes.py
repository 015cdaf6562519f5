"""A program goes to few workers first, and no chunk is left or taken twice."""

from toysup.engine.dask_homes import Homes, homes
from toysup.grid import Chunk

EACH = 4  # tasks for each thread


def chunks(*counts):
    """So many chunks of each program."""
    return [
        Chunk(f"{stack}-{number}", stack, (stack,), (number,), 1)
        for stack, count in enumerate(counts)
        for number in range(count)
    ]


def workers(count):
    return {f"tcp://{number}": 1 for number in range(count)}


def stacks(batch):
    return {chunk.stack for chunk in batch.chunks}


def test_each_program_goes_to_its_own_workers():
    batches = list(Homes(chunks(50, 50)).take(16, EACH, workers(4)))
    assert [stacks(batch) for batch in batches] == [{0}, {1}]
    assert [len(batch.chunks) for batch in batches] == [8, 8]
    one, other = (batch.workers for batch in batches)
    assert len(one) == len(other) == 2
    assert not one & other


def test_the_program_with_most_chunks_has_most_workers():
    assert sorted(homes("abcd", {(0, 1): 30, (1, 1): 10}, {}).values()) == [(0, 1)] * 3 + [(1, 1)]


def test_a_worker_stays_with_its_program_while_chunks_of_it_wait():
    before = {"a": (0, 1), "b": (1, 1)}
    assert homes("ab", {(0, 1): 1, (1, 1): 100}, before) == before
    assert homes("ab", {(1, 1): 100}, before) == {"a": (1, 1), "b": (1, 1)}
    assert homes("ab", {}, before) == {}


def test_the_last_program_that_waits_is_for_all_workers():
    waiting = Homes(chunks(2, 2, 2, 1))
    first = list(waiting.take(12, EACH, workers(3)))
    assert [stacks(batch) for batch in first] == [{0}, {1}, {2}]
    [last] = waiting.take(6, EACH, workers(3))
    assert (stacks(last), len(last.chunks), last.workers) == ({3}, 1, None)


def test_a_program_is_refilled_when_a_third_of_its_tasks_is_done():
    waiting = Homes(chunks(50, 50))
    one, _ = waiting.take(12, 6, workers(2))
    for chunk in one.chunks[:1]:
        waiting.end(chunk)
    assert list(waiting.take(1, 6, workers(2))) == []
    for chunk in one.chunks[1:2]:
        waiting.end(chunk)
    [more] = waiting.take(2, 6, workers(2))
    assert (stacks(more), len(more.chunks)) == (stacks(one), 2)


def test_each_chunk_is_taken_once_whatever_comes_and_goes():
    """Chunks that go with their workers wait again; the rest end in turn."""
    made, ended = chunks(7, 1, 1, 12, 3), []
    waiting, under_way, turn = Homes(made), [], 0
    while waiting or under_way:
        turn += 1
        for batch in waiting.take(8 - len(under_way), 2, workers(2 + turn % 3)):
            under_way += batch.chunks
        chunk = under_way.pop(0)
        if turn % 4 == 0 and turn < 40:
            waiting.put_back(chunk)
        else:
            waiting.end(chunk)
            ended.append(chunk)
    assert sorted(ended, key=made.index) == made
    assert not +waiting.under_way


def test_without_workers_a_chunk_of_each_program_comes_first():
    waiting = Homes(chunks(2, 2))
    taken = waiting.take_any(3)
    assert [chunk.id for chunk in taken.chunks] == ["0-0", "1-0", "0-1"]
    assert [chunk.id for chunk in waiting.take_any(9).chunks] == ["1-1"]
    assert not waiting

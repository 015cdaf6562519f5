"""Who may work on a run: claims of this machine, of others, of the dead and of those that ended."""

import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from toysup.errors import BusyError, ToysupError
from toysup.storage import claim as one
from toysup.storage.claim import ENDED, SILENCE_SECONDS, Claim, Name
from toysup.storage.claims import held, names
from toysup.storage.shard import WHOLE, Shard, parse

THIRD, FOURTH = Shard(3, 16), Shard(4, 16)


def hold(folder, shard=THIRD, alone=False, done=False):
    return held(folder, shard, alone, lambda: done)


def there(folder):
    return sorted(os.listdir(folder))


def elsewhere(folder, silent, shard=THIRD):
    """A claim of another machine, last touched so many seconds ago."""
    path = Name(shard).path(folder)
    path.write_text(json.dumps({"host": "far", "pid": 1, "place": "another"}))
    then = path.stat().st_mtime - silent
    os.utime(path, (then, then))
    return path


def test_every_chunk_is_in_one_shard():
    chunks = list(range(10))
    shares = [list(Shard(number, 3).share(chunks)) for number in (1, 2, 3)]
    assert shares == [[0, 3, 6, 9], [1, 4, 7], [2, 5, 8]]
    assert WHOLE.share(chunks) == chunks


@pytest.mark.parametrize("text", ["0/4", "5/4", "a/b", "3", "1/0", "-1/4", "1/4/2", "", "²/4"])
def test_what_is_no_shard_is_refused_in_a_line(text):
    with pytest.raises(
        ToysupError, match=r"^--shard .*: is no shard\. Use I/N, with I from 1 to N"
    ):
        parse(text)
    assert parse("3/16") == THIRD


def test_shards_work_side_by_side_and_the_same_one_once(tmp_path):
    with hold(tmp_path), hold(tmp_path, FOURTH):
        assert there(tmp_path) == [".shard-03-of-16", ".shard-04-of-16"]
        with pytest.raises(BusyError, match=rf"\(shard 3/16: process {os.getpid()} on .*\)\. Wait"):
            hold(tmp_path).__enter__()
        assert there(tmp_path) == [".shard-03-of-16", ".shard-04-of-16"]


@pytest.mark.parametrize(
    ("first", "second"), [(WHOLE, THIRD), (THIRD, WHOLE), (THIRD, Shard(3, 8))]
)
def test_the_whole_excludes_shards_and_they_the_whole_and_other_numbers_of_shards(
    tmp_path, first, second
):
    with hold(tmp_path, first):
        before = there(tmp_path)
        with pytest.raises(BusyError) as busy:
            hold(tmp_path, second).__enter__()
        assert busy.value.exit_code == 75
        assert there(tmp_path) == before


def test_one_that_grows_a_run_is_alone(tmp_path):
    with hold(tmp_path, FOURTH), pytest.raises(BusyError):
        hold(tmp_path, THIRD, alone=True).__enter__()
    with hold(tmp_path, THIRD, alone=True):
        pass


def test_another_number_of_shards_than_the_run_was_begun_with_is_refused(tmp_path):
    with hold(tmp_path):
        pass
    with pytest.raises(ToysupError) as refused:
        hold(tmp_path, Shard(3, 8)).__enter__()
    assert str(refused.value) == (
        f"{tmp_path}: was begun with 16 shards. Use --shard I/16, or finish it without --shard."
    )
    assert refused.value.exit_code == 2
    with hold(tmp_path, WHOLE):
        pass
    with hold(tmp_path, Shard(3, 8)):
        pass


def test_claims_go_when_the_run_is_done_and_those_of_the_living_stay(tmp_path):
    with hold(tmp_path, FOURTH):
        with hold(tmp_path, Shard(1, 16)):
            pass
        with hold(tmp_path, THIRD, done=True):
            assert there(tmp_path) == [".shard-01-of-16", ".shard-03-of-16", ".shard-04-of-16"]
        assert there(tmp_path) == [".shard-04-of-16"]


def test_a_claim_of_a_dead_process_is_taken_over_at_once_and_told(tmp_path):
    dead = Claim(tmp_path, Name(THIRD))
    dead.check()
    dead.close()  # as the system does
    with hold(tmp_path):
        assert there(tmp_path) == [".shard-03-of-16", ".shard-03-of-16.2"]
        with pytest.raises(BusyError, match="was not heard of for 120 s"):
            dead.check()
        with pytest.raises(BusyError):
            hold(tmp_path).__enter__()


def test_a_claim_of_another_machine_holds_as_long_as_it_is_touched(tmp_path):
    path = elsewhere(tmp_path, silent=SILENCE_SECONDS - 5)
    with pytest.raises(BusyError, match=r"process 1 on far, heard of 11[56] s ago, and given up"):
        hold(tmp_path).__enter__()
    elsewhere(tmp_path, silent=SILENCE_SECONDS + 5)
    with hold(tmp_path):
        assert path.read_bytes().startswith(ENDED)


def test_the_age_of_a_claim_is_told_by_the_file_system_and_not_by_this_machine(
    tmp_path, monkeypatch
):
    elsewhere(tmp_path, silent=5)
    monkeypatch.setattr("time.time", lambda: 1e12)
    with pytest.raises(BusyError):
        hold(tmp_path).__enter__()


def test_where_the_file_system_has_no_locks_the_age_decides(tmp_path, monkeypatch):
    def flock(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(one.fcntl, "flock", flock)
    with hold(tmp_path):
        with pytest.raises(BusyError, match="heard of 0 s ago"):
            hold(tmp_path).__enter__()
        path = Name(THIRD).path(tmp_path)
        os.utime(path, (0, 0))
        with hold(tmp_path):
            pass


def test_a_claim_is_kept_young(tmp_path, monkeypatch):
    monkeypatch.setattr(one, "TOUCH_SECONDS", 0.001)
    with hold(tmp_path) as claim:
        os.utime(claim.path, (0, 0))
        while not claim.path.stat().st_mtime:
            pass


@pytest.mark.slow
def test_of_many_that_begin_at_once_one_works(tmp_path):
    def begin(_):
        try:
            with hold(tmp_path):
                working.append(True)
                while len(refused) < 7:
                    pass
        except BusyError:
            refused.append(True)

    working, refused = [], []
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(begin, range(8)))
    assert len(working) == 1


@pytest.mark.parametrize("content", ["", "[" * 4000, "[1]", "null", "{", '{"place": 3}'])
def test_a_claim_that_nobody_wrote_excludes_nobody(tmp_path, content):
    path = Name(THIRD).path(tmp_path)
    path.write_text(content)
    os.utime(path, (0, 0))
    with hold(tmp_path, done=True):
        assert names(tmp_path) == [Name(THIRD), Name(THIRD, 1)]
    assert there(tmp_path) == []

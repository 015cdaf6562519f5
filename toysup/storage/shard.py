"""A share of a plan's chunks, for one of several processes: shard 3 of 16 has every 16th chunk."""

import re
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from toysup.errors import ToysupError

Chunk = TypeVar("Chunk")

FORM = re.compile(r"(\d{1,6})/(\d{1,6})", re.ASCII)


class Shard(NamedTuple):
    """Shard `number` of `count`, counted from 1."""

    number: int
    count: int

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    def share(self, chunks: Sequence[Chunk]) -> Sequence[Chunk]:
        """This shard's chunks of a plan: some of each stack, as the slow ones stand together. In a
        plan that grows they stay in their places, and so in their shard."""
        return chunks[self.number - 1 :: self.count]


WHOLE = Shard(1, 1)


def parse(text: str) -> Shard:
    """The shard that is written as 3/16. ToysupError when there is no such shard."""
    form = FORM.fullmatch(text)
    shard = Shard(*map(int, form.groups())) if form else None
    if not shard or not 1 <= shard.number <= shard.count:
        raise ToysupError(
            f"--shard {text}: is no shard. Use I/N, with I from 1 to N: 1/4, 2/4, 3/4 and 4/4 are "
            "the shards of four processes."
        )
    return shard

"""Whether the reports of shards, or their saved plans, belong to one run, and are all there are of it."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from backup_reconciler.report.merge.errors import MergeError
from backup_reconciler.report.words import counted, listed
from backup_reconciler.spec.shard import Shard


class OfShard(Protocol):
    """What a file says of one shard."""

    @property
    def file(self) -> str: ...

    @property
    def shard(self) -> Shard: ...


def refuse_disagreement(files: Sequence[OfShard], same: dict[str, Callable[[Any], object]], *, partial: bool) -> None:
    """Raises `MergeError` where files are of different runs, or are not one for each shard.

    `same` says what has to be the same in all of them, in words, and how it is read.
    """
    first = files[0]
    for one in files[1:]:
        for what, of in {"number of shards": lambda one: one.shard.count, **same}.items():
            if of(one) != of(first):
                raise MergeError(
                    f"{one.file} and {first.file} do not belong together: {what} {of(one)}, and {of(first)}; give the "
                    "files of the shards of one run"
                )
    _refuse_twice(files)
    missing = shards_missing(files)
    if missing and not partial:
        raise MergeError(
            f"{counted(len(missing), 'shard is', 'shards are')} missing: {listed(list(map(str, missing)))}; give their "
            "files too, or join the others with --partial"
        )


def shards_missing(files: Sequence[OfShard]) -> tuple[Shard, ...]:
    """The shards that no file is of."""
    count, there = files[0].shard.count, {one.shard.number for one in files}
    return tuple(Shard(number, count) for number in range(1, count + 1) if number not in there)


def _refuse_twice(files: Sequence[OfShard]) -> None:
    by_number: dict[int, str] = {}
    for one in files:
        if one.shard.number in by_number:
            other = by_number[one.shard.number]
            raise MergeError(f"{other} and {one.file} are both of shard {one.shard}; give one file for each shard")
        by_number[one.shard.number] = one.file

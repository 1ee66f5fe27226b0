"""No write goes out twice."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tests.simulation.record import HAND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.simulation.record import Record, Seen


def no_write_is_repeated_while_it_is_under_way(record: Record) -> Iterator[str]:
    """No run sends a write that it knows to be taken and under way, and none begins a second operation.

    One whose answer was lost may be sent again, where that does no harm: where the service says that it is busy, or
    that all is as it was asked for already.
    """
    for seen in record.seen:
        if seen.by == HAND or seen.repeats is None:
            continue
        if seen.began or not (seen.repeats.cut or seen.repeats.fault):
            yield f"{seen.by} sent {seen.method} {seen.path} again at {seen.at}, under way since {seen.repeats.at}"


def no_backup_is_started_twice(record: Record) -> Iterator[str]:
    """Nobody's first backup is begun twice by runs of the same operator."""
    begun: defaultdict[tuple[str, str], list[Seen]] = defaultdict(list)
    for seen in record.seen:
        if (
            seen.by != HAND
            and seen.method == "POST"
            and seen.path.endswith("/backup")
            and seen.taken
            and not seen.fault
        ):
            begun[seen.by.partition("-")[0], seen.path].append(seen)
    for (operator, path), all_of in begun.items():
        if len(all_of) > 1:
            yield f"{operator} started {len(all_of)} backups: {path}"

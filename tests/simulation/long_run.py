"""Many seeds, shared out among processes."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.simulation.shrinking import shrunk
from tests.simulation.telling import failure, table
from tests.simulation.trial import Tally, try_seed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CHUNK = 50
_MOST_SHOWN = 10
"""Failures that are made small and shown; of more there is only the seed."""


@dataclass
class Chunk:
    """What came of some seeds."""

    tally: Tally = field(default_factory=Tally)
    failing: list[int] = field(default_factory=list)


def run_many(first: int, count: int, jobs: int | None) -> int:
    """Try so many seeds; the figures go to standard output, how far it is to standard error. Returns how many fail."""
    began = time.monotonic()
    chunks = [range(start, min(start + _CHUNK, first + count)) for start in range(first, first + count, _CHUNK)]
    total = Chunk()
    for done in _all_tried(chunks, jobs or os.cpu_count() or 1):
        total.tally.add(done.tally)
        total.failing += done.failing
        _show_progress(total, count, began)
    print(file=sys.stderr)
    for number, seed in enumerate(sorted(total.failing)):
        if number < _MOST_SHOWN:
            trial = try_seed(seed)
            print("\n".join(failure(trial, shrunk(trial))), end="\n\n")
        else:
            print(f"seed {seed} fails")
    print("\n".join(table(total.tally, time.monotonic() - began, len(total.failing))))
    return len(total.failing)


def _all_tried(chunks: Sequence[range], jobs: int) -> Iterator[Chunk]:
    """Each chunk as it is done; with one job in this process, where a debugger and a profiler see it."""
    if jobs == 1:
        yield from map(_try_all, chunks)
        return
    with multiprocessing.Pool(jobs) as pool:
        yield from pool.imap_unordered(_try_all, chunks)


def _try_all(seeds: range) -> Chunk:
    chunk = Chunk()
    for seed in seeds:
        trial = try_seed(seed)
        chunk.tally.add(trial.tally)
        if trial.wrongs:
            chunk.failing.append(seed)
    return chunk


def _show_progress(total: Chunk, count: int, began: float) -> None:
    done, seconds = total.tally.scenarios, time.monotonic() - began
    left = (count - done) * seconds / done
    print(
        f"\r{done:,} of {count:,} scenarios, {total.tally.requests:,} requests, {_failing(total)}, "
        f"{left / 60:,.0f} min left ",
        end="",
        file=sys.stderr,
        flush=True,
    )


def _failing(total: Chunk) -> str:
    first = ", ".join(str(seed) for seed in total.failing[:_MOST_SHOWN])
    return f"{len(total.failing):,} failing" + (f" ({first})" if first else "")

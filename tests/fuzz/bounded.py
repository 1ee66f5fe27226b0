"""Everything that is pathological, read in a process that may have a gibibyte and no more.

`python -m tests.fuzz.bounded TARGET…` prints what costs most, and ends with 1 where anything was not as documented.
"""

import logging
import sys
import traceback
from collections.abc import Sequence
from time import process_time

from tests.fuzz.pathological import PATHOLOGICAL, WIDE
from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS

MOST_MEMORY = 2**30
"""Bytes of address space."""
MOST_SECONDS = 10.0
"""For one input, where seconds are asked for at all: not in the tests, which no loaded machine may fail."""


def main(names: Sequence[str], *, without: frozenset[str] = frozenset(), seconds: float = MOST_SECONDS) -> int:
    """Read everything of the targets' languages once; returns the exit status."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    failed = [name for name in names if not _read_all(TARGETS[name], without, seconds)]
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB at most")
    return 1 if failed else 0


def _read_all(target: Target, without: frozenset[str], seconds: float) -> bool:
    """Whether all was as documented, and none of it took longer."""
    taken: dict[str, float] = {}
    well = True
    for what, make in PATHOLOGICAL[target.language].items():
        if what in without:
            continue
        data, begun = make(), process_time()
        try:
            target.read(data)
        except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
            well = False
            print(f"{target.name}: {what}", traceback.format_exc(limit=-5)[-3_000:], sep="\n")
        taken[what] = process_time() - begun
    slowest = max(taken, key=lambda what: taken[what])
    print(f"{target.name}: {taken[slowest]:.1f} s for {slowest}, {sum(taken.values()):.1f} s for all {len(taken)}")
    return well and taken[slowest] <= seconds * target.passes


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    if sys.argv[1:] == ["--in-the-tests"]:
        sys.exit(main(list(TARGETS), without=WIDE, seconds=float("inf")))
    sys.exit(main(sys.argv[1:] or list(TARGETS)))

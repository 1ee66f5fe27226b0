"""Whole processes, measured: wall and CPU seconds, and the peak of memory.

    python benchmarks/measuring.py COMMAND…

runs a command and ends its standard error with a line of JSON. A process of its own does this, and a small one:
Linux counts the memory of whoever starts a process as the new one's, until it has become the new program (getrusage(2),
`ru_maxrss` survives execve), so a benchmark that holds a large world would be seen in every figure. Modules are
compiled once and kept, as an installation has them, whatever the environment says of that.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import reduce

CLIENT = (sys.executable, "-m", "backup_reconciler")
_UNCOMPILED = "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True)
class Measured:
    """What a process took."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds, of the user and of the system."""
    peak: float
    """MiB."""

    def best(self, other: "Measured") -> "Measured":
        """The better times of the two, and the higher peak."""
        return Measured(min(self.wall, other.wall), min(self.cpu, other.cpu), max(self.peak, other.peak))


def measured(
    command: Sequence[str],
    *,
    runs: int = 1,
    environment: Mapping[str, str] | None = None,
    ends_with: Iterable[int] = (0,),
    inside: Sequence[str] = (),
) -> Measured:
    """A command, the best of several runs; its standard output goes nowhere.

    `inside` is a command that runs it, as `sandbox WORLD --` does; what that takes does not count.
    """
    here = [*inside, sys.executable, "-I", __file__, *command]
    return reduce(Measured.best, (_run(here, environment, frozenset(ends_with)) for _ in range(runs)))


def _run(command: Sequence[str], environment: Mapping[str, str] | None, ends_with: frozenset[int]) -> Measured:
    environment = {name: value for name, value in (environment or os.environ).items() if name != _UNCOMPILED}
    ended = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment, text=True, check=False
    )
    *told, last = ended.stderr.splitlines()
    if ended.returncode not in ends_with:
        raise SystemExit("\n".join((f"{' '.join(command)} ended with {ended.returncode}", *told)))
    return Measured(**json.loads(last))


def _measure(command: Sequence[str]) -> int:
    """Run a command, tell what it took, and return its exit status."""
    began = time.monotonic()
    process = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    took = Measured(time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
    print(json.dumps(asdict(took)), file=sys.stderr)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(_measure(sys.argv[1:]))

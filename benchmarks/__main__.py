"""Measure, and print the tables of benchmarks/README.md: `python -m benchmarks [GROUP…]`, without one all of them."""

import os
import sys

from benchmarks.commands import commands, large_worlds
from benchmarks.completion import main as completion
from benchmarks.fleets import fleets, protecting
from benchmarks.html_report import main as html_report
from benchmarks.pace import main as pace
from benchmarks.service import main as service
from benchmarks.starting import starting

GROUPS = {
    "commands": commands,
    "starting": starting,
    "fleets": fleets,
    "protecting": protecting,
    "worlds": large_worlds,
    "service": service,
    "completion": completion,
    "pace": pace,
    "html-report": html_report,
}


def main() -> None:
    wanted = sys.argv[1:] or list(GROUPS)
    if unknown := [group for group in wanted if group not in GROUPS]:
        raise SystemExit(f"{', '.join(unknown)}: no such group; there are {', '.join(GROUPS)}")
    for group in wanted:
        print(f"\n{group}\n", flush=True)
        GROUPS[group]()
    print(f"\n{os.cpu_count()} cores, Python {sys.version.split()[0]}")


if __name__ == "__main__":
    main()

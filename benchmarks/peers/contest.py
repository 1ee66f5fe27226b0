"""One command line against a box of its own: what it asked, how long it took, what it cost."""

import asyncio
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from backup_reconciler.sandbox import open_box

Environment = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Command:
    """A command line, what it finds on standard input, and how it has to end."""

    words: tuple[str, ...]
    given: str = ""
    told: str = ""
    """What has to be in what it prints: that it did what it is measured for."""
    status: int = 0


@dataclass(frozen=True, slots=True)
class Contestant:
    """Who is measured: a name, a command, and what is run before and after it unmeasured."""

    name: str
    command: Command
    before: Command | None = None
    """Signs in."""
    after: Command | None = None
    """Proves what became of the fleet."""
    runs: int = 3
    """Of which the fastest counts."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run cost. CPU is that of the command and of all processes that it started; the box is none of them."""

    requests: int
    wall: float
    cpu: float


def compete(contestant: Contestant, world: Path, environment: Environment) -> Figures:
    """The fastest of its runs, each in the world as it was at first."""
    runs = [asyncio.run(_in_a_box(contestant, world, environment)) for _ in range(contestant.runs)]
    return min(runs, key=lambda run: run.wall)


async def _in_a_box(contestant: Contestant, world: Path, environment: Environment) -> Figures:
    """A run in real time, and over https, which az insists on."""
    async with open_box(world, fresh=True, pace=1, tls=True) as box:
        with tempfile.TemporaryDirectory() as configuration:
            around = {**environment, **box.environment(), "AZURE_CONFIG_DIR": configuration}
            if contestant.before:
                await asyncio.to_thread(run, contestant.before, around)
            asked = len(box.exchanges)
            wall, cpu = await asyncio.to_thread(run, contestant.command, around)
            requests = len(box.exchanges) - asked
            if contestant.after:
                await asyncio.to_thread(run, contestant.after, around)
    return Figures(requests, wall, cpu)


def run(command: Command, environment: Environment) -> tuple[float, float]:
    """Run a command to its end: wall and CPU seconds. Ends the program where it did not do what it should."""
    with tempfile.TemporaryFile("w+") as given, tempfile.TemporaryFile("w+") as printed:
        given.write(command.given)
        given.seek(0)
        began = time.monotonic()
        process = subprocess.Popen(
            command.words, stdin=given, stdout=printed, stderr=subprocess.STDOUT, env=dict(environment)
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        text = printed.read()
    if process.returncode != command.status or command.told not in text:
        raise SystemExit(f"{' '.join(command.words)} ended with {process.returncode}:\n{text}")
    return wall, usage.ru_utime + usage.ru_stime

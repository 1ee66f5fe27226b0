"""Fleets as large as they get, behind 80 ms of latency, the server in another process: figures of the client alone."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.canned import Served, serving
from benchmarks.fleet import CONCURRENCY, LATENCY, PAGE, Fleet
from benchmarks.measuring import CLIENT, measured

TEN_THOUSAND, HUNDRED_THOUSAND, IN_TWO = Fleet(1, 100), Fleet(10, 100), Fleet(2, 500)
UNPROTECTED = Fleet(1, 10, protected=False)
PROTECTING = 32
"""Seconds that the box takes to protect a VM."""


@dataclass(frozen=True)
class Client:
    """Whoever asks a canned server about a fleet."""

    fleet: Fleet
    manifests: Path
    server: Served

    def ask(self, *verb: str) -> None:
        """Let it ask all of its questions once, so that the answers are there."""
        measured([*CLIENT, *verb, str(self.manifests)], environment=self.server.environment, ends_with=(0, 2))
        self.server.questions()

    def measure(self, *verb: str) -> None:
        """Print a row."""
        took = measured([*CLIENT, *verb, str(self.manifests)], environment=self.server.environment)
        by_graph = "graph" in verb
        least = self.fleet.least_by_graph if by_graph else self.fleet.least_requests
        path = self.fleet.path_by_graph if by_graph else self.fleet.critical_path
        questions = self.server.questions()
        requests = f"{questions:,} | {least:,} | {questions / least:.2f}"
        wall = f"{took.wall:.1f} | {path:.1f} | {took.wall / path:.2f}"
        cpu = f"{took.cpu:.1f} | {took.cpu / self.fleet.elements * 1e6:.0f}"
        print(f"| `{' '.join(verb)}` of {self.fleet} | {requests} | {wall} | {cpu} | {took.peak:.0f} |", flush=True)


@contextmanager
def asking(fleet: Fleet) -> Iterator[Client]:
    with tempfile.TemporaryDirectory() as name:
        world, manifests = fleet.write(Path(name))
        with serving(world, LATENCY) as server:
            yield Client(fleet, manifests, server)


def fleets() -> None:
    """Plans and drift reports of 10,000 and of 100,000 VMs."""
    print(
        "| work | requests | least | ratio | wall s | critical path s | ratio | CPU s | µs an element | peak MiB |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    )
    with asking(TEN_THOUSAND) as client:
        for verb in (("plan",), ("plan", "--read", "graph"), ("drift",)):
            client.ask(*verb)
            client.measure(*verb)
    with asking(HUNDRED_THOUSAND) as client:
        client.ask("plan")
        for verb in (("plan",), ("drift",), ("drift", "--format", "json"), ("drift", "--format", "html")):
            client.measure(*verb)
    with asking(IN_TWO) as client:
        client.ask("plan")
        client.measure("plan")


def protecting() -> None:
    """An apply that protects 1,000 VMs, on the box itself in real time.

    The critical path is the longest list, all writes at the client's concurrency, and the time that the box takes.
    """
    with tempfile.TemporaryDirectory() as name:
        world, manifests = UNPROTECTED.write(Path(name))
        command = [*CLIENT, "apply", str(manifests), "--auto-approve"]
        took = measured(command, inside=[*CLIENT, "sandbox", str(world), "--fresh", "--pace", "1", "--"])
    path = LATENCY * (UNPROTECTED.machines / PAGE + UNPROTECTED.machines / CONCURRENCY) + PROTECTING
    print("| work | wall s | critical path s | ratio | CPU s | CPU ms a VM | peak MiB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    cpu = f"{took.cpu:.1f} | {took.cpu / UNPROTECTED.machines * 1e3:.1f}"
    wall = f"{took.wall:.1f} | {path:.1f} | {took.wall / path:.2f}"
    print(f"| `apply` that protects {UNPROTECTED.machines:,} VMs | {wall} | {cpu} | {took.peak:.0f} |", flush=True)

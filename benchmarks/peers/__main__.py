"""Measure them one after the other, and print the tables that docs/peers.md keeps.

It takes a quarter of an hour, most of it spent on waiting: the service works half a minute on each VM, in real time.
"""

import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from benchmarks.peers.contest import Contestant, Environment, Figures, compete
from benchmarks.peers.contestants import readers, writers
from benchmarks.peers.fleet import Fleet

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / ".venv-clients" / "bin"
COLUMNS = "requests | wall s | CPU s | requests × | wall × | CPU ×"


def table(what: str, contestants: list[Contestant], world: Path, environment: Environment) -> None:
    """A row for each of them, with how many times the figures of the last one its own are."""
    measured = []
    for one in contestants:
        print(f"{one.name} …", file=sys.stderr, flush=True)
        measured.append((one.name, compete(one, world, environment)))
    print(f"\n| {what} | {COLUMNS} |\n| --- |{' ---: |' * 6}")
    for name, figures in measured:
        print(row(name, figures, measured[-1][1]), flush=True)


def row(name: str, figures: Figures, base: Figures) -> str:
    times = (figures.requests / base.requests, figures.wall / base.wall, figures.cpu / base.cpu)
    told = " | ".join(f"{one:.1f}" for one in times)
    return f"| {name} | {figures.requests} | {figures.wall:.1f} | {figures.cpu:.1f} | {told} |"


def main() -> None:
    if not (CLIENTS / "az").exists():
        raise SystemExit("az is not there; `make peers` installs it into .venv-clients")
    fleet = Fleet()
    quiet = {"AZURE_CORE_COLLECT_TELEMETRY": "no", "AZURE_CORE_ONLY_SHOW_ERRORS": "yes"}
    found = {"PATH": f"{CLIENTS}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory() as folder:
        world, manifests = fleet.write(Path(folder))
        for what, who in (("read", readers), (f"protect {fleet.joining} VMs", writers)):
            table(what, who(fleet, manifests), world, {**os.environ, **quiet, **found})
    asked = [CLIENTS / "python", "-c", "from importlib.metadata import version; print(version('azure-cli'))"]
    az = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    sdk = f"azure-mgmt-recoveryservicesbackup {version('azure-mgmt-recoveryservicesbackup')}"
    print(f"\n{os.cpu_count()} cores, Python {sys.version.split()[0]}, az {az}, {sdk}")


if __name__ == "__main__":
    main()

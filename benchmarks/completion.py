"""What it takes to configure 1,000 VMs: requests by action, the box's time, and CPU, with all quotas of the box on.

Each configuration is one `apply` in this process, the box included.
"""

import contextlib
import io
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import yaml

from backup_reconciler import sandbox
from backup_reconciler.cli.main import main as command_line
from backup_reconciler.sandbox import Box, Exchange

SUBSCRIPTION = "11111111-1111-1111-1111-111111111111"
HERE = {"location": "japaneast"}
QUOTAS = {"arm": {}, "backup": 150, "graph": True, "compute": 24000}
CONFIGURATIONS = ((1, 1000, 0), (100, 10, 0), (100, 10, 300), (40, 100, 300))
"""Vaults in one subscription, VMs in each, and how many seconds Resource Graph is behind."""


def write(folder: Path, vaults: int, vms: int, lag: int) -> list[str]:
    """World and manifests of a configuration; returns the arguments that name them."""
    names = [f"{number:03}" for number in range(vaults)]
    machines = {f"vm-[{1:0{len(str(vms))}}-{vms}]": HERE}
    groups = {f"rg-{name}": {**HERE, "virtualMachines": machines, "vaults": {f"rsv-{name}": HERE}} for name in names}
    world = {"kind": "World", "quotas": QUOTAS, "subscriptions": {SUBSCRIPTION: {"resourceGroups": groups}}}
    (folder / "scale.world.yaml").write_text(yaml.safe_dump({**world, "graphLagSeconds": lag}))
    (folder / "scale.yaml").write_text(yaml.safe_dump_all(one for name in names for one in documents(name)))
    return [str(folder / "scale.yaml"), "--sandbox", str(folder / "scale.world.yaml"), "--auto-approve"]


def documents(name: str, subscription: str = SUBSCRIPTION) -> Iterator[dict[str, Any]]:
    """A vault, and all VMs of its group in it."""
    where = {"subscription": subscription, "resourceGroup": f"rg-{name}", **HERE}
    select = {"resourceGroups": [f"rg-{name}"]}
    assignment = {"vault": f"rsv-{name}", "policy": "DefaultPolicy", "select": select}
    for kind, handle, spec in (("Vault", f"rsv-{name}", where), ("VMAssignment", f"all-{name}", assignment)):
        yield {"apiVersion": "backup-reconciler/v1", "kind": kind, "metadata": {"name": handle}, "spec": spec}


@contextlib.contextmanager
def watched() -> Iterator[list[Exchange]]:
    """While the block runs, every exchange with a box is noted."""
    exchanges: list[Exchange] = []
    really_open = sandbox.open_box

    def open_box(world: Path, **options: Any) -> AbstractAsyncContextManager[Box]:
        return really_open(world, **{**options, "on_exchange": exchanges.append})

    sandbox.open_box = open_box
    try:
        yield exchanges
    finally:
        sandbox.open_box = really_open


def count(exchanges: list[Exchange], method: str, ending: str) -> int:
    """Requests that were not throttled."""
    return sum(
        seen.method == method and seen.status != 429 and seen.path.rpartition("/")[2] == ending for seen in exchanges
    )


def row(vaults: int, vms: int, lag: int) -> str:
    with tempfile.TemporaryDirectory() as name, watched() as exchanges:
        arguments = write(Path(name), vaults, vms, lag)
        began = time.process_time()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            status = command_line(["apply", *arguments])
        took = time.process_time() - began
    if status:
        raise SystemExit(f"{vaults} × {vms} ended with {status}")
    statuses = Counter(seen.code for seen in exchanges if seen.status == 429)
    reads = [count(exchanges, "GET", action) for action in ("backupProtectedItems", "backupJobs", "backupPolicies")]
    queries, virtual = count(exchanges, "POST", "resources"), exchanges[-1].at - exchanges[0].at
    cells = (
        *reads,
        queries,
        statuses.total(),
        statuses["ResourceRequestsThrottled"],
        f"{virtual.seconds} s",
        f"{took:.1f} s",
    )
    return f"| {vaults} × {vms}, graph {lag} s behind | {' | '.join(map(str, cells))} |"


def main() -> None:
    print("| vaults × VMs | items | jobs | policies | queries | 429 | of the hourly quota | box's time | CPU |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for configuration in CONFIGURATIONS:
        print(row(*configuration), flush=True)


if __name__ == "__main__":
    main()

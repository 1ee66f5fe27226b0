"""How many reads a second the box's service answers on one core, without HTTP around it.

Every read of `READS` is asked of one vault after the other in a world of 100 vaults × 100 VMs, in fresh order, so that
nothing is answered from what the request before it worked out.
"""

import time
from collections.abc import Callable
from typing import Any

from backup_reconciler.sandbox.core import Request, handle
from backup_reconciler.sandbox.state import State, new_state
from backup_reconciler.sandbox.world_file import parse_world

SUBSCRIPTION = "11111111-1111-1111-1111-111111111111"
SCOPE = f"/subscriptions/{SUBSCRIPTION}"
VAULTS, VMS, ROUNDS = 100, 100, 5


def vault(number: int) -> str:
    return f"{SCOPE}/resourceGroups/rg-{number:03}/providers/Microsoft.RecoveryServices/vaults/rsv"


def item(number: int) -> str:
    token = f"iaasvmcontainerv2;rg-{number:03};vm-{number:03}"
    return f"{vault(number)}/backupFabrics/Azure/protectionContainers/IaasVMContainer;{token}/protectedItems/VM;{token}"


def graph(number: int) -> Request:
    kind = "microsoft.recoveryservices/vaults/backupfabrics/protectioncontainers/protecteditems"
    query = f"recoveryservicesresources | where type =~ '{kind}' | project id, n = {number}"
    body = {"subscriptions": [SUBSCRIPTION], "query": query}
    version = {"api-version": "2024-04-01"}
    return Request("POST", "/providers/Microsoft.ResourceGraph/resources", version, {}, body)


def read(path: str, api_version: str = "2026-10-01", **query: str) -> Request:
    return Request("GET", path, {"api-version": api_version, **query})


MACHINES = f"{SCOPE}/providers/Microsoft.Compute/virtualMachines"
READS: dict[str, Callable[[int], Request]] = {
    "a vault": lambda number: read(vault(number)),
    "an item": lambda number: read(item(number)),
    "its policies": lambda number: read(f"{vault(number)}/backupPolicies"),
    "its jobs": lambda number: read(f"{vault(number)}/backupJobs"),
    "100 items": lambda number: read(f"{vault(number)}/backupProtectedItems"),
    "100 vaults": lambda _: read(f"{SCOPE}/providers/Microsoft.RecoveryServices/vaults"),
    "100 VMs": lambda _: read(MACHINES, "2025-04-01"),
    "100 VMs' status": lambda _: read(MACHINES, "2025-04-01", statusonly="true"),
    "1,000 of 10,000 items by Resource Graph": graph,
}


def world() -> dict[str, Any]:
    groups: dict[str, Any] = {}
    for number in range(VAULTS):
        names = [f"vm-{index:03}" for index in range(VMS)]
        items = [{"vm": f"rg-{number:03}/{name}", "policy": "DefaultPolicy"} for name in names]
        groups[f"rg-{number:03}"] = {
            "virtualMachines": {name: {"location": "japaneast", "tags": {"env": "prod"}} for name in names},
            "vaults": {"rsv": {"location": "japaneast", "protectedItems": items}},
        }
    return {"kind": "World", "subscriptions": {SUBSCRIPTION: {"resourceGroups": groups}}}


def seconds(state: State, request: Callable[[int], Request]) -> float:
    """CPU seconds of one read: the best of several rounds over all vaults."""
    rounds = []
    for _ in range(ROUNDS):
        requests = [request(number) for number in range(VAULTS)]
        began = time.process_time()
        for each in requests:
            response = handle(state.estate, each, state.clock, state.rng)
            assert response.status == 200, response
        rounds.append((time.process_time() - began) / VAULTS)
    return min(rounds)


def main() -> None:
    state = new_state(parse_world(world()))
    print("| read | µs | a second |\n| --- | ---: | ---: |")
    for name, request in READS.items():
        took = seconds(state, request)
        print(f"| {name} | {took * 1e6:,.0f} | {1 / took:,.0f} |", flush=True)


if __name__ == "__main__":
    main()

"""A driven box and asynchronous clients in one loop: nobody waits, and every run is the same run."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from azure.identity.aio import DefaultAzureCredential
from azure.mgmt.recoveryservicesbackup.aio import RecoveryServicesBackupClient

from backup_reconciler.sandbox import Box, Exchange, open_box

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

S = "11111111-1111-1111-1111-111111111111"
VMS = [f"vm-{number:02d}" for number in range(30)]
WORLD = {
    "kind": "World",
    "subscriptions": {
        S: {
            "resourceGroups": {
                "rg": {
                    "virtualMachines": {vm: {"location": "japaneast"} for vm in VMS},
                    "vaults": {"rsv": {"location": "japaneast"}},
                }
            }
        }
    },
}
GROUP = f"/subscriptions/{S}/resourceGroups/rg"
VAULT = f"{GROUP}/providers/Microsoft.RecoveryServices/vaults/rsv"
LOCAL = {"enforce_https": False}


async def protect(client: Any, box: Box, vm: str) -> float:
    """Protect a VM, look every 5 seconds whether it is done, and tell how long it took."""
    name = f"iaasvmcontainerv2;rg;{vm}"
    body = {
        "properties": {
            "protectedItemType": "Microsoft.Compute/virtualMachines",
            "sourceResourceId": f"{GROUP}/providers/Microsoft.Compute/virtualMachines/{vm}",
            "policyId": f"{VAULT}/backupPolicies/DefaultPolicy",
        }
    }
    began = box.now()
    place = ("rsv", "rg", "Azure", f"IaasVMContainer;{name}", f"VM;{name}")
    await client.protected_items.begin_create_or_update(*place, body, polling=False, **LOCAL)
    while True:
        await box.sleep(5)
        jobs = client.backup_jobs.list("rsv", "rg", filter="status eq 'InProgress'", **LOCAL)
        if vm not in [job.properties["entityFriendlyName"] async for job in jobs]:
            return (box.now() - began).total_seconds()


async def session(world_file: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[float], list[Exchange], set[str]]:
    async with open_box(world_file, fresh=True) as box:
        for name, value in box.environment().items():
            monkeypatch.setenv(name, value)
        async with (
            DefaultAzureCredential() as credential,
            RecoveryServicesBackupClient(
                credential, S, base_url=box.endpoint, credential_scopes=["https://management.azure.com/.default"]
            ) as client,
        ):
            took = await asyncio.gather(*(protect(client, box, vm) for vm in VMS))
            items = client.backup_protected_items.list("rsv", "rg", **LOCAL)
            return took, box.exchanges, {item.properties["friendlyName"] async for item in items}


def test_thirty_vms_at_once_and_nobody_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    world_file = tmp_path / "driven.world.yaml"
    world_file.write_text(yaml.safe_dump(WORLD))
    began = time.monotonic()
    took, exchanges, protected = asyncio.run(session(world_file, monkeypatch))
    assert time.monotonic() - began < 10
    assert took == [35.0] * len(VMS)
    assert protected == set(VMS)
    # Only who asks first after the due moment settles it: until then every VM asks once in 5 seconds.
    assert sum(exchange.method == "PUT" for exchange in exchanges) == len(VMS)
    assert sum(exchange.path.endswith("/backupJobs") for exchange in exchanges) == 7 * len(VMS)
    moments = [exchange.at for exchange in exchanges]
    assert moments == sorted(moments)
    again = asyncio.run(session(world_file, monkeypatch))
    first_run, second_run = (
        [
            (one.method, one.path, one.status, one.at)
            for one in sorted(run, key=lambda one: (one.at, one.path, one.method))
        ]
        for run in (exchanges, again[1])
    )
    assert first_run == second_run

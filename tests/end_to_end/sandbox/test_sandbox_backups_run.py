"""Days of backups as the Azure SDK sees them: the clock is moved, nobody waits."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Any

from azure.identity.aio import DefaultAzureCredential
from azure.mgmt.recoveryservicesbackup.aio import RecoveryServicesBackupClient

from backup_reconciler.sandbox import Box, open_box

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    import pytest

    Work = Callable[[Box, RecoveryServicesBackupClient], Awaitable[None]]

S = "11111111-1111-1111-1111-111111111111"
WORLD = f"""
kind: World
subscriptions:
  {S}:
    resourceGroups:
      rg:
        virtualMachines:
          well: {{location: japaneast}}
          ill: {{location: japaneast, backupFails: {{code: UserErrorFsFreezeFailed, times: 1}}}}
          slow: {{location: japaneast, backupFails: {{code: VMRestorePointInternalError, phase: transfer}}}}
        vaults:
          rsv:
            location: japaneast
            protectedItems:
              - {{vm: rg/well, policy: DefaultPolicy}}
              - {{vm: rg/ill, policy: DefaultPolicy}}
              - {{vm: rg/slow, policy: DefaultPolicy}}
"""
LOCAL = {"enforce_https": False}
DAY = 86400


def in_box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: Work) -> None:
    """Run `work(box, client)` in the loop of a driven box."""
    path = tmp_path / "days.world.yaml"
    path.write_text(WORLD)

    async def run() -> None:
        async with open_box(path) as box:
            for name, value in box.environment().items():
                monkeypatch.setenv(name, value)
            scopes = ["https://management.azure.com/.default"]
            async with (
                DefaultAzureCredential() as credential,
                RecoveryServicesBackupClient(credential, S, base_url=box.endpoint, credential_scopes=scopes) as client,
            ):
                await work(box, client)

    asyncio.run(run())


async def jobs(client: RecoveryServicesBackupClient, condition: str = "operation eq 'Backup'") -> list[Any]:
    return [job async for job in client.backup_jobs.list("rsv", "rg", filter=condition, **LOCAL)]


def test_three_days_are_three_backups_of_each_vm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(box: Box, client: RecoveryServicesBackupClient) -> None:
        await box.sleep(3 * DAY)
        found: dict[str, list[str]] = {}
        for job in reversed(await jobs(client)):
            found.setdefault(job.properties["entityFriendlyName"], []).append(job.properties["status"])
        assert found == {
            "well": ["Completed", "Completed", "Completed"],
            "ill": ["Failed", "Completed", "Completed"],
            "slow": ["CompletedWithWarnings"] * 3,
        }
        since = "operation eq 'Backup' and startTime eq '2026-11-25 11:00:00 AM'"
        assert Counter(job.properties["status"] for job in await jobs(client, since)) == {
            "Completed": 2,
            "CompletedWithWarnings": 1,
        }
        condition = "backupManagementType eq 'AzureIaasVM' and itemType eq 'VM'"
        items = client.backup_protected_items.list("rsv", "rg", filter=condition, **LOCAL)
        health = {item.properties["friendlyName"]: item.properties["healthStatus"] async for item in items}
        assert health == {"well": "Passed", "ill": "Passed", "slow": "ActionSuggested"}

    in_box(tmp_path, monkeypatch, work)


def test_a_backup_is_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(box: Box, client: RecoveryServicesBackupClient) -> None:
        name = "iaasvmcontainerv2;rg;well"
        now = {"properties": {"objectType": "IaasVMBackupRequest"}}
        await client.backups.trigger("rsv", "rg", "Azure", f"IaasVMContainer;{name}", f"VM;{name}", now, **LOCAL)
        (job,) = await jobs(client)
        await client.job_cancellations.trigger("rsv", "rg", job.name, **LOCAL)
        assert [one.properties["status"] for one in await jobs(client)] == ["Cancelling"]
        await box.sleep(60)
        details = await client.job_details.get("rsv", "rg", job.name, **LOCAL)
        assert details.properties.status == "Cancelled"
        assert details.properties.error_details[0].error_code == 400158

    in_box(tmp_path, monkeypatch, work)

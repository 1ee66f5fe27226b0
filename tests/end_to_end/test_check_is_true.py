"""What `check` tells is so: who is ready is backed up, the others are not."""

import asyncio
from datetime import timedelta

import pytest

from backup_reconciler.apply import Interrupt
from backup_reconciler.azure.codec import job
from backup_reconciler.cli.connection import connect
from backup_reconciler.cli.where import Where
from backup_reconciler.spec.arm_id import vault_id
from tests.conftest import SUBSCRIPTION, Cli, Estate, assignment, vault, vms
from tests.end_to_end.checks import POINTS, checked, declare, exists


async def backups_of_a_day(estate: Estate) -> dict[str, bool]:
    """By VM, whether its backup succeeds in the day that follows."""
    async with connect(Where(sandbox=estate.world), Interrupt()) as arm:
        start = arm.clock.now()
        await arm.clock.sleep(timedelta(days=1).total_seconds())
        found = await arm.list(job.since_request(vault_id(SUBSCRIPTION, "rg-backup", "rsv"), start))
    jobs = [one for one in map(job.decode, found) if one.operation == "Backup"]
    return {one.vm: not one.failed for one in jobs}


@pytest.mark.parametrize("denied", [False, True])
def test_vms_that_are_ready_are_backed_up_and_the_others_are_not(estate: Estate, cli: Cli, denied: bool) -> None:
    failed = {"state": "failed"}
    machines = vms("ok-01") | vms("off-01", power="stopped", agent=None) | vms("silent-01", agent=None)
    machines |= vms("broken-01", extensions={"VMSnapshotLinux": failed})
    policies = [{"name": "guardrail", "types": [POINTS]}] if denied else []
    exists(estate, machines, azurePolicies=policies)
    declare(estate, vault(), assignment(policy="DefaultPolicy"))
    told = {one["id"].rpartition("/")[2]: one["verdict"] == "ready" for one in checked(estate, cli, 2)["vms"]}
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert asyncio.run(backups_of_a_day(estate)) == told
    assert any(told.values()) is not denied

"""Reading why the last backups of VMs failed, where their items do not tell: one list a vault."""

from collections.abc import Collection

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import job
from backup_reconciler.azure.codec.protection import container_key_of
from backup_reconciler.azure.reading import list_of
from backup_reconciler.live.job_window import all_jobs
from backup_reconciler.spec.arm_id import ArmId


async def read_last_errors(arm: Arm, vault: ArmId, vms: Collection[ArmId]) -> dict[ArmId, str]:
    """Azure's codes of the newest failed backups of these VMs; nothing of a VM that has no failed one any more."""
    request = job.list_request(vault, *all_jobs(arm.clock.now()), "Backup", "Failed")
    found = await list_of(arm, request, job.decode)
    newest = {one.container: one.error_code for one in reversed(found)}  # the list has the newest first
    return {vm: newest[key] for vm in sorted(vms) if (key := container_key_of(vm)) in newest}

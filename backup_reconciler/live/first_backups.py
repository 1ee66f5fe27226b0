"""Reading which VMs were ever tried to be backed up, where their items do not tell: one list a vault."""

from collections.abc import Iterable
from dataclasses import replace

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import job
from backup_reconciler.azure.codec.protection import container_key_of
from backup_reconciler.azure.reading import list_of
from backup_reconciler.azure.tasks import gather
from backup_reconciler.live.job_window import all_jobs
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.snapshot import Snapshot, VaultContents


async def with_backups_tried(arm: Arm, snapshot: Snapshot, vaults: Iterable[ArmId]) -> Snapshot:
    """The snapshot with what the jobs of these vaults tell of backups that were tried: one list for each vault."""
    before, asked = arm.sent.reads, sorted(vaults)
    tried = await gather(_backups_tried(arm, snapshot.vaults[vault]) for vault in asked)
    vaults_now = {**snapshot.vaults, **dict(zip(asked, tried, strict=True))}
    return replace(snapshot, vaults=vaults_now, requests=snapshot.requests + arm.sent.reads - before)


async def _backups_tried(arm: Arm, contents: VaultContents) -> VaultContents:
    request = job.list_request(contents.vault.id, *all_jobs(arm.clock.now()), "Backup")
    found = {one.container for one in await list_of(arm, request, job.decode)}
    return replace(contents, backup_tried=frozenset(vm for vm in contents.items if container_key_of(vm) in found))

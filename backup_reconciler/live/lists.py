"""The snapshot by lists: consistent, and no request per VM.

Another way of reading would stand beside this one. Requests: per subscription one list of vaults and one of VMs (their
pages), per vault in scope that exists one GET, one list of policies and one of items (their pages), one GET per vault
that is not listed, one of a Resource Guard, one where a setting can be had before the first machine alone, and one
Resource Graph query where VMs are selected. Where first backups are asked for, `live.first_backups` adds one list of
jobs per vault that holds such a VM without any.
"""

from collections.abc import Iterable, Mapping

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import graph, vault, vm
from backup_reconciler.azure.errors import AzureError
from backup_reconciler.azure.reading import read, read_all
from backup_reconciler.azure.tasks import gather, together
from backup_reconciler.live.vault import list_vaults, read_vault
from backup_reconciler.spec.arm_id import ArmId, resource_group_of
from backup_reconciler.state.snapshot import Scope, Snapshot, VaultContents
from backup_reconciler.state.vault import LiveVault
from backup_reconciler.state.vm import LiveVM


async def read_snapshot(arm: Arm, scope: Scope) -> Snapshot:
    """All that is in scope. Raises `AzureError` when any of it cannot be read: a failed read is never an absence."""
    before = arm.sent.reads
    async with together() as tasks:
        listing = tasks.create_task(_vaults(arm, scope))
        vms = tasks.create_task(_vms(arm, scope))
        holders = tasks.create_task(_holders(arm, scope))
    listed, existing, missing_groups = listing.result()
    return Snapshot(
        vaults=existing,
        listed_vaults=listed,
        missing_groups=missing_groups,
        vms=vms.result(),
        held_elsewhere=_elsewhere(holders.result(), scope),
        requests=arm.sent.reads - before,
    )


async def read_fleet(arm: Arm, scope: Scope) -> Snapshot:
    """The VMs that may be selected, and nothing else. Raises as `read_snapshot` does."""
    before = arm.sent.reads
    return Snapshot(vms=await _vms(arm, scope), requests=arm.sent.reads - before)


async def _vaults(arm: Arm, scope: Scope) -> tuple[tuple[ArmId, ...], Mapping[ArmId, VaultContents], frozenset[ArmId]]:
    listed = await list_vaults(arm, scope.vault_subscriptions)
    wanted = sorted(scope.vaults & listed.keys())
    async with together() as tasks:
        there = tasks.create_task(gather(_contents(arm, listed[id_], scope) for id_ in wanted))
        absent = tasks.create_task(gather(_unlisted(arm, id_, scope) for id_ in sorted(scope.vaults - listed.keys())))
    found = [*there.result(), *(answer for answer in absent.result() if isinstance(answer, VaultContents))]
    groups = [answer for answer in absent.result() if isinstance(answer, ArmId)]
    return tuple(sorted(listed)), {contents.vault.id: contents for contents in found}, frozenset(groups)


async def _unlisted(arm: Arm, vault_id: ArmId, scope: Scope) -> VaultContents | ArmId | None:
    """A vault that the list does not show: its contents after all, or its resource group when that is missing too.

    ARM lists what the caller may read, so a list alone is no proof that something does not exist.
    """
    try:
        answer = await arm.send(vault.get_request(vault_id))
    except AzureError as error:
        if error.status != 404:
            raise
        return resource_group_of(vault_id) if error.code == "ResourceGroupNotFound" else None
    return await _contents(arm, read(vault.decode, answer.body), scope)


async def _contents(arm: Arm, listed: LiveVault, scope: Scope) -> VaultContents:
    """What a vault holds. One that is being created holds nothing yet, one that is being deleted is not asked."""
    if listed.being_created or listed.being_deleted:
        return VaultContents(listed)
    return await read_vault(arm, listed.id, scope.declared.get(listed.id))


async def _vms(arm: Arm, scope: Scope) -> dict[ArmId, LiveVM]:
    lists = await gather(arm.list(vm.list_request(subscription)) for subscription in sorted(scope.vm_subscriptions))
    return {found.id: found for page in lists for found in read_all(vm.decode, page)}


async def _holders(arm: Arm, scope: Scope) -> list[tuple[ArmId, ArmId]]:
    if not scope.vm_subscriptions:
        return []
    return await graph.vaults_by_vm(arm, sorted(scope.vm_subscriptions | scope.vault_subscriptions))


def _elsewhere(holders: Iterable[tuple[ArmId, ArmId]], scope: Scope) -> dict[ArmId, ArmId]:
    """Of vaults in scope the item list has the truth, which the graph may be minutes behind."""
    return {vm_id: vault_id for vm_id, vault_id in sorted(holders) if vault_id not in scope.vaults}

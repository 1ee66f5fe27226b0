"""The snapshot by lists: consistent, and no request per VM. Another way of reading would stand beside this one.

Requests: per subscription one list of vaults and one of VMs (their pages), per vault in scope that exists one GET, one
list of policies and one of items (their pages), one GET per resource group of a vault that does not exist, and one
Resource Graph query where VMs are selected.
"""

from collections.abc import Iterable, Mapping

from backup_reconciler.azure import graph, resource_group, vm
from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.tasks import gather, together
from backup_reconciler.live.vault import list_vaults, read_vault
from backup_reconciler.spec.arm_id import ArmId
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


async def _vaults(arm: Arm, scope: Scope) -> tuple[tuple[ArmId, ...], Mapping[ArmId, VaultContents], frozenset[ArmId]]:
    listed = await list_vaults(arm, scope.vault_subscriptions)
    wanted = [listed[id_] for id_ in sorted(listed) if id_ in scope.vaults]
    groups = sorted({resource_group.group_id(id_) for id_ in scope.vaults if id_ not in listed})
    async with together() as tasks:
        contents = tasks.create_task(gather(_contents(arm, found) for found in wanted))
        exists = tasks.create_task(gather(arm.exists(resource_group.get_request(group)) for group in groups))
    return (
        tuple(sorted(listed)),
        {found.vault.id: found for found in contents.result()},
        frozenset(group for group, is_there in zip(groups, exists.result(), strict=True) if not is_there),
    )


async def _contents(arm: Arm, listed: LiveVault) -> VaultContents:
    """What a vault holds. One that is still being created holds nothing and cannot be asked yet."""
    return VaultContents(listed) if listed.under_way else await read_vault(arm, listed.id)


async def _vms(arm: Arm, scope: Scope) -> dict[ArmId, LiveVM]:
    lists = await gather(arm.list(vm.list_request(subscription)) for subscription in sorted(scope.vm_subscriptions))
    return {found.id: found for page in lists for found in map(vm.decode, page)}


async def _holders(arm: Arm, scope: Scope) -> list[tuple[ArmId, ArmId]]:
    if not scope.vm_subscriptions:
        return []
    return await graph.vaults_by_vm(arm, sorted(scope.vm_subscriptions | scope.vault_subscriptions))


def _elsewhere(holders: Iterable[tuple[ArmId, ArmId]], scope: Scope) -> dict[ArmId, ArmId]:
    """Of vaults in scope the item list has the truth, which the graph may be minutes behind."""
    return {vm_id: vault_id for vm_id, vault_id in sorted(holders) if vault_id not in scope.vaults}

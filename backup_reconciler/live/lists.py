"""The snapshot by lists: consistent, and no request per VM.

Another way of reading would stand beside this one. Requests: per subscription one list of vaults and one of VMs (their
pages), per vault in scope that exists one GET, one list of policies and one of items (their pages), one GET per vault
that is not listed, one of a Resource Guard, one where a setting can be had before the first machine alone, and one
Resource Graph query where VMs are selected. VMs that matter and that no list shows are asked for, 20 at most. Where
first backups are asked for, `live.first_backups` adds one list of jobs per vault that holds such a VM without any.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import graph, vault
from backup_reconciler.azure.errors import AzureError
from backup_reconciler.azure.reading import read
from backup_reconciler.azure.tasks import gather, together
from backup_reconciler.live.vault import list_vaults, read_vault
from backup_reconciler.live.vm import ListedVMs, ask_for_vms, list_shown_vms, list_vms
from backup_reconciler.spec.arm_id import ArmId, resource_group_of
from backup_reconciler.state.protection import ItemState
from backup_reconciler.state.snapshot import HeldElsewhere, Scope, Snapshot, VaultContents, VaultOutline
from backup_reconciler.state.vault import LiveVault


async def read_snapshot(arm: Arm, scope: Scope) -> Snapshot:
    """All that is in scope. Raises `AzureError` when any of it cannot be read: a failed read is never an absence."""
    before = arm.sent.reads
    async with together() as tasks:
        listing = tasks.create_task(_vaults(arm, scope))
        vms = tasks.create_task(list_shown_vms(arm, scope.vm_subscriptions))
        holders = tasks.create_task(_holders(arm, scope))
    listed, existing, missing_groups = listing.result()
    known, protected = vms.result(), holders.result()
    open_vms = _not_listed(known, existing.values(), scope)
    found, absent = await ask_for_vms(arm, open_vms)
    return Snapshot(
        vaults=existing,
        listed_vaults=tuple(sorted(listed)),
        missing_groups=missing_groups,
        vms={**known.vms, **found},
        hidden_subscriptions=known.hidden,
        absent_vms=absent,
        held_elsewhere=_elsewhere(protected, scope),
        left_out=_outlines(listed, protected, scope),
        disputed=_disputed(protected, existing),
        requests=arm.sent.reads - before,
    )


async def read_fleet(arm: Arm, scope: Scope) -> Snapshot:
    """The VMs that may be selected, and nothing else. Raises `AzureError` when any of them cannot be read."""
    before = arm.sent.reads
    return Snapshot(vms=await list_vms(arm, scope.vm_subscriptions), requests=arm.sent.reads - before)


async def read_left_out(arm: Arm, snapshot: Snapshot, vaults: frozenset[ArmId], scope: Scope) -> Snapshot:
    """The snapshot with the contents of some vaults that were left out: three requests for each."""
    if not vaults:
        return snapshot
    before = arm.sent.reads
    listed = {id_: outline.listed for id_, outline in snapshot.left_out.items() if id_ in vaults and outline.listed}
    existing, groups = await _existing(arm, vaults, listed, scope)
    disputed = {
        vm: vault
        for vault, contents in sorted(existing.items())
        for vm in snapshot.left_out[vault].items
        if vm not in contents.items
    }
    return replace(
        snapshot,
        vaults={**snapshot.vaults, **existing},
        missing_groups=snapshot.missing_groups | groups,
        left_out={id_: outline for id_, outline in snapshot.left_out.items() if id_ not in vaults},
        disputed={**snapshot.disputed, **disputed},
        requests=snapshot.requests + arm.sent.reads - before,
    )


async def _vaults(
    arm: Arm, scope: Scope
) -> tuple[Mapping[ArmId, LiveVault], Mapping[ArmId, VaultContents], frozenset[ArmId]]:
    listed = await list_vaults(arm, scope.listed_subscriptions)
    existing, missing_groups = await _existing(arm, scope.read_vaults, listed, scope)
    return listed, existing, missing_groups


async def _existing(
    arm: Arm, vaults: frozenset[ArmId], listed: Mapping[ArmId, LiveVault], scope: Scope
) -> tuple[Mapping[ArmId, VaultContents], frozenset[ArmId]]:
    """Those of some vaults that exist, with what they hold; and the resource groups of others that are missing too."""
    wanted = sorted(vaults & listed.keys())
    async with together() as tasks:
        there = tasks.create_task(gather(_contents(arm, listed[id_], scope) for id_ in wanted))
        absent = tasks.create_task(gather(_unlisted(arm, id_, scope) for id_ in sorted(vaults - listed.keys())))
    found = [*there.result(), *(answer for answer in absent.result() if isinstance(answer, VaultContents))]
    groups = [answer for answer in absent.result() if isinstance(answer, ArmId)]
    return {contents.vault.id: contents for contents in found}, frozenset(groups)


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


def _not_listed(known: ListedVMs, vaults: Iterable[VaultContents], scope: Scope) -> list[ArmId]:
    """The VMs that no list shows, though they are selected by id, or have a backup and belong to a list that was read.

    Those that are selected come first, because something is to be done for them.
    """
    read = scope.vm_subscriptions - known.hidden
    backed_up = {item.vm for contents in vaults for item in contents.backups}
    to_be_listed = {vm for vm in backed_up if vm.subscription.casefold() in read}
    return [*sorted(scope.vms - known.vms.keys()), *sorted(to_be_listed - known.vms.keys() - scope.vms)]


async def _holders(arm: Arm, scope: Scope) -> list[graph.ProtectedVM]:
    if not (scope.vm_subscriptions or scope.left_out):
        return []
    return await graph.protected_vms(arm, sorted(scope.vm_subscriptions | scope.vault_subscriptions))


def _elsewhere(protected: Iterable[graph.ProtectedVM], scope: Scope) -> dict[ArmId, HeldElsewhere]:
    """Of vaults in scope the item list has the truth, which the graph may be minutes behind.

    A VM is in two vaults only while one of them keeps a soft-deleted backup of it: the other one is told.
    """
    elsewhere = [one for one in protected if one.vault not in scope.vaults]
    elsewhere.sort(key=lambda one: (one.vm, one.state is not ItemState.SOFT_DELETED, one.vault))
    return {one.vm: HeldElsewhere(one.vault, one.state) for one in elsewhere}


def _outlines(
    listed: Mapping[ArmId, LiveVault], protected: Iterable[graph.ProtectedVM], scope: Scope
) -> dict[ArmId, VaultOutline]:
    items: dict[ArmId, dict[ArmId, ItemState]] = {vault: {} for vault in sorted(scope.left_out)}
    for one in protected:
        if one.vault in items:
            items[one.vault][one.vm] = one.state
    return {vault: VaultOutline(listed.get(vault), held) for vault, held in items.items()}


def _disputed(protected: Iterable[graph.ProtectedVM], existing: Mapping[ArmId, VaultContents]) -> dict[ArmId, ArmId]:
    in_scope = ((one.vm, one.vault) for one in protected if one.vault in existing)
    return {vm: vault for vm, vault in sorted(in_scope) if vm not in existing[vault].items}

"""The snapshot by lists: consistent, and no request per VM.

Another way of reading stands beside this one (`live.graph`). Requests: per subscription one list of vaults and one of
VMs (their pages), per vault in scope that exists one GET, one list of policies and one of items (their pages), one GET
per vault that is not listed, one of a Resource Guard, one where a setting can be had before the first machine alone,
and one Resource Graph query where VMs are selected. VMs that matter and that no list shows are asked for, 20 at most.
Where first backups are asked for, `live.first_backups` adds one list of jobs per vault that holds such a VM without
any.
"""

from collections.abc import Mapping
from dataclasses import replace

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import graph
from backup_reconciler.azure.tasks import gather, together
from backup_reconciler.live.contents import find_contents, read_contents
from backup_reconciler.live.holders import disputed, held_elsewhere, outlines
from backup_reconciler.live.vault import list_vaults
from backup_reconciler.live.vm import ask_for_vms, list_shown_vms, list_vms, not_listed
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.snapshot import Scope, Snapshot, VaultContents
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
    found, absent = await ask_for_vms(arm, not_listed(known.vms.keys(), known.hidden, existing.values(), scope))
    return Snapshot(
        vaults=existing,
        listed_vaults=tuple(sorted(listed)),
        missing_groups=missing_groups,
        vms={**known.vms, **found},
        hidden_subscriptions=known.hidden,
        absent_vms=absent,
        held_elsewhere=held_elsewhere(protected, scope),
        left_out=outlines(listed, protected, scope),
        disputed=disputed(protected, existing),
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
    denied = {
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
        disputed={**snapshot.disputed, **denied},
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
        there = tasks.create_task(gather(read_contents(arm, listed[id_], scope) for id_ in wanted))
        absent = tasks.create_task(gather(find_contents(arm, id_, scope) for id_ in sorted(vaults - listed.keys())))
    found = [*there.result(), *(answer for answer in absent.result() if isinstance(answer, VaultContents))]
    groups = [answer for answer in absent.result() if isinstance(answer, ArmId)]
    return {contents.vault.id: contents for contents in found}, frozenset(groups)


async def _holders(arm: Arm, scope: Scope) -> list[graph.ProtectedVM]:
    if not (scope.vm_subscriptions or scope.left_out):
        return []
    return await graph.protected_vms(arm, sorted(scope.vm_subscriptions | scope.vault_subscriptions))

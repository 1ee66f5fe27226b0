"""Which vault holds a VM: what Resource Graph tells of it, and the service itself where that is left open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import backup_status, graph
from backup_reconciler.azure.errors import AzureError
from backup_reconciler.azure.reading import read
from backup_reconciler.azure.tasks import gather
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.protection import ItemState
from backup_reconciler.state.snapshot import MOST_ASKED_FOR, HeldElsewhere, Scope, Snapshot, VaultContents, VaultOutline
from backup_reconciler.state.vault import LiveVault
from backup_reconciler.state.vm import LiveVM


def held_elsewhere(protected: Iterable[graph.ProtectedVM], scope: Scope) -> dict[ArmId, HeldElsewhere]:
    """Of vaults in scope the item list has the truth, which the graph may be minutes behind.

    A VM is in two vaults only while one of them keeps a soft-deleted backup of it: the other one is told.
    """
    elsewhere = [one for one in protected if one.vault not in scope.vaults]
    elsewhere.sort(key=lambda one: (one.vm, one.state is not ItemState.SOFT_DELETED, one.vault))
    return {one.vm: HeldElsewhere(one.vault, one.state) for one in elsewhere}


def disputed(protected: Iterable[graph.ProtectedVM], existing: Mapping[ArmId, VaultContents]) -> dict[ArmId, ArmId]:
    """The VMs that a vault in scope holds by Resource Graph, and does not by its own list."""
    in_scope = ((one.vm, one.vault) for one in protected if one.vault in existing)
    return dict(sorted((vm, vault) for vm, vault in in_scope if vm not in existing[vault].items))


def outlines(
    listed: Mapping[ArmId, LiveVault], protected: Iterable[graph.ProtectedVM], scope: Scope
) -> dict[ArmId, VaultOutline]:
    """What is known of the vaults that are left out."""
    items: dict[ArmId, dict[ArmId, ItemState]] = {vault: {} for vault in sorted(scope.left_out)}
    for one in protected:
        if one.vault in items:
            items[one.vault][one.vm] = one.state
    return {vault: VaultOutline(listed.get(vault), held) for vault, held in items.items()}


async def ask_for_holders(arm: Arm, snapshot: Snapshot, doubtful: Sequence[ArmId]) -> Snapshot:
    """The snapshot with what the service says of the first 20 of these VMs: one request for each.

    Of the others, and where these rights do not let ask, what Resource Graph says is all there is.
    """
    before = arm.sent.reads
    asked = [snapshot.vms[vm] for vm in doubtful[:MOST_ASKED_FOR]]
    answers = await gather(_ask(arm, vm) for vm in asked)
    told = {vm.id: one.vault for vm, one in zip(asked, answers, strict=True) if one and _is_definite(one)}
    requests = snapshot.requests + arm.sent.reads - before
    return replace(snapshot, confirmed_holders={**snapshot.confirmed_holders, **told}, requests=requests)


async def _ask(arm: Arm, vm: LiveVM) -> backup_status.BackupStatus | None:
    """None where these rights do not let ask: to read a VM's status is an action that a mere reader lacks."""
    try:
        answer = await arm.send(backup_status.status_request(vm.id, vm.location))
    except AzureError as error:
        if error.status != 403:
            raise
        return None
    return read(backup_status.decode, answer.body)


def _is_definite(answer: backup_status.BackupStatus) -> bool:
    """Whether it says which vault holds the VM, or that none does."""
    return answer.vault is not None or not answer.is_protected

"""Asking the service itself which vault holds a VM, where Resource Graph and the lists leave that open."""

from collections.abc import Sequence
from dataclasses import replace

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import backup_status
from backup_reconciler.azure.errors import AzureError
from backup_reconciler.azure.reading import read
from backup_reconciler.azure.tasks import gather
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.snapshot import MOST_ASKED_FOR, Snapshot
from backup_reconciler.state.vm import LiveVM


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

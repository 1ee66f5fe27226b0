"""What keeps a backup from succeeding: each obstacle looks at the estate and gives a failure, or None."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.compute.extension import snapshot_failure
from backup_reconciler.sandbox.core.estate import Failure
from backup_reconciler.sandbox.core.network.reach import cut_off
from backup_reconciler.sandbox.core.policy_insights.snapshots import snapshot_denied
from backup_reconciler.sandbox.core.recovery_services.backups import snapshots

if TYPE_CHECKING:
    from collections.abc import Callable

    from backup_reconciler.sandbox.core.estate import Estate, ProtectedItem, VirtualMachine

    Obstacle = Callable[[Estate, ProtectedItem, VirtualMachine], Failure | None]

VM_NOT_FOUND = Failure("BCMV2VMNotFound", "The virtual machine doesn't exist.", 400094)
_NO_AGENT = Failure("UserErrorGuestAgentStatusUnavailable", "VM agent unable to communicate with Azure Backup.")

_CUT_OFF = Failure(
    "ExtensionSnapshotFailedNoNetwork",
    "Snapshot operation failed due to no network connectivity on the virtual machine",
)
_FULL = Failure("UserErrorRpCollectionLimitReached", "The Restore Point collection max limit has reached.")


def against_snapshot(estate: Estate, item: ProtectedItem) -> Failure | None:
    """The first thing that keeps a snapshot of the item's VM from being taken."""
    vm = estate.virtual_machine(item.source)
    if vm is None:
        return VM_NOT_FOUND
    found = (obstacle(estate, item, vm) for obstacle in _OBSTACLES)
    return next((failure for failure in found if failure), None) or _asked_for(vm, "snapshot")


def against_transfer(estate: Estate, item: ProtectedItem) -> Failure | None:
    """What keeps the snapshot from reaching the vault; the VM itself is not needed for it any more."""
    vm = estate.virtual_machine(item.source)
    return _asked_for(vm, "transfer") if vm else None


def _no_agent(_estate: Estate, _item: ProtectedItem, vm: VirtualMachine) -> Failure | None:
    """A running VM is asked by its agent; one that is off is backed up as it stands (Learn: support-matrix-iaas)."""
    return _NO_AGENT if vm.power == "running" and vm.agent_version is None else None


def _extension_failed(_estate: Estate, _item: ProtectedItem, vm: VirtualMachine) -> Failure | None:
    """The extension of Azure Backup cannot work in the VM (Learn: backup-azure-troubleshoot)."""
    why = snapshot_failure(vm) if vm.power == "running" else None
    return (
        None if why is None else Failure("ExtensionStuckInDeletionState", why or "Extension state is not supportive.")
    )


def _no_network(estate: Estate, _item: ProtectedItem, vm: VirtualMachine) -> Failure | None:
    """What runs inside a VM speaks over the VM's own network, where the world says that it does."""
    return _CUT_OFF if vm.needs_network and vm.power == "running" and cut_off(estate, vm) else None


def _denied_by_policy(estate: Estate, item: ProtectedItem, vm: VirtualMachine) -> Failure | None:
    return snapshot_denied(estate, vm, snapshots.group_of(estate, item, vm))


def _collection_full(estate: Estate, item: ProtectedItem, vm: VirtualMachine) -> Failure | None:
    """Under a lock old restore points cannot be removed, until there is no room for another (Learn: FAQ)."""
    return _FULL if snapshots.full(estate, item, vm) else None


_OBSTACLES: tuple[Obstacle, ...] = (_no_agent, _extension_failed, _no_network, _denied_by_policy, _collection_full)


def _asked_for(vm: VirtualMachine, phase: str) -> Failure | None:
    """What the VM's entry in the world asks for, so many times as it says."""
    told = vm.backup_fails
    if told is None or told.phase != phase or told.times == 0:
        return None
    if told.times is not None:
        told.times -= 1
    return told.failure

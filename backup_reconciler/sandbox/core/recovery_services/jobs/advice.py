"""What the service recommends about an error, by its code (Learn: backup-azure-vms-troubleshoot, in short)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import Failure
    from backup_reconciler.sandbox.core.wire.messages import Json

_AGENT = "Check that the VM agent is installed, current and running in the VM, then back up again."
_VM_GONE = "Create the VM again under its name and resource group, or stop protecting it."
_WAY_OUT = "Give the VM a way to reach Azure Storage, then back up again."
_ADVICE = {
    "UserErrorGuestAgentStatusUnavailable": _AGENT,
    "GuestAgentSnapshotTaskStatusError": _AGENT,
    "ExtensionSnapshotFailedNoNetwork": _WAY_OUT,
    "ExtensionSnapshotFailedNoSecureNetwork": "Let the VM's .NET Framework use strong cryptography.",
    "ExtensionFailedTimeoutVMNetworkUnresponsive": "Back up when the VM is under less load, or give it more resources.",
    "UserErrorVmNotInDesirableState": "Bring the VM into one of the states Running, Stopped or Deallocated.",
    "VmNotInDesirableState": "Bring the VM into one of the states Running, Stopped or Deallocated.",
    "UserErrorRpCollectionLimitReached": "Remove the lock on the resource group of the restore points, and clear it.",
    "UserErrorBackupOperationInProgress": "Wait until the backup that runs has ended.",
    "UserErrorKeyvaultPermissionsNotConfigured": "Give Azure Backup access to the key vault of the VM's keys.",
    "UserErrorRequestDisallowedByPolicy": "Exempt the resource group of the restore points from the Azure Policy.",
    "UserErrorFsFreezeFailed": "Check the file systems that could not be frozen, or leave them out of the freeze.",
    "ExtensionStuckInDeletionState": "Uninstall the backup extension; the next backup installs it anew.",
    "ResourceNotFound": _VM_GONE,
    "BCMV2VMNotFound": _VM_GONE,
    "AzureVmOffline": "Start the VM, and check that its agent is installed.",
}


def recommendations(failure: Failure) -> list[str]:
    found = _ADVICE.get(failure.code)
    return [found] if found else []


def as_health(failure: Failure) -> Json:
    """An error as an item's health tells it; the fields are named unlike a job's (SDKB)."""
    return {
        "code": failure.number,
        "title": failure.code,
        "message": failure.message,
        "recommendations": recommendations(failure),
    }

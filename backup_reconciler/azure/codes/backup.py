"""The codes with which backups fail, in words: what each means, and what to do.

Source: Microsoft Learn, "Troubleshoot backup failures on Azure virtual machines" and "Troubleshoot Azure Backup
failure: Issues with the agent or extension".
"""

_AGENT = "start the VM, then install or restart its agent"
_WAY_OUT = (
    "let the VM out to AzureBackup, Storage and AzureActiveDirectory; see OutboundAccess in docs/manifests/outbound.md"
)
_DESIRABLE_STATE = (
    "the VM is being changed, or its provisioning has failed",
    "bring the VM to running or deallocated, then back it up again",
)
_VM_GONE = (
    "the VM does not exist any more",
    "stop its backups, which keeps its recovery points, or restore it under its name and resource group",
)
_VM_OFF = ("the VM is off, or does not answer", "start the VM and see that its agent runs, then back it up again")

EXPLAINED = {
    "UserErrorGuestAgentStatusUnavailable": ("the VM agent does not answer the backup service", _AGENT),
    "GuestAgentSnapshotTaskStatusError": ("the VM agent does not tell how the snapshot went", _AGENT),
    "ExtensionSnapshotFailedNoNetwork": (
        "the backup extension has no way out of the VM's network",
        _WAY_OUT,
    ),
    "ExtensionSnapshotFailedNoSecureNetwork": (
        "the backup extension cannot open a secure channel to Azure",
        "let the VM's .NET Framework use strong cryptography (SchUseStrongCrypto), then back it up again",
    ),
    "ExtensionFailedTimeoutVMNetworkUnresponsive": (
        "the backup extension does not answer in time: the VM's network is cut off, or the VM is overloaded",
        "see that the VM reaches Azure (docs/manifests/outbound.md), and back it up while it has less to do",
    ),
    "UserErrorVmNotInDesirableState": _DESIRABLE_STATE,
    "VmNotInDesirableState": _DESIRABLE_STATE,
    "UserErrorRpCollectionLimitReached": (
        "snapshots could not be cleaned up, often because of a lock on the snapshots' resource group",
        "remove the lock from the AzureBackupRG_* group",
    ),
    "UserErrorBackupOperationInProgress": (
        "another backup of the VM was taking its snapshot",
        "nothing, where that one goes well; else back it up again when it has ended",
    ),
    "UserErrorKeyvaultPermissionsNotConfigured": (
        "the VM is encrypted, and the backup service may not read its keys",
        "give the Backup Management Service access to the key vault of the VM's keys",
    ),
    "UserErrorRequestDisallowedByPolicy": (
        "an Azure Policy denies the resource group or the restore points of the snapshots",
        "exempt the AzureBackupRG_* group from that policy",
    ),
    "UserErrorFsFreezeFailed": (
        "a file system of the VM could not be frozen for the snapshot",
        "check the file systems with fsck, or leave the one that fails out of the freeze (vmbackup.conf)",
    ),
    "ExtensionStuckInDeletionState": (
        "the backup extension of the VM is being removed, or is broken",
        "uninstall the extension VMSnapshot or VMSnapshotLinux; the next backup installs it anew",
    ),
    "BCMV2VMNotFound": _VM_GONE,
    "AzureVmOffline": _VM_OFF,
    "CloudInternalError": ("the service itself failed", "wait for the next backup, or start one later"),
    "UserErrorJobSuccessfullyCancelled": ("somebody cancelled it", "nothing, where that was meant"),
}

EXPLAINED_BY_NUMBER = {"320001": _VM_GONE, "400094": _VM_GONE, "380008": _VM_OFF}
"""Errors by the number that a job gives. The name of the first, ResourceNotFound, means something else elsewhere."""

"""Which VMs are known to need their own network for their backups; of all others the platform takes the snapshots."""

from collections.abc import Mapping, Sequence

from backup_reconciler.plan.outbound.targets import Outbound
from backup_reconciler.plan.readiness.candidate import Candidate
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.protection import FAILED_FOR_NETWORK


def needs_network(candidate: Candidate) -> bool:
    """Whether the VM itself, or its backup item, tells that it does."""
    item = candidate.item
    return bool(candidate.vm.needs_own_network) or (item is not None and item.last_error in FAILED_FOR_NETWORK)


def tells_no_error(candidate: Candidate) -> bool:
    """Whether the last backup failed, and only its job tells why."""
    item = candidate.item
    return item is not None and item.last_backup_failed and not item.last_error


def need_of(candidate: Candidate, errors: Mapping[ArmId, str], documents: Sequence[Outbound]) -> str:
    """Why it is known to, in words that fit all VMs of which the same is so; empty where that is not known.

    `errors` are those of last backups that jobs tell, by VM; `documents` declare outbound access for this one.
    """
    if candidate.vm.needs_own_network:
        disks = "disks with write acceleration" if candidate.vm.disk_kind == "managed" else "unmanaged disks"
        return f"{disks} are backed up over the VM's own network"
    error = (candidate.item.last_error if candidate.item else "") or errors.get(candidate.vm.id, "")
    if error in FAILED_FOR_NETWORK:
        return f"the last backup failed with {error}"
    return f"{documents[0]} declares that they need it" if documents else ""

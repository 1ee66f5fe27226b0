"""How consistent the recovery points of a VM will be."""

from enum import StrEnum

from backup_reconciler.plan.readiness.candidate import Candidate
from backup_reconciler.state.vm_status import VMStatus


class Consistency(StrEnum):
    """What a recovery point holds (source: Azure Backup, snapshot consistency)."""

    APPLICATION = "application-consistent"
    """What applications had in memory as well: of Windows VMs that run, by VSS."""
    FILE_SYSTEM = "file-system-consistent"
    """All files as they were at one moment: of Linux VMs that run. With pre- and post-scripts in the VM it is
    application-consistent."""
    CRASH = "crash-consistent"
    """The disks as if the power had been cut: of VMs that are off, or by a policy that asks for no more."""


def consistency_of(candidate: Candidate, status: VMStatus | None) -> Consistency | None:
    """What to expect of a VM as it is now; None where what is known of it does not tell."""
    if candidate.without_agent:
        return Consistency.CRASH
    if status is None or status.power is None:
        return None
    if status.power != "running":
        return Consistency.CRASH
    return {"Windows": Consistency.APPLICATION, "Linux": Consistency.FILE_SYSTEM}.get(candidate.vm.os or "")

"""A job of a vault: what the service does for a VM, how far it is, and why it failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

SNAPSHOT = "Snapshot"
TRANSFER = "Transfer data to vault"
_CONFIGURES = frozenset({"ConfigureBackup", "DisableBackup", "DeleteBackupData", "Undelete"})
_RUNNING = frozenset({"InProgress", "Cancelling"})
_FAILED = frozenset({"Failed", "Cancelled"})
_BY_SOMEBODY = frozenset({"Cancelling", "Cancelled"})

_STATUS_BY_PHASES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("Completed", "InProgress"): "InProgress",
        ("Completed", "Skipped"): "Completed",
        ("Completed", "Completed"): "Completed",
        ("Completed", "Failed"): "CompletedWithWarnings",
        ("Failed", "Failed"): "Failed",
    }
)
"""What the snapshot and the transfer of a backup make of the whole job.

Source: Microsoft Learn, "Back up Azure VMs in a Recovery Services vault", table of job statuses.
"""


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of a backup, or one task of another job, with its status in Azure's words."""

    name: str
    status: str


@dataclass(frozen=True, slots=True)
class JobError:
    """Why a job failed: in Azure's words, and what that means and calls for where it is known."""

    code: str
    """Azure's name of the error, or its number where it has no name."""
    message: str
    meaning: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """A job of a vault, its operation and status in Azure's words."""

    id: str
    container: str
    """Names its VM, as an item's container does: `iaasvmcontainerv2;group;vm`, in lower case."""
    operation: str
    listed_status: str
    started: datetime | None = None
    ended: datetime | None = None
    errors: tuple[JobError, ...] = ()
    phases: tuple[Phase, ...] | None = None
    """None where they were not read: lists do not tell them."""

    @property
    def vm(self) -> str:
        """The name of its VM."""
        return self.container.rpartition(";")[2]

    @property
    def status(self) -> str:
        """Of the whole job: what its phases make of it where they are known, else what Azure says.

        What somebody cancelled is over, whatever its phases had come to by then.
        """
        if self.listed_status in _BY_SOMEBODY:
            return self.listed_status
        phases = {phase.name: phase.status for phase in self.phases or ()}
        return _STATUS_BY_PHASES.get((phases.get(SNAPSHOT, ""), phases.get(TRANSFER, "")), self.listed_status)

    @property
    def running(self) -> bool:
        return self.status in _RUNNING

    @property
    def failed(self) -> bool:
        return self.status in _FAILED

    @property
    def went_wrong(self) -> bool:
        """Whether it failed by itself, or there is a snapshot that did not reach the vault."""
        return self.status in ("Failed", "CompletedWithWarnings")

    @property
    def is_backup(self) -> bool:
        return self.operation == "Backup"

    @property
    def configures(self) -> bool:
        """Whether the job changes how its VM is protected, and so bars another change meanwhile."""
        return self.operation in _CONFIGURES

    @property
    def transfer_skipped(self) -> bool:
        """Whether it took its snapshot while the one before it was still being transferred, which is a success."""
        return Phase(TRANSFER, "Skipped") in (self.phases or ()) and self.status == "Completed"

    @property
    def error_code(self) -> str:
        return self.errors[0].code if self.errors else ""

    @property
    def error_message(self) -> str:
        return self.errors[0].message if self.errors else ""

    def took(self, now: datetime) -> timedelta | None:
        """How long it took, or has taken until now; None where its start is not told."""
        return (self.ended or now) - self.started if self.started else None

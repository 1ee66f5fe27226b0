"""A live protected item: the backup of one VM in one vault."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.disks import ALL, Disks
from backup_reconciler.spec.protection import ProtectionSettings

FAILED_FOR_NETWORK = frozenset({"ExtensionSnapshotFailedNoNetwork", "ExtensionFailedTimeoutVMNetworkUnresponsive"})
"""Errors of backups whose extension got nowhere over the VM's own network (source: Troubleshoot Azure Backup failure:
Issues with the agent or extension, Microsoft Learn)."""


class ItemState(StrEnum):
    """What is being done for a VM."""

    ACTIVE = "active"
    STOPPED = "stopped"
    """No more backups, every recovery point kept without an end."""
    SUSPENDED = "suspended"
    """No more backups, recovery points expire as the policy says."""
    SOFT_DELETED = "soft-deleted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LiveItem:
    """A protected item as Azure has it."""

    id: ArmId
    vm: ArmId
    state: ItemState
    wire_state: str
    """Azure's own word (`protectionState`): IRPending, Protected, ProtectionStopped, …"""
    policy: ArmId | None
    has_points: bool
    """Whether there are recovery points; a VM that was never backed up has none to lose."""
    disks: Disks = ALL
    last_backup: datetime | None = None
    """When it was last tried; None before the first time."""
    last_backup_failed: bool = False
    last_error: str = ""
    """Azure's code of that failure; empty where the item itself does not tell, and its job may."""
    deleted_at: datetime | None = None
    """When a soft-deleted item was deleted."""

    @property
    def deleted_on(self) -> date | None:
        """The day, in UTC, on which a soft-deleted item was deleted."""
        return self.deleted_at.astimezone(UTC).date() if self.deleted_at else None

    @property
    def settings(self) -> ProtectionSettings | None:
        """The item in the words of an assignment; None for states that an assignment cannot wish for."""
        match self.state:
            case ItemState.ACTIVE:
                return ProtectionSettings("active", self.policy, self.disks)
            case ItemState.STOPPED:
                return ProtectionSettings("stopped", disks=self.disks)
            case ItemState.SUSPENDED:
                return ProtectionSettings("suspended", disks=self.disks)
            case ItemState.SOFT_DELETED:
                return ProtectionSettings("deleted", disks=self.disks)
        return None

    @property
    def never_backed_up(self) -> bool:
        """Whether the service tells of no recovery point and of no attempt at one."""
        return not self.has_points and self.last_backup is None

    def meets(self, wished: ProtectionSettings) -> bool:
        """Whether it is as wished, in all that the wish speaks of."""
        found = self.settings
        return (
            found is not None
            and found.protection == wished.protection
            and (wished.policy is None or found.policy == wished.policy)
            and (wished.disks is None or found.disks == wished.disks)
        )

    def is_as(self, other: "LiveItem") -> bool:
        """Whether nobody has changed its protection between two times of reading it."""
        return (self.state, self.policy, self.disks) == (other.state, other.policy, other.disks)

    def stopped(self) -> "LiveItem":
        """What it is like once it is stopped, or brought back after it was deleted."""
        return replace(self, state=ItemState.STOPPED, policy=None, deleted_at=None)

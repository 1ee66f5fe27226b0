"""A live protected item: the backup of one VM in one vault."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.protection import ProtectionSettings


class ItemState(StrEnum):
    """What is being done for a VM."""

    ACTIVE = "active"
    STOPPED = "stopped"
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
    deleted_on: date | None = None
    """The day, in UTC, on which a soft-deleted item was deleted."""
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """Azure's own object, kept for the fields that no manifest speaks of."""

    @property
    def settings(self) -> ProtectionSettings | None:
        """The item in the words of an assignment; None for states that an assignment cannot wish for."""
        if self.state is ItemState.ACTIVE:
            return ProtectionSettings("active", self.policy)
        if self.state is ItemState.STOPPED:
            return ProtectionSettings("stopped")
        return None

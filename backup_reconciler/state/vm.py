"""A live virtual machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from backup_reconciler.spec.arm_id import ArmId

DiskKind = Literal["managed", "unmanaged", "unmanaged encrypted"]


@dataclass(frozen=True, slots=True)
class DataDisk:
    """A data disk of a VM."""

    lun: int
    name: str


@dataclass(frozen=True, slots=True)
class LiveVM:
    """A virtual machine, as far as choosing it for a backup needs it."""

    id: ArmId
    location: str
    tags: Mapping[str, str]
    """By their names in lower case, because Azure ignores the case of a tag's name."""
    needs_enhanced: str = ""
    """What of it no Standard policy backs up, in words; empty where there is no such thing."""
    os: Literal["Linux", "Windows"] | None = None
    created: datetime | None = None
    """When it was made; None where Azure does not tell."""
    disks: tuple[DataDisk, ...] = ()
    """Its data disks by LUN."""
    disk_kind: DiskKind = "managed"
    """How its disks are kept."""
    needs_own_network: str = ""
    """What of it has backups go over its own network, in words; empty where there is no such thing."""

    @property
    def name(self) -> str:
        return self.id.name

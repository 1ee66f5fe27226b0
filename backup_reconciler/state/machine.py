"""A live virtual machine with all that a copy of it needs to know; `state.vm` is the little that choosing one needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.vm_status import LiveAgent, Power


@dataclass(frozen=True, slots=True)
class LiveDisk:
    """A data disk. What Azure does not tell, as of a VM that is deallocated, is None."""

    lun: int
    size_gb: int | None
    storage: str | None
    managed: bool


@dataclass(frozen=True, slots=True)
class LiveMachine:
    """A VM: its model, and what runs of it. What Azure does not tell is None."""

    id: ArmId
    location: str
    os: Literal["Linux", "Windows"] | None
    tags: Mapping[str, str]
    """By their names as they are written."""
    size: str | None
    security_type: str | None
    managed: bool
    disks: tuple[LiveDisk, ...]
    zones: tuple[str, ...]
    has_identity: bool
    """Whether it has a system-assigned identity."""
    power: Power | None
    agent: LiveAgent | None

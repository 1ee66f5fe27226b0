"""What runs of a virtual machine, apart from its model: power, agent, and what failed in it."""

from dataclasses import dataclass
from typing import Literal

Power = Literal["running", "stopped", "deallocated"]


@dataclass(frozen=True, slots=True)
class LiveAgent:
    """The VM agent; without a version it does not report."""

    version: str | None


@dataclass(frozen=True, slots=True)
class FailedExtension:
    """An extension whose provisioning failed."""

    name: str
    message: str
    """What its handler reports; may be empty."""


@dataclass(frozen=True, slots=True)
class VMStatus:
    """What Azure tells of a VM as it is now. What it does not tell is None."""

    power: Power | None = None
    agent: LiveAgent | None = None
    """None of a VM that is off: it tells nothing of its agent."""
    provisioning_failure: str | None = None
    """Why its last change failed, in Azure's words, which may be empty; None where it did not."""
    snapshot_extension: FailedExtension | None = None
    """The extension of Azure Backup, where its provisioning failed."""

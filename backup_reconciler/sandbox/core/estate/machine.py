"""Virtual machines as Compute knows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Failure:
    """Why an operation and its job failed: `code` stands in the operation's `error` and is the job's `errorTitle`."""

    code: str
    message: str
    number: int = 0
    """The job's `errorCode`; most of Azure's numbers are not published, and then it is 0."""


@dataclass
class VirtualMachine:
    """A VM as Compute knows it."""

    subscription: str
    group: str
    name: str
    location: str
    vm_id: str
    created: datetime
    os: Literal["Linux", "Windows"] = "Linux"
    tags: dict[str, str] = field(default_factory=dict)
    power: Literal["running", "stopped", "deallocated"] = "running"
    agent_version: str | None = None
    """None: no agent reports from inside the VM."""
    configure_fails: Failure | None = None
    """What protecting this VM ends in."""

    @property
    def id(self) -> str:
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.group}"
            f"/providers/Microsoft.Compute/virtualMachines/{self.name}"
        )

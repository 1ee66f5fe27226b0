"""Virtual machines as Compute knows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from backup_reconciler.sandbox.core.estate.names import Json


@dataclass(frozen=True)
class Failure:
    """Why an operation and its job failed: `code` stands in the operation's `error` and is the job's `errorTitle`."""

    code: str
    message: str
    number: int = 0
    """The job's `errorCode`; most of Azure's numbers are not published, and then it is 0."""


@dataclass(frozen=True)
class DataDisk:
    lun: int
    size_gb: int
    storage: str
    """As `storageAccountType` names it: `Premium_LRS`, `PremiumV2_LRS`, `UltraSSD_LRS`…"""
    managed: bool = True


@dataclass(frozen=True)
class Hardware:
    """What a VM is made of."""

    size: str = "Standard_DS1_v2"
    security_type: Literal["Standard", "TrustedLaunch", "ConfidentialVM"] = "Standard"
    managed_os_disk: bool = True
    """False: the disk is a blob in a storage account."""
    disks: tuple[DataDisk, ...] = ()
    zones: tuple[str, ...] = ()


_USUAL = Hardware()


@dataclass
class Extension:
    """A VM extension."""

    name: str
    publisher: str
    type: str
    version: str
    installed: datetime
    state: Literal["Succeeded", "Failed"] = "Succeeded"
    message: str = ""


@dataclass
class ScriptOutcome:
    """What scripts that match give inside a VM; the box itself runs nothing."""

    script: str
    """A pattern of the script's text."""
    exit_code: int = 0
    output: str = ""
    error: str = ""
    seconds: float = 3.0
    times: int | None = None
    met: int = 0
    """How many scripts have matched so far."""


@dataclass(frozen=True)
class Execution:
    """How one script runs. All of it is settled when it is asked for; what is seen depends on when one looks."""

    accepted: datetime
    starts: datetime
    ends: datetime
    state: Literal["Succeeded", "Failed", "TimedOut", "Canceled"]
    exit_code: int
    output: str
    error: str
    """The script's standard error."""
    unreachable: Failure | None = None
    """Why the script never ran."""


@dataclass
class RunCommand:
    """A managed run command: a resource, with the execution it last caused."""

    name: str
    location: str
    properties: Json
    """As on the wire, without what is protected."""
    execution: Execution
    tags: dict[str, str] = field(default_factory=dict)
    replaced: bool = False
    deleted: datetime | None = None
    """When it is, or will be, gone."""


@dataclass
class Guest:
    """What is installed and was run inside a VM."""

    extensions: dict[str, Extension] = field(default_factory=dict)
    scripts: list[ScriptOutcome] = field(default_factory=list)
    run_commands: dict[str, RunCommand] = field(default_factory=dict)
    action_ends: datetime | None = None
    """When the last `runCommand` action ends; only one runs at a time."""


@dataclass
class ComputeOperation:
    """A request that Compute accepted and works on; how it ends is settled, and seen from `ends` on."""

    id: str
    started: datetime
    ends: datetime
    error: Failure | None = None
    output: Json | None = None


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
    hardware: Hardware = _USUAL
    identity: Json | None = None
    provisioning: Literal["Succeeded", "Updating", "Deleting"] = "Succeeded"
    turning: Literal["starting", "stopping", "deallocating"] | None = None
    """On the way to another `power`, which changes when the way is done."""
    guest: Guest | None = None
    """None: nothing was installed or run since it was made."""

    def inside(self) -> Guest:
        """The guest, to put something into it."""
        self.guest = self.guest or Guest()
        return self.guest

    @property
    def id(self) -> str:
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.group}"
            f"/providers/Microsoft.Compute/virtualMachines/{self.name}"
        )

"""Virtual machines in a world."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backup_reconciler.sandbox.world.access import LockModel
from backup_reconciler.sandbox.world.base import Model, Moment, Name, Seconds, Tags
from backup_reconciler.sandbox.world.network import NicModel


class FailureModel(Model):
    """An error."""

    code: Name
    """The error's code, as UserErrorGuestAgentStatusUnavailable."""
    message: str = "The operation failed."
    """What the error says."""
    number: int = 0
    """`errorCode` of the job."""


class BackupFailureModel(FailureModel):
    """How the VM's next backups fail: all of them, or so many as `times` says."""

    phase: Literal["snapshot", "transfer"] = "snapshot"
    """The phase that fails."""
    times: int | None = Field(default=None, ge=1)
    """How many backups fail; left out, all."""


class AgentModel(Model):
    """The VM agent as it reports to Azure."""

    version: Name = "2.7.41491.1183"
    """As the agent reports it, in quotes where it looks like a number."""
    since: Moment | None = None
    """From when on it reports; until then the VM has none."""


class DiskModel(Model):
    """A data disk."""

    lun: int = Field(ge=0, le=63)
    """Its slot; each disk of a VM has its own."""
    size_gb: int = Field(default=32, ge=1, le=65536, alias="sizeGB")
    """Gibibytes."""
    storage: Literal[
        "Standard_LRS", "StandardSSD_LRS", "StandardSSD_ZRS", "Premium_LRS", "Premium_ZRS", "PremiumV2_LRS",
        "UltraSSD_LRS"
    ] = "Premium_LRS"  # fmt: skip
    """Its storage account type."""
    managed: bool = True
    """Whether it is a managed disk."""


class ExtensionModel(Model):
    """A VM extension; `message` is what its handler reports, why it failed above all."""

    publisher: Name = "Microsoft.Azure.RecoveryServices"
    """Who publishes it."""
    type: Name | None = None
    """Its type; left out, its name."""
    version: Name = "1.9"
    """Its version, in quotes where it looks like a number."""
    state: Literal["succeeded", "failed"] = "succeeded"
    """Whether it was provisioned."""
    message: str = ""
    """What its handler reports."""


class ScriptModel(Model):
    """What a script gives that is sent into the VM, as often as `times` says; the first that matches counts."""

    script: Name = "*"
    """A pattern of the script's text; `*` stands for anything."""
    exit_code: int = 0
    """What it exits with."""
    output: str = ""
    """Its standard output."""
    error: str = ""
    """Its standard error."""
    seconds: Seconds = 3.0
    """Seconds that it runs."""
    times: int | None = Field(default=None, ge=1)
    """How many scripts are answered so; left out, all."""


class VirtualMachineModel(Model):
    """A virtual machine."""

    location: Name
    """Its region."""
    os: Literal["Linux", "Windows"] = "Linux"
    """Its operating system."""
    tags: Tags = {}
    """Tags by name; values in quotes where they look like numbers."""
    power: Literal["running", "stopped", "deallocated"] = "running"
    """Its power state."""
    agent: AgentModel | None = Field(default_factory=AgentModel)
    """The VM agent; null: none reports."""
    size: Name = "Standard_DS1_v2"
    """Its size."""
    security_type: Literal["Standard", "TrustedLaunch", "ConfidentialVM"] = "Standard"
    """Its security type."""
    managed: bool = True
    """Whether the OS disk is a managed one."""
    disks: list[DiskModel] = []
    """Its data disks."""
    zones: list[Literal["1", "2", "3"]] = []
    """Its availability zones, in quotes."""
    identity: Literal["SystemAssigned"] | None = None
    """Its managed identity; left out, none."""
    extensions: dict[Name, ExtensionModel] = {}
    """Its extensions by name."""
    run_commands: list[ScriptModel] = []
    """What scripts give that are run in it."""
    configure_fails: FailureModel | None = None
    """What protecting it fails with."""
    backup_fails: BackupFailureModel | None = None
    """What its backups fail with."""
    locks: dict[Name, LockModel] = {}
    """Its management locks by name."""
    nics: list[NicModel] = []
    """Without any it has the one that `az vm create` makes, in a network of its group's own."""
    created_at: Moment | None = None
    """Before it the VM does not exist; left out, it has long existed when the clock starts."""
    needs_network: bool = False
    """Whether its backups go over its own network, and fail where that does not let them."""

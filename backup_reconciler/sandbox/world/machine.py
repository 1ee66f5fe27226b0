"""Virtual machines in a world."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backup_reconciler.sandbox.world.access import LockModel
from backup_reconciler.sandbox.world.base import Model, Moment, Name, Seconds, Tags
from backup_reconciler.sandbox.world.network import NicModel


class FailureModel(Model):
    code: Name
    message: str = "The operation failed."
    number: int = 0


class BackupFailureModel(FailureModel):
    """How the VM's next backups fail: all of them, or so many as `times` says."""

    phase: Literal["snapshot", "transfer"] = "snapshot"
    times: int | None = Field(default=None, ge=1)


class AgentModel(Model):
    """The VM agent as it reports to Azure."""

    version: Name = "2.7.41491.1183"
    since: Moment | None = None
    """From when on it reports; until then the VM has none."""


class DiskModel(Model):
    """A data disk."""

    lun: int = Field(ge=0, le=63)
    size_gb: int = Field(default=32, ge=1, le=65536, alias="sizeGB")
    storage: Literal[
        "Standard_LRS", "StandardSSD_LRS", "StandardSSD_ZRS", "Premium_LRS", "Premium_ZRS", "PremiumV2_LRS",
        "UltraSSD_LRS"
    ] = "Premium_LRS"  # fmt: skip
    managed: bool = True


class ExtensionModel(Model):
    """A VM extension; `message` is what its handler reports, why it failed above all."""

    publisher: Name = "Microsoft.Azure.RecoveryServices"
    type: Name | None = None
    version: Name = "1.9"
    state: Literal["succeeded", "failed"] = "succeeded"
    message: str = ""


class ScriptModel(Model):
    """What a script gives that is sent into the VM, as often as `times` says; the first that matches counts."""

    script: Name = "*"
    exit_code: int = 0
    output: str = ""
    error: str = ""
    seconds: Seconds = 3.0
    times: int | None = Field(default=None, ge=1)


class VirtualMachineModel(Model):
    location: Name
    os: Literal["Linux", "Windows"] = "Linux"
    tags: Tags = {}
    power: Literal["running", "stopped", "deallocated"] = "running"
    agent: AgentModel | None = Field(default_factory=AgentModel)
    size: Name = "Standard_DS1_v2"
    security_type: Literal["Standard", "TrustedLaunch", "ConfidentialVM"] = "Standard"
    managed: bool = True
    """Whether the OS disk is a managed one."""
    disks: list[DiskModel] = []
    zones: list[Literal["1", "2", "3"]] = []
    identity: Literal["SystemAssigned"] | None = None
    extensions: dict[Name, ExtensionModel] = {}
    run_commands: list[ScriptModel] = []
    configure_fails: FailureModel | None = None
    backup_fails: BackupFailureModel | None = None
    locks: dict[Name, LockModel] = {}
    nics: list[NicModel] = []
    """Without any it has the one that `az vm create` makes, in a network of its group's own."""
    created_at: Moment | None = None
    """Before it the VM does not exist; left out, it has long existed when the clock starts."""
    needs_network: bool = False
    """Whether its backups go over its own network, and fail where that does not let them."""

"""Virtual machines as Compute knows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from backup_reconciler.sandbox.core.estate.failure import Failure
from backup_reconciler.sandbox.core.estate.guest import Guest
from backup_reconciler.sandbox.core.estate.names import Json
from backup_reconciler.sandbox.core.estate.network import network_id


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
class BackupFailure:
    """How the backups of a VM fail, in which of their two phases, and how many more of them (None: all)."""

    failure: Failure
    phase: Literal["snapshot", "transfer"] = "snapshot"
    times: int | None = None


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
    agent_to_come: str | None = None
    """The version of an agent that does not report yet."""
    configure_fails: Failure | None = None
    """What protecting this VM ends in."""
    backup_fails: BackupFailure | None = None
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

    nics: tuple[str, ...] = ()
    """Ids of the network interfaces that its world states; without any it has one in its group's default network."""
    place: int = 0
    """Which one of its default network's machines it is."""
    needs_network: bool = False
    """Whether its backups go over its own network, and fail where that does not let them."""

    @property
    def interfaces(self) -> tuple[str, ...]:
        """Ids of its network interfaces, the primary one first; `az vm create` names one after the VM (R21)."""
        return self.nics or (network_id(self.subscription, self.group, "networkInterfaces", f"{self.name}VMNic"),)

    @property
    def id(self) -> str:
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.group}"
            f"/providers/Microsoft.Compute/virtualMachines/{self.name}"
        )

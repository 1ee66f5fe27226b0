"""Codec of virtual machines: ARM JSON → LiveVM."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from sys import intern
from types import MappingProxyType
from typing import Any, Literal

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.codec import resource_tags
from backup_reconciler.azure.codec.moment import utc
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.vm import DataDisk, DiskKind, LiveVM

_SYSTEMS: Mapping[str | None, Literal["Linux", "Windows"]] = {"Linux": "Linux", "Windows": "Windows"}
_FOR_ENHANCED_ONLY = frozenset({"UltraSSD_LRS", "PremiumV2_LRS"})


def list_request(subscription: str) -> ArmRequest:
    """The VMs of a subscription. Their ids print the resource group in capitals (recorded answers of Compute)."""
    return get(f"/subscriptions/{subscription}/providers/Microsoft.Compute/virtualMachines", Api.COMPUTE)


def get_request(vm: ArmId) -> ArmRequest:
    return get(vm.text, Api.COMPUTE)


def decode(arm: Mapping[str, Any]) -> LiveVM:
    properties = arm.get("properties") or {}
    os = ((properties.get("storageProfile") or {}).get("osDisk") or {}).get("osType")
    created = properties.get("timeCreated")
    return LiveVM(
        id=ArmId(arm["id"]),
        location=intern(str(arm.get("location", "")).replace(" ", "").lower()),
        tags=_tags(tuple(resource_tags.decode(arm).items())),
        needs_enhanced=_needs_enhanced(properties),
        os=_SYSTEMS.get(os),
        created=utc(created) if created else None,
        disks=tuple(sorted(_disks(properties), key=lambda disk: disk.lun)),
        disk_kind=_disk_kind(properties),
        needs_own_network=_needs_own_network(properties),
    )


@lru_cache(maxsize=4096)
def _tags(told: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """One mapping for all VMs that are tagged alike."""
    return MappingProxyType({name.casefold(): value for name, value in told})


def _disks(properties: Mapping[str, Any]) -> Iterator[DataDisk]:
    for disk in (properties.get("storageProfile") or {}).get("dataDisks") or ():
        yield DataDisk(disk["lun"], str(disk.get("name") or ""))


def _all_disks(properties: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    storage = properties.get("storageProfile") or {}
    return [storage.get("osDisk") or {}, *(storage.get("dataDisks") or ())]


def _disk_kind(properties: Mapping[str, Any]) -> DiskKind:
    """A VM has disks of one kind. One that is kept in a storage account has the address of a blob (`vhd`)."""
    system = _all_disks(properties)[0]
    if not system.get("vhd"):
        return "managed"
    return "unmanaged encrypted" if (system.get("encryptionSettings") or {}).get("enabled") else "unmanaged"


def _needs_own_network(properties: Mapping[str, Any]) -> str:
    """Disks with write acceleration are backed up over the VM's own network (source: Azure Backup support matrix)."""
    for disk in _all_disks(properties):
        if disk.get("writeAcceleratorEnabled"):
            return f"its disk {disk.get('name')} has write acceleration"
    return "its disks are unmanaged" if _disk_kind(properties) != "managed" else ""


def _needs_enhanced(properties: Mapping[str, Any]) -> str:
    """What asks for an Enhanced policy; a VM that is deallocated may not tell how its disks are stored.

    Trusted Launch does not, since the api-version 2025-01-01 (source: Azure Backup, Enhanced policy for VMs).
    """
    if (properties.get("securityProfile") or {}).get("securityType") == "ConfidentialVM":
        return "it is a confidential VM"
    for disk in _all_disks(properties):
        kind = (disk.get("managedDisk") or {}).get("storageAccountType")
        if kind in _FOR_ENHANCED_ONLY:
            return f"its disk {disk.get('name')} is {kind}"
    return ""

"""Codec of virtual machines with all that a copy needs: ARM JSON of the two lists → LiveMachine.

The list of models has no status, and the list of status has neither tags nor most of the model
(azure-sdk-for-go issue 18565), so both are read.
"""

from collections.abc import Mapping
from typing import Any

from backup_reconciler.azure.codec import resource_tags, vm_status
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.machine import LiveDisk, LiveMachine


def decode(model: Mapping[str, Any], status: Mapping[str, Any]) -> LiveMachine:
    """A VM from its place in each list; the second is empty where that list does not have it."""
    properties = model.get("properties") or {}
    storage = properties.get("storageProfile") or {}
    os_disk = storage.get("osDisk") or {}
    running = vm_status.decode(status)
    os = os_disk.get("osType")
    return LiveMachine(
        id=ArmId(model["id"]),
        location=str(model.get("location", "")).replace(" ", "").lower(),
        os=os if os in ("Linux", "Windows") else None,
        tags=resource_tags.decode(model),
        size=(properties.get("hardwareProfile") or {}).get("vmSize"),
        security_type=(properties.get("securityProfile") or {}).get("securityType"),
        managed=bool(os_disk.get("managedDisk")) or not os_disk.get("vhd"),
        disks=tuple(_disk(disk) for disk in storage.get("dataDisks") or []),
        zones=tuple(model.get("zones") or ()),
        has_identity="SystemAssigned" in str((model.get("identity") or {}).get("type")),
        power=running.power,
        agent=running.agent,
    )


def _disk(disk: Mapping[str, Any]) -> LiveDisk:
    managed = disk.get("managedDisk") or {}
    return LiveDisk(disk["lun"], disk.get("diskSizeGB"), managed.get("storageAccountType"), not disk.get("vhd"))

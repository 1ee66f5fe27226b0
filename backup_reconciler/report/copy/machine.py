"""A VM in a copy, on one line. What Azure does not tell stays unstated, which is the box's default."""

from typing import Any

from backup_reconciler.manifest.writing import OnOneLine
from backup_reconciler.report.copy.names import Names
from backup_reconciler.state.machine import LiveDisk, LiveMachine

_SECURITY_TYPES = ("TrustedLaunch", "ConfidentialVM")
_ZONES = ("1", "2", "3")
_STORAGE = (
    "Standard_LRS", "StandardSSD_LRS", "StandardSSD_ZRS", "Premium_LRS", "Premium_ZRS", "PremiumV2_LRS", "UltraSSD_LRS"
)  # fmt: skip
"""The kinds of data disks that a world knows: all that Compute has (SDK compute 39)."""


def copy_machine(machine: LiveMachine, names: Names) -> OnOneLine:
    """A VM as the entry of its group."""
    stated: dict[str, Any] = {
        "location": machine.location,
        "os": machine.os,
        "tags": names.tags(machine.tags),
        "power": machine.power if machine.power != "running" else None,
        "size": machine.size,
        "securityType": machine.security_type if machine.security_type in _SECURITY_TYPES else None,
        "disks": [_disk(disk) for disk in machine.disks],
        "zones": [zone for zone in machine.zones if zone in _ZONES],
        "identity": "SystemAssigned" if machine.has_identity else None,
    }
    entry = OnOneLine({name: value for name, value in stated.items() if value})
    if not machine.managed:
        entry["managed"] = False
    if machine.agent:
        entry["agent"] = {"version": machine.agent.version} if machine.agent.version else None
    return entry


def _disk(disk: LiveDisk) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "lun": disk.lun,
        "sizeGB": disk.size_gb,
        "storage": disk.storage if disk.storage in _STORAGE else None,
        "managed": None if disk.managed else False,
    }
    return {name: value for name, value in stated.items() if value is not None}

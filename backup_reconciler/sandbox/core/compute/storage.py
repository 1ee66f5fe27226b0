"""A VM's disks, as its model tells of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import DataDisk, VirtualMachine
    from backup_reconciler.sandbox.core.wire.messages import Json

_IMAGES: dict[str, Json] = {
    "Windows": {
        "publisher": "MicrosoftWindowsServer",
        "offer": "WindowsServer",
        "sku": "2022-datacenter-g2",
        "version": "latest",
        "exactVersion": "20348.4297.251007",
    },
    "Linux": {
        "publisher": "Canonical",
        "offer": "ubuntu-24_04-lts",
        "sku": "server",
        "version": "latest",
        "exactVersion": "24.04.202510010",
    },
}


def storage_profile(vm: VirtualMachine) -> Json:
    """R21 policy.json; the data disks as in SPEC."""
    return {
        "imageReference": _IMAGES[vm.os],
        "osDisk": _os_disk(vm),
        "dataDisks": [_data_disk(vm, disk) for disk in vm.hardware.disks],
    }


def disk_names(vm: VirtualMachine) -> list[str]:
    return [_os_disk_name(vm), *(_data_disk_name(vm, disk) for disk in vm.hardware.disks)]


def _os_disk(vm: VirtualMachine) -> Json:
    name = _os_disk_name(vm)
    shown: Json = {"osType": vm.os, "name": name, "createOption": "FromImage", "caching": "ReadWrite"}
    if vm.hardware.managed_os_disk:
        shown["managedDisk"] = _managed(vm, name, "Premium_LRS")
        if vm.hardware.security_type == "ConfidentialVM":
            shown["managedDisk"]["securityProfile"] = {"securityEncryptionType": "VMGuestStateOnly"}
    else:
        shown["vhd"] = _blob(vm, name)
    return {**shown, "diskSizeGB": 127 if vm.os == "Windows" else 30, "deleteOption": "Detach"}


def _data_disk(vm: VirtualMachine, disk: DataDisk) -> Json:
    name = _data_disk_name(vm, disk)
    kept = {"managedDisk": _managed(vm, name, disk.storage)} if disk.managed else {"vhd": _blob(vm, name)}
    return {
        "lun": disk.lun,
        "name": name,
        "createOption": "Empty",
        "caching": "None",
        **kept,
        "diskSizeGB": disk.size_gb,
        "toBeDetached": False,
        "deleteOption": "Detach",
    }


def _managed(vm: VirtualMachine, name: str, storage: str) -> Json:
    group = f"/subscriptions/{vm.subscription}/resourceGroups/{vm.group}"
    return {"storageAccountType": storage, "id": f"{group}/providers/Microsoft.Compute/disks/{name}"}


def _blob(vm: VirtualMachine, name: str) -> Json:
    """Where an unmanaged disk lies (retired in September 2025, Learn: unmanaged-disks-deprecation)."""
    account = f"disks{vm.vm_id[:8]}"
    return {"uri": f"https://{account}.blob.core.windows.net/vhds/{name}.vhd"}


def _os_disk_name(vm: VirtualMachine) -> str:
    return f"{vm.name}_OsDisk_1_{vm.vm_id.replace('-', '')}"


def _data_disk_name(vm: VirtualMachine, disk: DataDisk) -> str:
    return f"{vm.name}_DataDisk_{disk.lun}"

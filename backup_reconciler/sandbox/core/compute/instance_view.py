"""What Compute sees of a VM now: power, agent, disks, extensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.compute.storage import disk_names
from backup_reconciler.sandbox.core.wire.times import offset_stamp

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import Extension, VirtualMachine
    from backup_reconciler.sandbox.core.wire.messages import Json

_OS = {"Windows": ("Windows Server 2022 Datacenter", "10.0.20348.4297"), "Linux": ("ubuntu", "24.04")}


def instance_view(vm: VirtualMachine) -> Json:
    """An agent reports only from inside a running machine; what the system calls itself is known from it (SDK)."""
    since = offset_stamp(vm.created)
    done = {"code": "ProvisioningState/succeeded", "level": "Info", "displayStatus": "Provisioning succeeded",
            "time": since}  # fmt: skip
    view: Json = {
        "disks": [{"name": name, "statuses": [done]} for name in disk_names(vm)],
        "hyperVGeneration": "V1" if vm.hardware.security_type == "Standard" else "V2",
        "statuses": [_provisioning(vm, since), _power(vm)],
    }
    if vm.power == "running":
        view["vmAgent"] = _agent(vm, since)
        if vm.agent_version is not None:
            view["computerName"] = vm.name
            view["osName"], view["osVersion"] = _OS[vm.os]
    if vm.guest and vm.guest.extensions:
        view["extensions"] = [extension_view(each) for each in vm.guest.extensions.values()]
    return view


def extension_view(extension: Extension) -> Json:
    failed = extension.state == "Failed"
    return {
        "name": extension.name,
        "type": f"{extension.publisher}.{extension.type}",
        "typeHandlerVersion": extension.version,
        "statuses": [
            {
                "code": "ProvisioningState/failed" if failed else "ProvisioningState/succeeded",
                "level": "Error" if failed else "Info",
                "displayStatus": "Provisioning failed" if failed else "Provisioning succeeded",
                "message": extension.message,
                "time": offset_stamp(extension.installed),
            }
        ],
    }


def _provisioning(vm: VirtualMachine, since: str) -> Json:
    shown = {"Succeeded": "Provisioning succeeded", "Updating": "Updating", "Deleting": "Deleting"}[vm.provisioning]
    return {
        "code": f"ProvisioningState/{vm.provisioning.lower()}",
        "level": "Info",
        "displayStatus": shown,
        "time": since,
    }


def _power(vm: VirtualMachine) -> Json:
    state = vm.turning or vm.power
    return {"code": f"PowerState/{state}", "level": "Info", "displayStatus": f"VM {state}"}


def _agent(vm: VirtualMachine, since: str) -> Json:
    if vm.agent_version is None:
        state = {
            "code": "ProvisioningState/Unavailable",
            "level": "Warning",
            "displayStatus": "Not Ready",
            "message": "VM status blob is found but not yet populated.",
            "time": since,
        }
        return {"vmAgentVersion": "Unknown", "statuses": [state]}
    state = {
        "code": "ProvisioningState/succeeded",
        "level": "Info",
        "displayStatus": "Ready",
        "message": "GuestAgent is running and processing the extensions.",
        "time": since,
    }
    return {"vmAgentVersion": vm.agent_version, "statuses": [state]}

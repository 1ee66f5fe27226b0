"""Virtual machines, read only: lists of models, lists of status, one VM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import VirtualMachine, fold
from backup_reconciler.sandbox.core.wire.listing import paged
from backup_reconciler.sandbox.core.wire.messages import Json, Response
from backup_reconciler.sandbox.core.wire.router import GROUP, SUBSCRIPTION, Route
from backup_reconciler.sandbox.core.wire.times import stamp

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.wire.call import Call

_VMS = "providers/Microsoft.Compute/virtualMachines"
_VM = f"{GROUP}/{_VMS}/{{vm}}"

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
_POWER = {"running": "VM running", "stopped": "VM stopped", "deallocated": "VM deallocated"}


def list_by_subscription(call: Call) -> Response:
    """Ids print the resource group in capitals; `statusOnly=true` is another list, without model or tags."""
    vms = (vm for group in call.subscription.groups.values() for vm in group.virtual_machines.values())
    status_only = call.request.query.get("statusonly", "").lower() == "true"
    return paged(call, vms, lambda vm: status(vm) if status_only else show(vm, _in_capitals(vm)))


def list_by_group(call: Call) -> Response:
    return paged(call, call.group.virtual_machines.values(), lambda vm: show(vm, vm.id))


def get_vm(call: Call) -> Response:
    vm = call.group.virtual_machines.get(fold(call.names["vm"]))
    if vm is None:
        raise call.not_found(f"Microsoft.Compute/virtualMachines/{call.names['vm']}")
    shown = show(vm, call.request.path)
    if fold(call.request.query.get("$expand", "")) == "instanceview":
        shown["properties"]["instanceView"] = _instance_view(vm)
    return Response(200, shown)


def _in_capitals(vm: VirtualMachine) -> str:
    return vm.id.replace(f"/resourceGroups/{vm.group}/", f"/resourceGroups/{vm.group.upper()}/", 1)


def show(vm: VirtualMachine, vm_id: str) -> Json:
    """A VM's model (R21 policy.json)."""
    shown: Json = {
        "name": vm.name,
        "id": vm_id,
        "type": "Microsoft.Compute/virtualMachines",
        "location": vm.location,
        "properties": {
            "vmId": vm.vm_id,
            "hardwareProfile": {"vmSize": "Standard_DS1_v2"},
            "storageProfile": _storage(vm),
            "osProfile": _os_profile(vm),
            "networkProfile": {
                "networkInterfaces": [{"id": f"{_group_of(vm)}/Microsoft.Network/networkInterfaces/{vm.name}VMNic"}]
            },
            "provisioningState": "Succeeded",
        },
    }
    if vm.tags:
        shown["tags"] = vm.tags
    return shown


def status(vm: VirtualMachine) -> Json:
    """A VM in the status list: what runs, and nothing of what was asked for (azure-sdk-for-go issue 18565)."""
    return {
        "name": vm.name,
        "id": _in_capitals(vm),
        "type": "Microsoft.Compute/virtualMachines",
        "location": vm.location,
        "properties": {"vmId": vm.vm_id, "provisioningState": "Succeeded", "instanceView": _instance_view(vm)},
    }


def _group_of(vm: VirtualMachine) -> str:
    return vm.id.partition("/Microsoft.Compute/")[0]


def _disk_name(vm: VirtualMachine) -> str:
    return f"{vm.name}_OsDisk_1_{vm.vm_id.replace('-', '')}"


def _storage(vm: VirtualMachine) -> Json:
    name = _disk_name(vm)
    return {
        "imageReference": _IMAGES[vm.os],
        "osDisk": {
            "osType": vm.os,
            "name": name,
            "createOption": "FromImage",
            "caching": "ReadWrite",
            "managedDisk": {
                "storageAccountType": "Premium_LRS",
                "id": f"{_group_of(vm)}/Microsoft.Compute/disks/{name}",
            },
            "diskSizeGB": 127 if vm.os == "Windows" else 30,
            "deleteOption": "Detach",
        },
        "dataDisks": [],
    }


def _os_profile(vm: VirtualMachine) -> Json:
    patching = {"patchMode": "AutomaticByOS", "assessmentMode": "ImageDefault"}
    own: Json = {"windowsConfiguration": {"provisionVMAgent": True, "enableAutomaticUpdates": True,
                                          "patchSettings": patching}}  # fmt: skip
    if vm.os == "Linux":
        patching["patchMode"] = "ImageDefault"
        own = {"linuxConfiguration": {"disablePasswordAuthentication": True, "provisionVMAgent": True,
                                      "patchSettings": patching}}  # fmt: skip
    return {
        "computerName": vm.name,
        "adminUsername": "azureuser",
        **own,
        "secrets": [],
        "allowExtensionOperations": True,
        "requireGuestProvisionSignal": True,
    }


def _instance_view(vm: VirtualMachine) -> Json:
    """What Compute sees of the machine now; an agent reports only from inside a running one."""
    since = stamp(vm.created).replace("Z", "+00:00")
    done = {"code": "ProvisioningState/succeeded", "level": "Info", "displayStatus": "Provisioning succeeded",
            "time": since}  # fmt: skip
    power = {"code": f"PowerState/{vm.power}", "level": "Info", "displayStatus": _POWER[vm.power]}
    view: Json = {
        "disks": [{"name": _disk_name(vm), "statuses": [done]}],
        "hyperVGeneration": "V1",
        "statuses": [done, power],
    }
    if vm.power == "running":
        view["vmAgent"] = _agent(vm, since)
    return view


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


ROUTES = (
    Route("GET", f"{SUBSCRIPTION}/{_VMS}", list_by_subscription),
    Route("GET", f"{GROUP}/{_VMS}", list_by_group),
    Route("GET", _VM, get_vm),
)

"""Virtual machines as they are read: lists of models, lists of status, one VM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.compute.instance_view import instance_view
from backup_reconciler.sandbox.core.compute.refusal import refused
from backup_reconciler.sandbox.core.compute.storage import storage_profile
from backup_reconciler.sandbox.core.estate import VirtualMachine, fold
from backup_reconciler.sandbox.core.wire.listing import paged
from backup_reconciler.sandbox.core.wire.messages import Json, Response
from backup_reconciler.sandbox.core.wire.router import GROUP, SUBSCRIPTION, Route
from backup_reconciler.sandbox.core.wire.times import offset_stamp

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.wire.call import Call

_VMS = "providers/Microsoft.Compute/virtualMachines"
VM = f"{GROUP}/{_VMS}/{{vm}}"
_TELLS_AGE = "2021-11-01"
"""The first api-version whose models have `timeCreated` (azure-mgmt-compute)."""


def list_by_subscription(call: Call) -> Response:
    """Ids print the resource group in capitals; `statusOnly=true` is another list, without model or tags."""
    _refuse_expanding(call)
    vms = (vm for group in call.subscription.groups.values() for vm in group.virtual_machines.values())
    status_only = call.request.query.get("statusonly", "").lower() == "true"
    return paged(call, vms, lambda vm: status(vm) if status_only else modelled(call, vm, _in_capitals(vm)))


def list_by_group(call: Call) -> Response:
    _refuse_expanding(call)
    return paged(call, call.group.virtual_machines.values(), lambda vm: modelled(call, vm, vm.id))


def _refuse_expanding(call: Call) -> None:
    """Scale sets are not served, so the filter that would allow it never holds (java_oci_manage issue 46)."""
    if call.request.query.get("$expand"):
        raise refused(
            400,
            "BadRequest",
            "Expand Instance View is only supported when Virtual Machine Scale Set resource filter is applied",
        )


def find(call: Call) -> VirtualMachine:
    vm = call.group.virtual_machines.get(fold(call.names["vm"]))
    if vm is None:
        raise call.not_found(f"Microsoft.Compute/virtualMachines/{call.names['vm']}")
    return vm


def find_alive(call: Call) -> VirtualMachine:
    """A VM that may be changed: not one that is being deleted."""
    vm = find(call)
    if vm.provisioning == "Deleting":
        raise refused(
            409,
            "OperationNotAllowed",
            f"Operation is not allowed on VM '{vm.name}' since the VM is marked for deletion. You can only retry the "
            "Delete operation (or wait for an ongoing one to complete).",
        )
    return vm


def get_vm(call: Call) -> Response:
    vm = find(call)
    shown = modelled(call, vm, call.request.path)
    if fold(call.request.query.get("$expand", "")) == "instanceview":
        shown["properties"]["instanceView"] = instance_view(vm)
    return Response(200, shown)


def get_instance_view(call: Call) -> Response:
    return Response(200, instance_view(find(call)))


def modelled(call: Call, vm: VirtualMachine, vm_id: str) -> Json:
    """The model as the api-version knows it."""
    shown = show(vm, vm_id)
    if call.api_version < _TELLS_AGE:
        del shown["properties"]["timeCreated"]
    return shown


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
            "hardwareProfile": {"vmSize": vm.hardware.size},
            "storageProfile": storage_profile(vm),
            "osProfile": _os_profile(vm),
            "networkProfile": _network(vm),
            "provisioningState": vm.provisioning,
            "timeCreated": offset_stamp(vm.created),
        },
    }
    if vm.tags:
        shown["tags"] = vm.tags
    if vm.identity:
        shown["identity"] = vm.identity
    if vm.hardware.zones:
        shown["zones"] = list(vm.hardware.zones)
    if vm.hardware.security_type != "Standard":
        shown["properties"]["securityProfile"] = {
            "uefiSettings": {"secureBootEnabled": True, "vTpmEnabled": True},
            "securityType": vm.hardware.security_type,
        }
    if vm.guest and vm.guest.extensions:
        shown["resources"] = [{"id": f"{vm_id}/extensions/{each.name}"} for each in vm.guest.extensions.values()]
    return shown


def status(vm: VirtualMachine) -> Json:
    """A VM in the status list: what runs, and nothing of what was asked for (azure-sdk-for-go issue 18565)."""
    return {
        "name": vm.name,
        "id": _in_capitals(vm),
        "type": "Microsoft.Compute/virtualMachines",
        "location": vm.location,
        "properties": {"vmId": vm.vm_id, "provisioningState": vm.provisioning, "instanceView": instance_view(vm)},
    }


def _network(vm: VirtualMachine) -> Json:
    """With one interface nothing says which is the primary one (R21)."""
    primary, *others = vm.interfaces
    if not others:
        return {"networkInterfaces": [{"id": primary}]}
    return {"networkInterfaces": [{"id": nic, "properties": {"primary": nic == primary}} for nic in (primary, *others)]}


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


ROUTES = (
    Route("GET", f"{SUBSCRIPTION}/{_VMS}", list_by_subscription),
    Route("GET", f"{GROUP}/{_VMS}", list_by_group),
    Route("GET", VM, get_vm),
    Route("GET", f"{VM}/instanceView", get_instance_view),
)

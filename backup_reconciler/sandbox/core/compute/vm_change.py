"""Changing and deleting VMs. Tags and identity are all that changes here, and no VM is made: the world has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backup_reconciler.sandbox.core.authorization.locks import forget
from backup_reconciler.sandbox.core.compute import operations
from backup_reconciler.sandbox.core.compute.difference import difference
from backup_reconciler.sandbox.core.compute.refusal import refused
from backup_reconciler.sandbox.core.compute.vm import VM, find_alive, modelled
from backup_reconciler.sandbox.core.estate import TENANT_ID, fold
from backup_reconciler.sandbox.core.wire.call import guid, normal_location
from backup_reconciler.sandbox.core.wire.messages import Json, Response, gateway, section, unreadable
from backup_reconciler.sandbox.core.wire.router import Route

if TYPE_CHECKING:
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import Estate, VirtualMachine
    from backup_reconciler.sandbox.core.wire.call import Call

_UPDATE_SECONDS, _DELETE_SECONDS = 2.0, 45.0
"""No source tells them."""


def patch_vm(call: Call) -> Response:
    """Tags and identity, where they are stated, are replaced as a whole."""
    vm, body = find_alive(call), call.body
    return _change(call, vm, body["tags"] if body.get("tags") is not None else vm.tags)


def put_vm(call: Call) -> Response:
    """What clients do that read a VM, change a tag and write all of it (`az vm update`); tags left out are none."""
    if fold(call.names["vm"]) not in call.group.virtual_machines:
        raise refused(409, "OperationNotAllowed", "Virtual machines are not made here: state them in the world.")
    vm, body = find_alive(call), call.body
    location = body.get("location")
    if not isinstance(location, str):
        raise gateway(400, "LocationRequired", "The location property is required for this definition.")
    if normal_location(location) != normal_location(vm.location):
        raise refused(409, "PropertyChangeNotAllowed", "Changing property 'location' is not allowed.")
    return _change(call, vm, body.get("tags"))


def _change(call: Call, vm: VirtualMachine, tags: Any) -> Response:
    """Everything but tags and identity must be as it is. They are there at once; the VM is Updating for a moment."""
    changed = difference(section(call.body, "properties"), modelled(call, vm, vm.id)["properties"])
    if changed:
        raise refused(409, "PropertyChangeNotAllowed", f"Changing property '{changed}' is not allowed.")
    if tags is not None and not (isinstance(tags, dict) and all(isinstance(value, str) for value in tags.values())):
        raise unreadable()
    identity = _identity(call, vm) if call.body.get("identity") is not None else vm.identity
    vm.tags, vm.identity = dict(tags or {}), identity
    begun = operations.begin(call, _UPDATE_SECONDS)
    vm.provisioning = "Updating"
    call.estate.schedule_outside(begun.ends, "vmUpdated", vm.id)
    return Response(200, modelled(call, vm, call.request.path), operations.status_link(call, vm.location, begun))


def _identity(call: Call, vm: VirtualMachine) -> Json | None:
    asked = section(call.body, "identity")
    kind = asked.get("type")
    if not isinstance(kind, str):
        raise unreadable()
    if fold(kind) == "none":
        return None
    made: Json = {"type": kind}
    if "systemassigned" in fold(kind):
        made |= _principal(vm) or {"principalId": guid(call.rng), "tenantId": TENANT_ID}
    users = section(asked, "userAssignedIdentities")
    return {**made, "userAssignedIdentities": users} if users else made


def _principal(vm: VirtualMachine) -> Json:
    """The identity that the system gave before, and keeps."""
    return {name: value for name, value in (vm.identity or {}).items() if name in {"principalId", "tenantId"}}


def finish_update(estate: Estate, vm_id: str, _now: datetime) -> None:
    vm = estate.virtual_machine(vm_id)
    if vm is not None and vm.provisioning == "Updating":
        vm.provisioning = "Succeeded"


def delete_vm(call: Call) -> Response:
    """204 where there is none (azure-mgmt-compute). Its backups stay: they are the vault's."""
    vm = call.group.virtual_machines.get(fold(call.names["vm"]))
    if vm is None:
        return Response(204)
    begun = operations.begin(call, _DELETE_SECONDS)
    vm.provisioning = "Deleting"
    call.estate.schedule_outside(begun.ends, "vmDeleted", vm.id)
    return operations.accepted(call, vm.location, begun)


def finish_delete(estate: Estate, vm_id: str, _now: datetime) -> None:
    vm = estate.virtual_machine(vm_id)
    if vm is None or vm.provisioning != "Deleting":
        return
    group = estate.subscriptions[fold(vm.subscription)].groups[fold(vm.group)]
    del group.virtual_machines[fold(vm.name)]
    forget(estate, vm.id)


ROUTES = (
    Route("PUT", VM, put_vm),
    Route("PATCH", VM, patch_vm),
    Route("DELETE", VM, delete_vm),
)
OUTSIDE_EFFECTS = {"vmUpdated": finish_update, "vmDeleted": finish_delete}

"""Changing and deleting VMs. Tags and identity are all that changes here, and no VM is made: the world has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.authorization.locks import forget
from backup_reconciler.sandbox.core.compute import operations
from backup_reconciler.sandbox.core.compute.refusal import refused
from backup_reconciler.sandbox.core.compute.vm import VM, find_alive, modelled
from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.wire.call import guid
from backup_reconciler.sandbox.core.wire.messages import Json, Response, section, unreadable
from backup_reconciler.sandbox.core.wire.router import Route

if TYPE_CHECKING:
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import Estate
    from backup_reconciler.sandbox.core.wire.call import Call

_UPDATE_SECONDS, _DELETE_SECONDS = 2.0, 45.0
"""No source tells them."""


def patch_vm(call: Call) -> Response:
    """Tags are replaced as a whole, and are there at once; the VM counts as Updating for a moment."""
    vm, body = find_alive(call), call.body
    for name in section(body, "properties"):
        raise refused(409, "PropertyChangeNotAllowed", f"Changing property '{name}' is not allowed.")
    tags = section(body, "tags") if body.get("tags") is not None else vm.tags
    if not all(isinstance(value, str) for value in tags.values()):
        raise unreadable()
    identity = _identity(call, section(body, "identity")) if body.get("identity") is not None else vm.identity
    vm.tags, vm.identity = dict(tags), identity
    begun = operations.begin(call, _UPDATE_SECONDS)
    vm.provisioning = "Updating"
    call.estate.schedule_outside(begun.ends, "vmUpdated", vm.id)
    return Response(200, modelled(call, vm, call.request.path), operations.status_link(call, vm.location, begun))


def _identity(call: Call, asked: Json) -> Json | None:
    kind = asked.get("type")
    if not isinstance(kind, str):
        raise unreadable()
    if fold(kind) == "none":
        return None
    users = section(asked, "userAssignedIdentities")
    return {"type": kind, **_principal(call, kind), **({"userAssignedIdentities": users} if users else {})}


def _principal(call: Call, kind: str) -> Json:
    if "systemassigned" not in fold(kind):
        return {}
    return {"principalId": guid(call.rng), "tenantId": guid(call.rng)}


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


ROUTES = (Route("PATCH", VM, patch_vm), Route("DELETE", VM, delete_vm))
OUTSIDE_EFFECTS = {"vmUpdated": finish_update, "vmDeleted": finish_delete}

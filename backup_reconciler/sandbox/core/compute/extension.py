"""VM extensions, read only: a world states them, and the first backup brings its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.compute.instance_view import extension_view
from backup_reconciler.sandbox.core.compute.vm import VM, find
from backup_reconciler.sandbox.core.estate import Extension, fold
from backup_reconciler.sandbox.core.wire.messages import Json, Response
from backup_reconciler.sandbox.core.wire.router import Route

if TYPE_CHECKING:
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import VirtualMachine
    from backup_reconciler.sandbox.core.wire.call import Call

SNAPSHOT = {"Linux": "VMSnapshotLinux", "Windows": "VMSnapshot"}
"""The extension of Azure Backup, by operating system: its name and its type (Learn: backup-azure-troubleshoot)."""
_PUBLISHER, _VERSION = "Microsoft.Azure.RecoveryServices", "1.9"


def install_snapshot(vm: VirtualMachine, now: datetime) -> Extension:
    """What the first backup of a running VM leaves in it; an extension that is there stays as it is."""
    name = SNAPSHOT[vm.os]
    return vm.inside().extensions.setdefault(fold(name), Extension(name, _PUBLISHER, name, _VERSION, now))


def snapshot_failure(vm: VirtualMachine) -> str | None:
    """Why the extension of Azure Backup cannot work in a VM; None where it can, or is yet to come."""
    installed = vm.guest.extensions.get(fold(SNAPSHOT[vm.os])) if vm.guest else None
    return installed.message if installed and installed.state == "Failed" else None


def list_extensions(call: Call) -> Response:
    """All of a VM's extensions; Compute does not page them (azure-mgmt-compute)."""
    vm = find(call)
    return Response(200, {"value": [_shown(call, vm, each) for each in _of(vm).values()]})


def get_extension(call: Call) -> Response:
    vm = find(call)
    found = _of(vm).get(fold(call.names["extension"]))
    if found is None:
        raise call.not_found(f"Microsoft.Compute/virtualMachines/{vm.name}/extensions/{call.names['extension']}")
    return Response(200, _shown(call, vm, found))


def _of(vm: VirtualMachine) -> dict[str, Extension]:
    return vm.guest.extensions if vm.guest else {}


def _shown(call: Call, vm: VirtualMachine, extension: Extension) -> Json:
    properties: Json = {
        "autoUpgradeMinorVersion": True,
        "provisioningState": extension.state,
        "publisher": extension.publisher,
        "type": extension.type,
        "typeHandlerVersion": extension.version,
    }
    if fold(call.request.query.get("$expand", "")) == "instanceview":
        properties["instanceView"] = extension_view(extension)
    return {
        "name": extension.name,
        "id": f"{vm.id}/extensions/{extension.name}",
        "type": "Microsoft.Compute/virtualMachines/extensions",
        "location": vm.location,
        "properties": properties,
    }


ROUTES = (
    Route("GET", f"{VM}/extensions", list_extensions),
    Route("GET", f"{VM}/extensions/{{extension}}", get_extension),
)

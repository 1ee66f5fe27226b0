"""Managed run commands: scripts sent into a VM as resources, whose results can be read as long as they are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backup_reconciler.sandbox.core.compute import operations
from backup_reconciler.sandbox.core.compute.execution import cancelled, execute, require_running
from backup_reconciler.sandbox.core.compute.refusal import refused
from backup_reconciler.sandbox.core.compute.run_command_view import failure, over, provisioned_at, show
from backup_reconciler.sandbox.core.compute.vm import VM, find, find_alive
from backup_reconciler.sandbox.core.estate import RunCommand, fold
from backup_reconciler.sandbox.core.wire.listing import paged
from backup_reconciler.sandbox.core.wire.messages import Json, Response, gateway, section, unreadable
from backup_reconciler.sandbox.core.wire.router import Route

if TYPE_CHECKING:
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import VirtualMachine
    from backup_reconciler.sandbox.core.wire.call import Call

_COMMANDS = f"{VM}/runCommands"
_COMMAND = f"{_COMMANDS}/{{command}}"
_MOST = 25
_DELETE_SECONDS = 5.0
_SOURCES = ("script", "scriptUri", "commandId", "galleryScriptReferenceId")
_PROTECTED = {"protectedParameters", "runAsPassword"}
"""Never read back (azure-mgmt-compute)."""
_READ_ONLY = {"provisioningState", "instanceView"}
_TYPES: dict[str, type] = {
    "source": dict,
    "parameters": list,
    "protectedParameters": list,
    "asyncExecution": bool,
    "treatFailureAsDeploymentFailure": bool,
    "timeoutInSeconds": int,
    "runAsUser": str,
    "runAsPassword": str,
    "outputBlobUri": str,
    "errorBlobUri": str,
    "outputBlobManagedIdentity": dict,
    "errorBlobManagedIdentity": dict,
}


def list_commands(call: Call) -> Response:
    vm = find(call)
    return paged(call, list(_present(vm, call.now).values()), lambda command: show(call, vm, command))


def get_command(call: Call) -> Response:
    vm = find(call)
    return Response(200, show(call, vm, _find(call, vm)))


def put_command(call: Call) -> Response:
    """201 for a new command, 200 for one that is replaced and runs anew (azure-mgmt-compute)."""
    vm = find_alive(call)
    if not isinstance(call.body.get("location"), str):
        raise gateway(400, "LocationRequired", "The location property is required for this definition.")
    existing = _present(vm, call.now).get(fold(call.names["command"]))
    if existing is None and len(_present(vm, call.now)) >= _MOST:
        raise refused(
            409, "OperationNotAllowed", f"The maximum number of run commands ({_MOST}) on VM '{vm.name}' is reached."
        )
    return _run(call, vm, existing, _checked(call.properties))


def patch_command(call: Call) -> Response:
    """What is stated replaces what was; the command runs anew with all of it."""
    vm = find_alive(call)
    existing = _find(call, vm)
    return _run(call, vm, existing, {**existing.properties, **_checked(call.properties)})


def _run(call: Call, vm: VirtualMachine, existing: RunCommand | None, properties: Json) -> Response:
    require_running(vm, "Cannot modify extensions in the VM when the VM is not running.")
    tags = _tags(call, existing)
    script = _script(properties)
    if existing and script == "":
        # A blank script breaks off what runs (Learn: run-command-managed).
        execution = cancelled(existing.execution, call.now)
    else:
        execution = execute(vm, script, call.now, properties.get("timeoutInSeconds") or None)
    kept = {name: value for name, value in properties.items() if name not in _PROTECTED | _READ_ONLY}
    name = existing.name if existing else call.names["command"]
    command = RunCommand(name, kept, execution, tags, replaced=existing is not None)
    vm.inside().run_commands[fold(name)] = command
    begun = operations.begin_until(call, provisioned_at(command), failure(vm, command))
    headers = operations.status_link(call, vm.location, begun)
    return Response(200 if existing else 201, show(call, vm, command), headers)


def _checked(properties: Json) -> Json:
    for name, value in properties.items():
        kind = _TYPES.get(name)
        if kind is None and name not in _READ_ONLY:
            raise refused(400, "InvalidRequestContent", f"Could not find member '{name}' on the run command.")
        if kind and value is not None and not _is(value, kind):
            raise unreadable()
    limit = properties.get("timeoutInSeconds")
    if limit is not None and limit < 0:
        raise refused(400, "InvalidParameter", "The value of parameter timeoutInSeconds is invalid.")
    return {name: value for name, value in properties.items() if value is not None}


def _is(value: Any, kind: type) -> bool:
    """JSON's true is no number."""
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))


def _script(properties: Json) -> str:
    """What is to run: one source of those there are (Learn: run-command-managed)."""
    source = section(properties, "source")
    stated = [source[name] for name in _SOURCES if source.get(name) is not None]
    if len(stated) != 1 or not isinstance(stated[0], str):
        raise refused(400, "InvalidParameter", "Exactly one source of the script must be specified.")
    return stated[0]


def _tags(call: Call, existing: RunCommand | None) -> dict[str, str]:
    tags = section(call.body, "tags")
    if not all(isinstance(value, str) for value in tags.values()):
        raise unreadable()
    return tags if call.body.get("tags") is not None or existing is None else existing.tags


def delete_command(call: Call) -> Response:
    """A command that still runs is broken off (Learn: run-command-managed); 204 where there is none (SDK)."""
    vm = find(call)
    command = _present(vm, call.now).get(fold(call.names["command"]))
    if command is None:
        return Response(204)
    require_running(vm, "Cannot modify extensions in the VM when the VM is not running.")
    begun = operations.begin(call, _DELETE_SECONDS)
    command.execution = cancelled(command.execution, call.now)
    command.deleted = begun.ends
    return operations.accepted(call, vm.location, begun)


def _present(vm: VirtualMachine, now: datetime) -> dict[str, RunCommand]:
    """The commands that are not gone yet; those that are leave the estate."""
    commands = vm.guest.run_commands if vm.guest else {}
    for key in [key for key, command in commands.items() if over(command.deleted, now)]:
        del commands[key]
    return commands


def _find(call: Call, vm: VirtualMachine) -> RunCommand:
    found = _present(vm, call.now).get(fold(call.names["command"]))
    if found is None:
        raise call.not_found(f"Microsoft.Compute/virtualMachines/{vm.name}/runCommands/{call.names['command']}")
    return found


ROUTES = (
    Route("GET", _COMMANDS, list_commands),
    Route("GET", _COMMAND, get_command),
    Route("PUT", _COMMAND, put_command),
    Route("PATCH", _COMMAND, patch_command),
    Route("DELETE", _COMMAND, delete_command),
)

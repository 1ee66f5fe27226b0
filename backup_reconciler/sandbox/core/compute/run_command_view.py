"""Managed run commands as they are read: the resource, and how its execution stands at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import Failure, fold
from backup_reconciler.sandbox.core.wire.times import offset_stamp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import Execution, RunCommand, VirtualMachine
    from backup_reconciler.sandbox.core.wire.call import Call
    from backup_reconciler.sandbox.core.wire.messages import Json

_MESSAGES = {
    "Pending": "",
    "Running": "Execution in progress",
    "Succeeded": "Execution completed",
    "Failed": "Execution failed",
    "TimedOut": "Execution timed out",
    "Canceled": "Execution canceled",
}


def show(call: Call, vm: VirtualMachine, command: RunCommand) -> Json:
    """SPEC VirtualMachineRunCommand_Get; with `$expand=instanceView` the result too."""
    shown = show_resource(vm, command, call.now)
    if fold(call.request.query.get("$expand", "")) == "instanceview":
        shown["properties"]["instanceView"] = _instance_view(command.execution, call.now)
    return shown


def show_resource(vm: VirtualMachine, command: RunCommand, now: datetime) -> Json:
    """The resource alone."""
    shown: Json = {
        "name": command.name,
        "id": f"{vm.id}/runCommands/{command.name}",
        "type": "Microsoft.Compute/virtualMachines/runCommands",
        "location": vm.location,
        "properties": {**command.properties, "provisioningState": _provisioning(vm, command, now)},
    }
    if command.tags:
        shown["tags"] = command.tags
    return shown


def resources(vm: VirtualMachine, now: datetime) -> Iterator[Json]:
    """All that are there at a moment."""
    for command in vm.guest.run_commands.values() if vm.guest else ():
        if not over(command.deleted, now):
            yield show_resource(vm, command, now)


def changes_by_itself(vm: VirtualMachine, now: datetime) -> list[datetime]:
    """When, from now on, a resource changes without anybody asking for it: it is provisioned, or it is gone."""
    commands = vm.guest.run_commands.values() if vm.guest else ()
    moments = {moment for command in commands for moment in (provisioned_at(command), command.deleted)}
    return sorted(moment for moment in moments if moment and moment > now)


def over(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


def provisioned_at(command: RunCommand) -> datetime:
    """With asyncExecution when the script starts, else when it ends (azure-mgmt-compute)."""
    execution = command.execution
    return execution.starts if command.properties.get("asyncExecution") else execution.ends


def failure(vm: VirtualMachine, command: RunCommand) -> Failure | None:
    """Why a command's provisioning fails: no agent took it; or its script failed, and that was to count (SDK).

    What fails after provisioning is over, with asyncExecution, fails only in the instance view. Code and words of a
    script's failure are those of extensions; no source has them of run commands.
    """
    execution = command.execution
    counts = command.properties.get("treatFailureAsDeploymentFailure") and not command.properties.get("asyncExecution")
    if execution.unreachable or not (counts and execution.state in {"Failed", "TimedOut"}):
        return execution.unreachable
    return Failure(
        "VMExtensionProvisioningError",
        f"VM has reported a failure when processing extension '{command.name}' (publisher 'Microsoft.CPlat.Core' and "
        f"type 'RunCommandHandler{vm.os}'). Error message: '{_MESSAGES[execution.state]}'.",
    )


def _provisioning(vm: VirtualMachine, command: RunCommand, now: datetime) -> str:
    if command.deleted:
        return "Deleting"
    if now < provisioned_at(command):
        return "Updating" if command.replaced else "Creating"
    return "Failed" if failure(vm, command) else "Succeeded"


def _instance_view(execution: Execution, now: datetime) -> Json:
    state: str = execution.state
    if now < execution.ends:
        state = "Pending" if now < execution.starts else "Running"
    view: Json = {"executionState": state, "executionMessage": _MESSAGES[state]}
    if execution.unreachable:
        return {**view, "executionMessage": execution.unreachable.message} if state == "Failed" else view
    ended = now >= execution.ends
    view |= {
        "exitCode": execution.exit_code if ended else 0,
        "output": execution.output if ended else "",
        "error": execution.error if ended else "",
    }
    if now >= execution.starts:
        view["startTime"] = offset_stamp(execution.starts)
    if ended:
        view["endTime"] = offset_stamp(execution.ends)
    return view

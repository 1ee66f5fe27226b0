"""`POST …/virtualMachines/{vm}/runCommand`: a script sent as an action, whose result is the action's answer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.compute import operations
from backup_reconciler.sandbox.core.compute.execution import execute, require_running
from backup_reconciler.sandbox.core.compute.refusal import refused
from backup_reconciler.sandbox.core.compute.vm import VM, find_alive
from backup_reconciler.sandbox.core.wire.messages import Json, Response, unreadable
from backup_reconciler.sandbox.core.wire.router import Route

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import Execution, VirtualMachine
    from backup_reconciler.sandbox.core.wire.call import Call

_COMMANDS = {"RunShellScript": "Linux", "RunPowerShellScript": "Windows"}
_LEAST = timedelta(seconds=20)
"""Learn: run-command, "the minimum time to run a script is about 20 seconds"."""
_MOST_OUTPUT = 4096
"""Learn: run-command, the last 4,096 bytes."""


def run(call: Call) -> Response:
    """202, then 200 with what the script wrote. Its exit code does not show (azure-cli issue 29750)."""
    vm = find_alive(call)
    script = _script(call, vm)
    require_running(vm, "The operation requires the VM to be running (or set to run).")
    guest = vm.inside()
    if guest.action_ends is not None and call.now < guest.action_ends:
        raise refused(
            409,  # seen in the retry loops of many clients
            "Conflict",
            "Run command extension execution is in progress. Please wait for completion before invoking a run command.",
        )
    execution = execute(vm, script, call.now)
    guest.action_ends = max(execution.ends, call.now + _LEAST)
    output = None if execution.unreachable else {"value": _result(vm, execution)}
    begun = operations.begin_until(call, guest.action_ends, execution.unreachable, output)
    return operations.accepted(call, vm.location, begun)


def _script(call: Call, vm: VirtualMachine) -> str:
    """The lines of the script; without any, the built-in command's id is what a world can match."""
    command, lines = call.body.get("commandId"), call.body.get("script")
    if not isinstance(command, str) or not command:
        raise refused(400, "InvalidParameter", "The value of parameter commandId is invalid.")
    if lines is not None and not (isinstance(lines, list) and all(isinstance(line, str) for line in lines)):
        raise unreadable()
    if _COMMANDS.get(command, vm.os) != vm.os:
        raise refused(
            400, "BadRequest", f"The entity was not found: run command '{command}' is not for {vm.os} virtual machines."
        )
    return "\n".join(lines) if lines else command


def _result(vm: VirtualMachine, execution: Execution) -> list[Json]:
    """Windows tells its two streams apart, Linux has both in one message (azure-cli issues 29750, 32286)."""
    output, error = execution.output[-_MOST_OUTPUT:], execution.error[-_MOST_OUTPUT:]
    done = {"level": "Info", "displayStatus": "Provisioning succeeded"}
    if vm.os == "Windows":
        return [
            {"code": "ComponentStatus/StdOut/succeeded", **done, "message": output},
            {"code": "ComponentStatus/StdErr/succeeded", **done, "message": error},
        ]
    message = f"Enable succeeded: \n[stdout]\n{output}\n[stderr]\n{error}"
    return [{"code": "ProvisioningState/succeeded", **done, "message": message}]


ROUTES = (Route("POST", f"{VM}/runCommand", run),)

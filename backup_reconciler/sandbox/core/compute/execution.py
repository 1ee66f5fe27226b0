"""What comes of a script that is sent into a VM: nothing is run here, a world says what each gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

from backup_reconciler.sandbox.core.compute.refusal import refused
from backup_reconciler.sandbox.core.estate import Execution, Failure, ScriptOutcome

if TYPE_CHECKING:
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import VirtualMachine

_TO_THE_AGENT = timedelta(seconds=5)
"""Until the agent has the script; no source tells."""
_GIVEN_UP = timedelta(minutes=90)
"""How long Compute waits for an agent that does not answer, as for extensions (Learn: extensions overview)."""
_NOTHING = ScriptOutcome("*")


def require_running(vm: VirtualMachine, message: str) -> None:
    if vm.power != "running":
        raise refused(409, "OperationNotAllowed", message)


def execute(vm: VirtualMachine, script: str, now: datetime, limit: float | None = None) -> Execution:
    """How a script runs that is sent now; `limit` is the seconds it may take, None: all it wants."""
    if vm.agent_version is None:
        ends = now + _GIVEN_UP
        return Execution(now, ends, ends, "Failed", 0, "", "", _no_agent(vm))
    outcome = _outcome(vm, script)
    starts = now + _TO_THE_AGENT
    if limit is not None and outcome.seconds > limit:
        return Execution(now, starts, starts + timedelta(seconds=limit), "TimedOut", 0, outcome.output, outcome.error)
    ends = starts + timedelta(seconds=outcome.seconds)
    state: Literal["Failed", "Succeeded"] = "Failed" if outcome.exit_code else "Succeeded"
    return Execution(now, starts, ends, state, outcome.exit_code, outcome.output, outcome.error)


def cancelled(execution: Execution, now: datetime) -> Execution:
    """An execution that is broken off, where it is not over anyway."""
    if now >= execution.ends:
        return execution
    return replace(execution, starts=min(execution.starts, now), ends=now, state="Canceled", output="", error="")


def _outcome(vm: VirtualMachine, script: str) -> ScriptOutcome:
    """The first the world has for such a script and that is not used up; a script it says nothing of gives nothing."""
    for outcome in vm.guest.scripts if vm.guest else ():
        if fnmatchcase(script, outcome.script) and (outcome.times is None or outcome.met < outcome.times):
            outcome.met += 1
            return outcome
    return _NOTHING


def _no_agent(vm: VirtualMachine) -> Failure:
    system = vm.os.lower()
    return Failure(
        "VMAgentStatusCommunicationError",
        f"VM '{vm.name}' has not reported status for VM agent or extensions. Verify that the OS is up and healthy, the "
        "VM has a running VM agent, and that it can establish outbound connections to Azure storage. Please refer to "
        f"https://aka.ms/vmextension{system}troubleshoot for additional VM agent troubleshooting information.",
    )

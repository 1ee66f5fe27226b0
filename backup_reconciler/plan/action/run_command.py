"""Actions on managed run commands: scripts that are sent into VMs."""

from dataclasses import dataclass

from backup_reconciler.plan.action.base import Action
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.run_command import RunCommand


@dataclass(frozen=True, kw_only=True)
class RunScript(Action):
    """Run a script in a VM, as a managed run command that stays there with its result."""

    verb = "runScript"

    command: ArmId
    """The run command."""
    location: str
    script: str
    found: RunCommand | None
    """What the plan was made from."""
    undoes: bool = False
    """Whether it takes away what an earlier script wrote."""


@dataclass(frozen=True, kw_only=True)
class DeleteRunCommand(Action):
    """Delete a run command whose script has taken away what an earlier one wrote."""

    verb = "deleteRunCommand"

    command: ArmId
    script: str
    """The script that it is to have run before."""

"""Actions on managed run commands: scripts that are sent into VMs."""

from dataclasses import dataclass

from backup_reconciler.plan.action.base import Action
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.run_command import RunCommand


@dataclass(frozen=True, kw_only=True)
class RunCommandAction(Action):
    """What all actions on a run command have."""

    command: ArmId
    """The run command."""

    @property
    def vm(self) -> ArmId:
        """The VM that it is in."""
        return self.command.parent(2)


@dataclass(frozen=True, kw_only=True)
class RunScript(RunCommandAction):
    """Run a script in a VM, as a managed run command that stays there with its result."""

    verb = "runScript"

    location: str
    script: str
    found: RunCommand | None
    """What the plan was made from."""
    undoes: bool = False
    """Whether it takes away what an earlier script wrote."""


@dataclass(frozen=True, kw_only=True)
class DeleteRunCommand(RunCommandAction):
    """Delete a run command whose script has taken away what an earlier one wrote."""

    verb = "deleteRunCommand"

    script: str
    """The script that it is to have run before."""

"""A live managed run command: a script that was sent into a VM, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from backup_reconciler.spec.arm_id import ArmId

_SUCCEEDED = "succeeded"


@dataclass(frozen=True, slots=True)
class RunCommand:
    """A managed run command of a VM."""

    id: ArmId
    location: str
    script: str | None
    """None where what is read does not tell."""
    provisioning_state: str
    execution_state: str | None = None
    """Azure's own word: Running, Succeeded, Failed, TimedOut, Canceled…; None where the instance view was not read."""
    exit_code: int | None = None
    message: str = ""
    """What Azure says of the execution, why it never began for example."""
    error: str = ""
    """The script's standard error."""

    @property
    def vm(self) -> ArmId:
        return self.id.parent(2)

    @property
    def succeeded(self) -> bool:
        """Whether the script ran to its end and said that all is well, as far as was read.

        A script that fails has its provisioning fail, because it is sent with treatFailureAsDeploymentFailure.
        """
        states = (self.provisioning_state, self.execution_state or _SUCCEEDED)
        return all(state.casefold() == _SUCCEEDED for state in states)


@dataclass(frozen=True, slots=True)
class RunCommandScope:
    """Which run commands have to be read, and how closely."""

    subscriptions: frozenset[str] = frozenset()
    """Where to look for those that bear a name of ours, by ids in lower case."""
    scripts: Mapping[ArmId, str] = field(default_factory=dict)
    """Those that are meant to be there, each with the script that it is meant to have."""
    leaving: frozenset[str] = frozenset()
    """The names, in lower case, of those that are not."""
    sought: frozenset[ArmId] = frozenset()
    """Those that are not, and are asked for whether they are shown or not."""

"""A live managed run command: a script that was sent into a VM, and what came of it."""

from dataclasses import dataclass

from backup_reconciler.spec.arm_id import ArmId


@dataclass(frozen=True, slots=True)
class RunCommand:
    """A managed run command of a VM."""

    id: ArmId
    script: str | None
    """None where what is read does not tell."""
    provisioning_state: str
    execution_state: str | None = None
    """Azure's own word: Running, Succeeded, Failed, TimedOut, Canceled…; None where the instance view was not read."""
    exit_code: int | None = None
    output: str = ""
    error: str = ""

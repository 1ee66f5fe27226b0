"""What became of each action."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from backup_reconciler.plan.action import AnyAction


class Status(StrEnum):
    """How an action ended."""

    DONE = "done"
    """Read back from Azure as declared."""
    SHOWN = "shown"
    """A dry run printed its request."""
    FAILED = "failed"
    RUNNING = "running"
    """Azure accepted it and has not finished; running again picks it up."""
    UNKNOWN = "unknown"
    """It was sent, and whether Azure took it is not known; running again tells."""
    SKIPPED = "skipped"
    """An action that it depends on was not done, or a Resource Guard has to approve it."""
    NOT_STARTED = "not started"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One action and what became of it. `code` is Azure's own."""

    action: AnyAction
    status: Status
    detail: str = ""
    code: str = ""
    remedy: str = ""
    accepted: bool = False
    """Azure took the write, and it failed afterwards."""
    requests: int = 0
    """How many requests it took, or would have taken in a dry run; 0 as well for what was not done."""
    refused: Mapping[str, Any] | None = None
    """The body that Azure refused without a word on which field of it is wrong."""

    @property
    def lets_dependents_go_on(self) -> bool:
        return self.status in (Status.DONE, Status.SHOWN)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a plan, in the plan's order."""

    outcomes: tuple[Outcome, ...]
    reads: int
    writes: int
    interrupted: bool = False

    def of(self, status: Status) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.status is status]

    @property
    def changed_something(self) -> bool:
        """Whether Azure took any write of this run."""
        taken = (Status.DONE, Status.RUNNING, Status.UNKNOWN)
        return any(outcome.accepted or (outcome.status in taken and outcome.action.sends) for outcome in self.outcomes)

    @property
    def waits_for_approval(self) -> bool:
        """Whether something was left for whoever may approve it."""
        return any(outcome.action.guard for outcome in self.of(Status.SKIPPED))

    @property
    def complete(self) -> bool:
        return all(outcome.lets_dependents_go_on for outcome in self.outcomes)

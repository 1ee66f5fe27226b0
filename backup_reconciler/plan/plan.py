"""A plan, whole and ordered."""

from collections import Counter
from dataclasses import dataclass

from backup_reconciler.plan.action import AnyAction, Risk
from backup_reconciler.plan.finding import Finding, Severity


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Something declared that needs no action, and why not."""

    address: str
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class HeldBack:
    """An action that is left out because what it depends on is blocked."""

    action: AnyAction
    because: str
    """The address that is blocked."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done, in an order in which it can be done, and what there is to say."""

    actions: tuple[AnyAction, ...] = ()
    findings: tuple[Finding, ...] = ()
    unchanged: tuple[Unchanged, ...] = ()
    held_back: tuple[HeldBack, ...] = ()
    reads: int = 0
    """HTTP requests that reading Azure took."""

    def count_by_verb(self) -> Counter[str]:
        return Counter(action.verb for action in self.actions)

    @property
    def blocked(self) -> int:
        """How many declarations cannot be carried out."""
        return len(self.findings_of(Severity.BLOCKED)) + len(self.held_back)

    def findings_of(self, severity: Severity) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity is severity]

    def of_risk(self, risk: Risk) -> list[AnyAction]:
        return [action for action in self.actions if risk in action.risks]
